// Traces together with their records, as every dialect writes them: a Tempo answer, a mark, a Loki
// answer. The two are mutated each in its own way.
#include "loki_batch.h"
#include "stores/identity.h"
#include "stores/otlp/otlp_reader.h"
#include "target.h"
#include "whole.h"

namespace {

constexpr std::string_view kMark = "\n--LOKI--\n";

std::pair<std::string_view, std::string_view> Halves(std::string_view input) {
  const size_t mark = input.find(kMark);
  if (mark == input.npos) return {input, ""};
  return {input.substr(0, mark), input.substr(mark + kMark.size())};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace spanlog;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const auto [spans, records] = Halves(input);
  auto trace = std::make_shared<Trace>();
  trace->id = *ParseTraceId("abc1");
  if (!stores::ReadTraceByIdResponse(std::string(spans), *trace).ok()) return 0;
  stores::MakeSane(*trace);
  std::shared_ptr<LogBatch> logs = fuzz::ReadLoki(records, trace->id);
  if (logs == nullptr) logs = std::make_shared<LogBatch>();
  fuzz::RunWhole(trace, logs, fuzz::HashOf(input));
  return 0;
}

void spanlog::fuzz::ChangeStructure(std::string& input, size_t max_size, Random& random) {
  const auto [spans, records] = Halves(input);
  std::string first(spans), second(records);
  if (Below(random, 2) == 0 && !first.empty()) {
    MutateProtobuf(first, max_size, random);
  } else {
    const std::string other = second;
    Mutate(second, other, max_size, random);
  }
  input = first + std::string(kMark) + second;
  if (input.size() > max_size) input.resize(max_size);
}
