// Tempo's answers in protobuf: both URLs' forms.
#include "stores/identity.h"
#include "stores/otlp/otlp_reader.h"
#include "target.h"
#include "whole.h"

namespace spanlog {
namespace {

void Read(absl::Status (*reader)(std::string_view, Trace&), std::string_view input) {
  auto trace = std::make_shared<Trace>();
  trace->id = *ParseTraceId("abc1");
  const std::string_view body = trace->arena->Own(std::string(input));
  if (!reader(body, *trace).ok()) return;
  stores::MakeSane(*trace);
  fuzz::RunWhole(trace, std::make_shared<LogBatch>(), fuzz::HashOf(input));
}

}  // namespace
}  // namespace spanlog

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  spanlog::Read(spanlog::stores::ReadTraceByIdResponse, input);
  spanlog::Read(spanlog::stores::ReadTracesData, input);
  return 0;
}

void spanlog::fuzz::ChangeStructure(std::string& input, size_t max_size, Random& random) {
  if (!MutateProtobuf(input, max_size, random)) Mutate(input, "", max_size, random);
}
