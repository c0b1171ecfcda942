#include "genai/dialects/cli_events.h"

#include <cstdio>

#include "base/text.h"
#include "genai/dialects/take.h"

namespace spanlog::genai {
namespace {

std::string Count(int64_t count) {
  if (count < 1000) return std::to_string(count);
  char buffer[32];
  std::snprintf(buffer, sizeof(buffer), "%.1fk", static_cast<double>(count) / 1000);
  return buffer;
}

}  // namespace

std::string ModelCallTitle(std::string_view model, int64_t input, int64_t output, double cost_usd,
                           int64_t duration_ms) {
  std::string title(model.empty() ? "model call" : model);
  if (input >= 0 || output >= 0) {
    Append(title, " · ", input < 0 ? "?" : Count(input), "→", output < 0 ? "?" : Count(output),
           " tokens");
  }
  char buffer[32];
  if (cost_usd >= 0) {
    std::snprintf(buffer, sizeof(buffer), " · $%.4g", cost_usd);
    title += buffer;
  }
  if (duration_ms >= 0) {
    std::snprintf(buffer, sizeof(buffer), " · %.3g s", static_cast<double>(duration_ms) / 1000);
    title += buffer;
  }
  return title;
}

std::string Words(std::initializer_list<std::string_view> words) {
  std::string text;
  for (const std::string_view word : words) {
    if (word.empty()) continue;
    if (!text.empty()) text += ' ';
    text += word;
  }
  return text;
}

int64_t IntOr(const Fields& fields, Key key, int64_t otherwise) {
  int64_t value = 0;
  const bool is_count = fields.Int(key, value) && value >= 0 && value <= kMostTokens;
  return is_count ? value : otherwise;
}

bool IsTrue(const Fields& fields, Key key) {
  const Value* value = fields.Find(key);
  if (value == nullptr) return false;
  return value->type == ValueType::kBool ? value->boolean : EqualsIgnoreCase(value->text(), "true");
}

bool IsFalse(const Fields& fields, Key key) {
  const Value* value = fields.Find(key);
  if (value == nullptr) return false;
  return value->type == ValueType::kBool ? !value->boolean
                                         : EqualsIgnoreCase(value->text(), "false");
}

std::string_view JsonOrText(const Fields& fields, Key key, Arena& arena) {
  const std::string_view text = fields.AnyText(key, arena);
  return text.empty() ? fields.FlattenedMap(key.text(), arena) : text;
}

uint32_t FindJoined(const RecordCarrier& carrier, std::string_view record_key,
                    std::initializer_list<std::string_view> span_keys) {
  const std::string_view id = carrier.fields.Text(record_key);
  for (const std::string_view key : span_keys) {
    const uint32_t span = carrier.outermost.Find(key, id);
    if (span != kNoIndex) return span;
  }
  return kNoIndex;
}

bool JoinBy(const RecordCarrier& carrier, Sink& sink, std::string_view record_key,
            std::initializer_list<std::string_view> span_keys, std::string_view match) {
  const uint32_t span = FindJoined(carrier, record_key, span_keys);
  if (span != kNoIndex) sink.SetRecordSpan(span, match);
  return span != kNoIndex;
}

}  // namespace spanlog::genai
