#include "host/resources/transcript.h"

#include "base/text.h"
#include "export/export.h"
#include "nlohmann/json.hpp"
#include "settings/query.h"

namespace spanlog::host {
namespace {

absl::StatusOr<settings::Query> QueryOf(const ResourceRequest& request) {
  const std::string& trace_id = request.Param("traceId");
  if (trace_id.empty()) return absl::InvalidArgumentError("the parameter `traceId` is missing");
  nlohmann::json json = {{"query", trace_id}, {"queryType", "traceId"}, {"history", "delta"}};
  for (const char* name : {"logs", "history", "minLevel", "logsQuery", "limit"}) {
    if (!request.Param(name).empty()) json[name] = request.Param(name);
  }
  absl::StatusOr<settings::Query> query =
      settings::ParseQuery(json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace), "");
  if (!query.ok()) return query;
  constexpr int64_t kLatest = 9'000'000'000;  // seconds; beyond it the ns would overflow
  for (const auto& [name, ms] : {std::pair{"start", &query->from_ms}, {"end", &query->to_ms}}) {
    int64_t seconds = 0;
    if (ParseInt64(request.Param(name), seconds) && seconds > 0 && seconds < kLatest) {
      *ms = seconds * 1000;
    }
  }
  return query;
}

}  // namespace

absl::StatusOr<ResourceReply> Transcript(const ResourceRequest& request, const Backend& backend,
                                         const RequestFacts& facts) {
  const std::string& word = request.Param("format");
  const std::optional<exports::Format> format = exports::ParseFormat(word.empty() ? "text" : word);
  if (!format.has_value()) {
    return absl::InvalidArgumentError(
        "the parameter `format` may be one of: text, markdown, jsonl");
  }
  absl::StatusOr<settings::Query> query = QueryOf(request);
  if (!query.ok()) return query.status();
  absl::StatusOr<weave::Woven> woven =
      backend.WeaveTrace(*query, facts.reader, ContextOf(facts, backend.settings()));
  if (!woven.ok()) return woven.status();
  ResourceReply reply;
  reply.content_type = std::string(exports::ContentType(*format));
  reply.body = exports::Export(*woven, *format);
  return reply;
}

}  // namespace spanlog::host
