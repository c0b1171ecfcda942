#include "stores/json/json_body.h"

#include "base/json_escape.h"
#include "base/text.h"
#include "base/utf8.h"

namespace spanlog::stores {

std::string RepairJsonText(std::string_view body) {
  std::string text = ToValidUtf8(body);
  for (size_t at = text.find('\\'); at != std::string::npos; at = text.find('\\', at)) {
    const int unit = JsonEscapedUnit(text, at);
    if (unit < 0) {
      at += 2;
    } else if (IsHighSurrogate(unit) && IsLowSurrogate(JsonEscapedUnit(text, at + 6))) {
      at += 12;
    } else {
      if (IsHighSurrogate(unit) || IsLowSurrogate(unit)) text.replace(at + 2, 4, "fffd");
      at += 6;
    }
    if (at >= text.size()) break;
  }
  return text;
}

std::optional<JsonBody> JsonBody::ParseText(std::string& body) {
  JsonBody parsed;
  parsed.memory_ = std::make_shared<Memory>();
  simdjson::dom::parser& parser = parsed.memory_->parser;
  // simdjson reads a little beyond the end.
  body.reserve(body.size() + simdjson::SIMDJSON_PADDING);
  simdjson::error_code error =
      parser.parse(body.data(), body.size(), /*realloc_if_needed=*/false).get(parsed.root_);
  if (error == simdjson::UTF8_ERROR || error == simdjson::STRING_ERROR) {
    std::string repaired = RepairJsonText(body);
    repaired.reserve(repaired.size() + simdjson::SIMDJSON_PADDING);
    error = parser.parse(repaired.data(), repaired.size(), false).get(parsed.root_);
  }
  if (error != simdjson::SUCCESS) return std::nullopt;
  return parsed;
}

void JsonBody::DropTree() {
  memory_->texts = std::move(memory_->parser.doc.string_buf);
  memory_->parser = simdjson::dom::parser();
}

std::optional<JsonElement> Member(JsonElement element, std::string_view key) {
  JsonElement member;
  if (element.at_key(key).get(member) != simdjson::SUCCESS || member.is_null()) return std::nullopt;
  return member;
}

std::string_view TextMember(JsonElement element, std::string_view key) {
  std::string_view text;
  return element.at_key(key).get_string().get(text) == simdjson::SUCCESS ? text
                                                                         : std::string_view();
}

std::optional<JsonArray> ArrayMember(JsonElement element, std::string_view key) {
  JsonArray array;
  if (element.at_key(key).get_array().get(array) != simdjson::SUCCESS) return std::nullopt;
  return array;
}

std::optional<int64_t> IntOf(JsonElement element) {
  int64_t integer = 0;
  if (element.get_int64().get(integer) == simdjson::SUCCESS) return integer;
  double real = 0;
  std::string_view text;
  if (element.get_double().get(real) != simdjson::SUCCESS) {
    if (element.get_string().get(text) != simdjson::SUCCESS) return std::nullopt;
    if (ParseInt64(text, integer)) return integer;
    if (!ParseDouble(text, real)) return std::nullopt;
  }
  if (!(real > -9.2e18 && real < 9.2e18)) return std::nullopt;
  return static_cast<int64_t>(real);
}

std::optional<int64_t> IntMember(JsonElement element, std::string_view key) {
  const std::optional<JsonElement> member = Member(element, key);
  return member.has_value() ? IntOf(*member) : std::nullopt;
}

bool BoolMember(JsonElement element, std::string_view key) {
  bool value = false;
  return element.at_key(key).get_bool().get(value) == simdjson::SUCCESS && value;
}

}  // namespace spanlog::stores
