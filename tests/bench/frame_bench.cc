// Encodes a synthetic woven trace and prints what it costs: 10,000 spans with 12 attributes and an
// event each, 5,000 log spans with 10 fields and a line of 200 to 2,000 bytes.
//
// usage: frame_bench [rounds] [file for one encoded frame]
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <string>
#include <vector>

#include "base/text.h"
#include "frame/trace_frame.h"

namespace {

using spanlog::Arena;
using spanlog::Attribute;
using spanlog::Attributes;
using spanlog::Concat;
using spanlog::SpanEvent;
using spanlog::Value;
using spanlog::weave::Row;
using spanlog::weave::Tag;
using spanlog::weave::TagFormat;
using spanlog::weave::Woven;

constexpr int kSpans = 10'000;
constexpr int kLogs = 5'000;

std::string Line(int i) {
  static const std::string kWords =
      "The \"answer\" is: if a < b && c > d then\n\tprint('naïve — 日本語') else {\"tool\": [1, "
      "2]}. ";
  std::string line = Concat("turn ", i, ": ");
  const size_t size = 200 + static_cast<size_t>(i * 7919 % 1800);
  while (line.size() < size) line += kWords;
  return line;
}

Woven Synthetic() {
  Woven woven;
  woven.trace_id = "0af7651916cd43dd8448eb211c80319c";
  Arena& arena = *woven.arena;
  std::vector<Attribute> resource;
  for (const char* key : {"service.name", "service.version", "host.name", "process.pid",
                          "telemetry.sdk.name", "telemetry.sdk.language"}) {
    resource.push_back({key, Value::String("some-value-of-a-resource")});
  }
  const Attributes shared = arena.CopyArray(resource);
  for (int i = 0; i < kSpans + kLogs; ++i) {
    const bool is_log = i % 3 == 2;
    Row row;
    row.span_id = arena.Copy(Concat(is_log ? "log-" : "", 1'000'000'000'000'000 + i));
    row.parent_span_id = "1000000000000000";
    row.operation_name = "chat gpt-4o-mini with a preview of the message";
    row.service_name = is_log ? "assistant" : "agent";
    row.start_ns = 1'700'000'000'000'000'000 + i * 1'234'567ll;
    row.duration_ns = is_log ? 0 : 5'000'000;
    row.resource = shared;
    if (is_log) {
      row.kind = spanlog::weave::RowKind::kMessage;
      std::vector<Tag> tags = {{"@message", Value::String(arena.Copy(Line(i))), TagFormat::kText}};
      for (int k = 0; k < 10; ++k) {
        tags.push_back({arena.Copy(Concat("structured_metadata_", k)),
                        Value::String(arena.Copy(Concat("value ", i, " of ", k)))});
      }
      row.tags = arena.CopyArray(tags);
    } else {
      std::vector<Attribute> attributes;
      for (int k = 0; k < 10; ++k) {
        attributes.push_back(
            {arena.Copy(Concat("gen_ai.some.attribute.", k)),
             Value::String(arena.Copy(Concat("value number ", i, " of key ", k)))});
      }
      attributes.push_back({"gen_ai.usage.input_tokens", Value::Int(i)});
      attributes.push_back({"gen_ai.request.temperature", Value::Double(0.7)});
      row.attributes = arena.CopyArray(attributes);
      const SpanEvent event{row.start_ns, "gen_ai.content.prompt", row.attributes.subspan(0, 3)};
      row.events = arena.CopyArray(absl::Span<const SpanEvent>(&event, 1));
    }
    woven.rows.push_back(row);
  }
  return woven;
}

}  // namespace

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::atoi(argv[1]) : 20;
  const Woven woven = Synthetic();
  double best = 1e9;
  double sum = 0;
  spanlog::Rope frame;
  for (int round = 0; round < rounds; ++round) {
    frame = spanlog::Rope();
    const std::clock_t start = std::clock();  // CPU time: the machine may be busy
    frame = spanlog::frame::EncodeTraceFrame(woven, {});
    const double took = 1e3 * static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    best = std::min(best, took);
    sum += took;
  }
  std::printf("rows %zu  bytes %zu  CPU best %.2f ms  mean %.2f ms  %.0f MB/s\n", woven.rows.size(),
              frame.size(), best, sum / rounds, static_cast<double>(frame.size()) / best / 1e3);
  if (argc > 2) std::ofstream(argv[2], std::ios::binary) << frame.Flatten();
}
