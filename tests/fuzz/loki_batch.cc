#include "loki_batch.h"

#include "stores/layout/record_layout.h"
#include "stores/loki/response_reader.h"
#include "target.h"

namespace spanlog::fuzz {

std::shared_ptr<LogBatch> ReadLoki(std::string_view body, const TraceId& wanted) {
  static const auto kOptions =
      stores::LayoutOptions::Create({}, "trace[_-]?id[=: ]+([0-9a-fA-F]{16,32})");
  Require(kOptions.ok(), "the layout of the fuzz targets holds");
  stores::LokiAnswers answers;
  const auto count = answers.Add(std::string(body));
  if (!count.ok()) return nullptr;
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
