// Tempo's answers in protobuf: both URLs' forms.
#include <algorithm>

#include "piece_bytes.h"
#include "stores/identity.h"
#include "stores/otlp/otlp_reader.h"
#include "support/cut_body.h"
#include "target.h"
#include "whole.h"

namespace spanlog {
namespace {

void Read(absl::Status (*reader)(stores::BodyPieces&, Trace&), std::string_view input) {
  auto trace = std::make_shared<Trace>();
  trace->id = *ParseTraceId("abc1");
  stores::WholeBody body{std::string(input)};
  const bool is_read = reader(body, *trace).ok();
  stores::testing::CutBody pieces(std::string(input), fuzz::PieceBytes(input));
  Trace cut;
  fuzz::Require(reader(pieces, cut).ok() == is_read,
                "what can be read whole can be read in pieces");
  if (!is_read) return;
  fuzz::Require(
      std::equal(trace->spans.begin(), trace->spans.end(), cut.spans.begin(), cut.spans.end(),
                 [](const Span& a, const Span& b) {
                   return a.span_id == b.span_id && a.name == b.name && a.resource == b.resource &&
                          a.scope == b.scope && a.attributes.size() == b.attributes.size();
                 }),
      "a body in pieces gives the same spans");
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
