#include "loki_batch.h"

#include <algorithm>

#include "piece_bytes.h"
#include "stores/layout/record_layout.h"
#include "stores/loki/response_reader.h"
#include "support/cut_body.h"
#include "target.h"

namespace spanlog::fuzz {
namespace {

bool Same(Attributes a, Attributes b) {
  return std::equal(
      a.begin(), a.end(), b.begin(), b.end(), [](const Attribute& x, const Attribute& y) {
        return x.key == y.key && x.value.type == y.value.type && x.value.text() == y.value.text();
      });
}

// By the reader of Loki's own spelling, and by the general one.
bool SameRecords(const LogBatch& a, const LogBatch& b) {
  return std::equal(a.records.begin(), a.records.end(), b.records.begin(), b.records.end(),
                    [&](const LogRecord& x, const LogRecord& y) {
                      return x.time_ns == y.time_ns && x.line == y.line &&
                             Same(x.metadata, y.metadata) && Same(x.parsed, y.parsed) &&
                             Same(a.streams[x.stream].labels, b.streams[y.stream].labels);
                    });
}

}  // namespace

std::shared_ptr<LogBatch> ReadLoki(std::string_view body, const TraceId& wanted) {
  static const auto kOptions =
      stores::LayoutOptions::Create({}, "trace[_-]?id[=: ]+([0-9a-fA-F]{16,32})");
  Require(kOptions.ok(), "the layout of the fuzz targets holds");
  stores::LokiAnswers answers;
  stores::testing::CutBody pieces(std::string(body), PieceBytes(body));
  const auto count = answers.Add(pieces);
  stores::LokiAnswers general;
  const auto general_count = general.AddAnyAnswer(std::string(body));
  Require(count.ok() == general_count.ok(), "both readers take the answer, or none does");
  if (!count.ok()) return nullptr;
  Require(SameRecords(answers.batch(), general.batch()), "both readers read the same");
  LogBatch& batch = answers.batch();
  Require(batch.records.size() == *count, "as many records as were counted");
  auto arena = std::make_shared<Arena>();
  stores::RecordLayout layout(*kOptions, wanted, *arena);
  for (LogRecord& record : batch.records) layout.Read(batch.streams, record);
  stores::SortByTime(batch.records, 0);
  batch.arenas.push_back(arena);
  return std::make_shared<LogBatch>(std::move(batch));
}

}  // namespace spanlog::fuzz
