#include "stores/zipkin/zipkin_annotations.h"

#include <algorithm>
#include <vector>

#include "base/text.h"
#include "stores/json/json_body.h"
#include "stores/json/json_value.h"

namespace spanlog::stores {
namespace {

Attributes AttributesOf(JsonObject object, Arena& arena) {
  std::vector<Attribute> attributes;
  std::string scratch;
  for (const auto member : object) {
    Value value = JsonToValue(member.value, arena, scratch);
    // The parser is gone when the attribute is read.
    if (value.type == ValueType::kString) value.set_text(arena.Copy(value.text()));
    attributes.push_back({arena.Copy(member.key), value});
  }
  return arena.CopyArray(attributes);
}

std::optional<Attributes> ParseAttributes(std::string_view json, Arena& arena) {
  simdjson::dom::parser parser;
  JsonObject object;
  if (json.empty() ||
      parser.parse(json.data(), json.size(), true).get_object().get(object) != simdjson::SUCCESS) {
    return std::nullopt;
  }
  return AttributesOf(object, arena);
}

bool IsNumber(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

SpanEvent ReadZipkinAnnotation(std::string_view value, Arena& arena) {
  SpanEvent event;
  event.name = value;
  if (StartsWith(value, "{")) {
    simdjson::dom::parser parser;
    JsonObject object, attributes;
    if (value.empty() ||
        parser.parse(value.data(), value.size(), true).get_object().get(object) !=
            simdjson::SUCCESS ||
        object.size() != 1) {
      return event;
    }
    for (const auto member : object) {
      if (member.value.get_object().get(attributes) != simdjson::SUCCESS) continue;
      event.name = arena.Copy(member.key);
      event.attributes = AttributesOf(attributes, arena);
    }
    return event;
  }
  // Name and JSON may hold bars themselves.
  const size_t first = value.find("|{");
  const size_t last = value.rfind('|');
  if (first == value.npos || first == last || !IsNumber(value.substr(last + 1))) return event;
  const auto attributes = ParseAttributes(value.substr(first + 1, last - first - 1), arena);
  if (!attributes.has_value()) return event;
  event.name = value.substr(0, first);
  event.attributes = *attributes;
  return event;
}

std::optional<SpanLink> ReadZipkinLink(std::string_view value, Arena& arena) {
  std::string_view ids[2];
  for (std::string_view& id : ids) {
    const size_t bar = value.find('|');
    if (bar == value.npos) return std::nullopt;
    id = value.substr(0, bar);
    value.remove_prefix(bar + 1);
  }
  SpanLink link;
  link.trace_id = ParseTraceId(ids[0]).value_or(TraceId());
  link.span_id = ParseSpanId(ids[1]);
  if (link.trace_id.empty()) return std::nullopt;
  // A trace state may hold bars, as the JSON may.
  size_t json = value.find("|{");
  if (json == value.npos) json = value.find('|');
  if (json == value.npos) return std::nullopt;
  link.trace_state = value.substr(0, json);
  value.remove_prefix(json + 1);
  if (const size_t last = value.rfind('|'); last != value.npos) value = value.substr(0, last);
  link.attributes = ParseAttributes(value, arena).value_or(Attributes());
  return link;
}

}  // namespace spanlog::stores
