#include "whole.h"

#include "base/utf8.h"
#include "export/export.h"
#include "frame/trace_frame.h"
#include "genai/reader.h"
#include "policy/apply.h"
#include "target.h"
#include "weave/weave.h"

namespace spanlog::fuzz {
namespace {

policy::Policy StrictPolicy() {
  auto policy = policy::ParsePolicy(
      R"({"redact":[{"builtin":"emails"},{"builtin":"apiKeys"},{"builtin":"cards"},{"builtin":"phones"},
          {"builtin":"bearerTokens"},{"attribute":"user.*"},{"jsonPath":"messages.*.content"},
          {"regex":"[a-z]+secret[a-z]+","name":"secret"}]})");
  Require(policy.ok(), "the policy of the fuzz targets holds");
  return *std::move(policy);
}

weave::WeaveOptions OptionsOf(uint64_t choice) {
  weave::WeaveOptions options;
  if (choice & 1) options.history = settings::History::kDelta;
  if (choice & 2) options.lanes = settings::Lanes::kService;
  if ((choice & 12) == 4) options.logs = settings::LogRows::kMessages;
  if ((choice & 12) == 8) options.min_level = Level::kWarn;
  options.correct_clock_skew = (choice & 16) != 0;
  if (choice & 32) options.preview_chars = 10;
  options.prices.push_back({"gpt*", 1.5, 2.5, -1, -1});
  return options;
}

}  // namespace

uint64_t HashOf(std::string_view bytes) {
  uint64_t hash = 1469598103934665603u;
  for (const char c : bytes) hash = (hash ^ static_cast<uint8_t>(c)) * 1099511628211u;
  return hash;
}

void RunWhole(std::shared_ptr<const Trace> trace, std::shared_ptr<const LogBatch> logs,
              uint64_t choice) {
  static const policy::Policy kPolicy = StrictPolicy();
  static const policy::Redactor kRedactor(kPolicy);
  auto reading = std::make_shared<Reading>(genai::Read(*trace, *logs));
  weave::Woven woven = weave::Weave({trace->id, trace, logs, reading}, OptionsOf(choice));
  if (choice & 64) {
    const auto level = static_cast<policy::ContentLevel>(choice / 128 % 4);
    policy::Apply(kPolicy, kRedactor, level, woven);
  }
  frame::TraceFrameOptions options;
  options.ref_id = "A";
  options.executed_query = "abc";
  if ((choice & 0x600) == 0x200) {  // little room
    options.max_attribute_bytes = 256;
    options.max_frame_bytes = 64 << 10;
  }
  CheckFrame(frame::EncodeTraceFrame(woven, options).Flatten());
  for (const auto format :
       {exports::Format::kText, exports::Format::kMarkdown, exports::Format::kJsonLines}) {
    Require(IsValidUtf8(exports::Export(woven, format)), "an export is valid UTF-8");
  }
}

}  // namespace spanlog::fuzz
