// Zipkin's JSON: one or two answers, with a zero byte between them.
#include "stores/identity.h"
#include "stores/zipkin/zipkin_reader.h"
#include "target.h"
#include "whole.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace spanlog;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  auto trace = std::make_shared<Trace>();
  trace->id = *ParseTraceId("abc1");
  const size_t end = std::min(input.find('\0'), input.size());
  std::vector<std::string> bodies = {std::string(input.substr(0, end))};
  if (end < input.size()) bodies.emplace_back(input.substr(end + 1));
  if (!stores::ReadZipkinJson(std::move(bodies), *trace).ok()) return 0;
  stores::MakeSane(*trace);
  fuzz::RunWhole(trace, std::make_shared<LogBatch>(), fuzz::HashOf(input));
  return 0;
}
