// Loki's answers, whose records come to a small trace.
#include "genai/rebuild.h"
#include "loki_batch.h"
#include "target.h"
#include "whole.h"

namespace spanlog {
namespace {

std::shared_ptr<Trace> SmallTrace(int64_t around_ns) {
  auto trace = std::make_shared<Trace>();
  trace->id = *ParseTraceId("abc1");
  trace->resources.push_back({"talker", {}});
  trace->scopes.push_back({});
  for (uint64_t id = 1; id <= 3; ++id) {
    Span span;
    span.span_id = id;
    span.parent_span_id = id - 1;
    span.name = "span";
    span.start_ns = around_ns + static_cast<int64_t>(id);
    span.end_ns = around_ns + 1'000'000'000;
    trace->spans.push_back(span);
  }
  return trace;
}

}  // namespace
}  // namespace spanlog

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace spanlog;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const TraceId id = *ParseTraceId("abc1");
  const std::shared_ptr<LogBatch> logs = fuzz::ReadLoki(input, id);
  if (logs == nullptr) return 0;
  const uint64_t choice = fuzz::HashOf(input);
  if (choice & 0x800) {  // the trace store does not have it
    fuzz::RunWhole(std::make_shared<Trace>(genai::RebuildTrace(*logs, id)), logs, choice);
  } else {
    fuzz::RunWhole(SmallTrace(1'790'000'000'000'000'000), logs, choice);
  }
  return 0;
}
