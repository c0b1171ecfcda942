// Fetches a trace and its records and weaves them.
#include <utility>

#include "base/errors.h"
#include "base/text.h"
#include "genai/reader.h"
#include "genai/rebuild.h"
#include "query/log_search.h"
#include "query/pipeline.h"
#include "query/reader_policy.h"
#include "query/span_limit.h"
#include "query/time_left.h"
#include "query/weave_options.h"
#include "weave/weave.h"

namespace spanlog::query {
namespace {

template <typename T>
void Free(std::vector<T>& items) {
  std::vector<T>().swap(items);
}

}  // namespace

absl::StatusOr<weave::Woven> WeaveTrace(const Datasource& datasource, const settings::Query& query,
                                        const Reader& reader,
                                        const stores::RequestContext& context) {
  ComputeTurn turn;
  return WeaveTrace(datasource, query, reader, context, turn);
}

absl::StatusOr<weave::Woven> WeaveTrace(const Datasource& datasource, const settings::Query& query,
                                        const Reader& reader, const stores::RequestContext& context,
                                        ComputeTurn& turn) {
  if (datasource.traces() == nullptr) {
    return absl::FailedPreconditionError(
        "No trace store is configured: set the URL of Tempo, Jaeger or Zipkin in the datasource's "
        "settings.");
  }
  if (absl::Status status = CheckQuestion(datasource, reader, query); !status.ok()) return status;
  const TimeLeft time_left(context);
  auto trace = std::make_shared<Trace>();
  absl::StatusOr<Trace> fetched = datasource.traces()->FetchTrace(query.trace_id, context);
  const bool found = fetched.ok();
  if (found) {
    *trace = *std::move(fetched);
  } else if (!absl::IsNotFound(fetched.status())) {
    return fetched.status();
  }

  weave::WeaveOptions options = MakeWeaveOptions(datasource.settings(), query);
  auto logs = std::make_shared<LogBatch>();
  if (query.logs != settings::LogRows::kNone && datasource.logs() != nullptr) {
    absl::StatusOr<LogBatch> batch = datasource.logs()->FetchLogs(
        MakeLogSearch(*trace, query, datasource.settings()), time_left.Context().ForLogs());
    if (batch.ok()) {
      *logs = *std::move(batch);
    } else if (absl::IsCancelled(batch.status())) {
      return batch.status();
    } else {
      options.warnings.push_back(
          Concat("The log records are missing: ", std::string(batch.status().message())));
    }
  }
  if (!found && logs->records.empty()) return fetched.status();
  turn.Take(ComputeStep::kWeave, context.cancellation.get());
  if (context.cancellation->cancelled()) return RequestCancelled();
  RedactFetched(datasource, reader, *trace, *logs);
  if (!found) {
    options.warnings.push_back(Concat(datasource.traces()->name(),
                                      " does not have this trace; the run is shown from its "
                                      "log records alone."));
    *trace = genai::RebuildTrace(*logs, query.trace_id);
  }
  trace->id = query.trace_id;
  LimitSpans(*trace, *logs, static_cast<size_t>(datasource.settings().limits.spans));

  auto reading = std::make_shared<Reading>(genai::Read(*trace, *logs));
  weave::Woven woven = weave::Weave({query.trace_id, trace, logs, reading}, options);
  // The rows point into the arenas; what has been woven is not needed beside them.
  Free(trace->spans);
  Free(logs->records);
  Free(reading->messages);
  Free(reading->calls);
  Free(reading->records);
  ApplyPolicy(datasource, reader, woven);
  return woven;
}

}  // namespace spanlog::query
