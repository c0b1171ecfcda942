// OTLP in JSON: Jaeger's v3 answers and Tempo's behind a gateway.
#include "stores/otlp/otlp_json.h"

#include "stores/identity.h"
#include "stores/jaeger/exporter_tags.h"
#include "target.h"
#include "whole.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace spanlog;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  auto trace = std::make_shared<Trace>();
  trace->id = *ParseTraceId("abc1");
  if (!stores::ReadOtlpJson(std::string(input), *trace).ok()) return 0;
  stores::TakeJaegerWarnings(*trace);
  stores::MakeSane(*trace);
  fuzz::RunWhole(trace, std::make_shared<LogBatch>(), fuzz::HashOf(input));
  return 0;
}
