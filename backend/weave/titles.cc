#include "weave/titles.h"

#include <charconv>
#include <cmath>
#include <limits>

#include "base/text.h"
#include "weave/one_line.h"

namespace spanlog::weave {
namespace {

std::string Decimal(double value, std::string_view unit) {
  const bool whole = value >= 99.95 || std::abs(value - std::round(value)) < 0.05;
  return Concat(FixedText(value, whole ? 0 : 1), unit);
}

}  // namespace

std::string_view LevelWord(Level level) {
  switch (level) {
    case Level::kTrace:
      return "trace";
    case Level::kDebug:
      return "debug";
    case Level::kInfo:
      return "info";
    case Level::kWarn:
      return "warn";
    case Level::kError:
      return "error";
    case Level::kFatal:
      return "fatal";
    case Level::kUnknown:
      break;
  }
  return "log";
}

std::string_view RoleWord(const Message& message) {
  if (message.kind == PartKind::kReasoning) return "reasoning";
  switch (message.role) {
    case Role::kSystem:
      return "system";
    case Role::kUser:
      return "user";
    case Role::kAssistant:
      return "assistant";
    case Role::kTool:
      return "tool";
    case Role::kEvaluation:
      return "evaluation";
  }
  return "user";
}

std::string_view StatusWord(MessageStatus status) {
  switch (status) {
    case MessageStatus::kFull:
      return "full";
    case MessageStatus::kHealed:
      return "healed";
    case MessageStatus::kRepaired:
      return "repaired";
    case MessageStatus::kCut:
      return "cut";
    case MessageStatus::kRedacted:
      return "redacted";
    case MessageStatus::kOff:
      return "off";
  }
  return "full";
}

std::string_view SourcesText(uint8_t sources, Arena& arena) {
  std::string text;
  const auto add = [&](uint8_t bit, std::string_view word) {
    if ((sources & bit) == 0) return;
    if (!text.empty()) text += ", ";
    text += word;
  };
  add(kFromLog, "log");
  add(kFromSpanAttribute, "span attribute");
  add(kFromSpanEvent, "span event");
  return arena.Copy(text);
}

std::string_view MessageTitle(const Message& message, size_t max_chars, Arena& arena) {
  if (message.kind == PartKind::kToolCall) {
    return OneLine(Concat("→ ", message.tool.name, "(", message.tool.arguments, ")"), max_chars,
                   arena);
  }
  if (message.kind == PartKind::kToolResult && message.text.empty() && !message.tool.name.empty()) {
    return OneLine(Concat(message.tool.name, "(", message.tool.arguments, ")"), max_chars, arena);
  }
  if (message.status == MessageStatus::kOff && message.text.empty()) {
    return "(content not captured)";
  }
  if (message.status == MessageStatus::kRedacted && message.text.empty()) {
    return "(content redacted at the source)";
  }
  // The verdict is in the name, the text only explains it.
  if (message.kind == PartKind::kEvaluation && !message.name.empty()) {
    const std::string_view between = message.text.empty() ? "" : ": ";
    return OneLine(Concat(message.name, between, message.text), max_chars, arena);
  }
  const std::string_view line = OneLine(message.text, max_chars, arena);
  return line.empty() ? "(empty)" : line;
}

std::string FixedText(double value, int decimals) {
  char text[std::numeric_limits<double>::max_exponent10 + 24];
  const auto end =
      std::to_chars(text, text + sizeof(text), value, std::chars_format::fixed, decimals);
  return {text, end.ptr};
}

std::string DurationText(int64_t ns) {
  const double ms = std::abs(static_cast<double>(ns)) / 1e6;
  if (ms < 1) return Decimal(ms * 1000, " µs");
  if (ms < 1000) return Decimal(ms, " ms");
  if (ms < 60'000) return Decimal(ms / 1000, " s");
  const auto minutes = static_cast<int64_t>(ms / 60'000);
  if (minutes < 60) return Decimal(ms / 60'000, " min");
  return Concat(minutes / 60, " h ", minutes % 60, " min");
}

std::string CountText(int64_t count) {
  const auto value = static_cast<double>(count);
  if (count < 1000) return std::to_string(count);
  if (count < 1'000'000) return Decimal(value / 1e3, "k");
  return Decimal(value / 1e6, "M");
}

}  // namespace spanlog::weave
