#include "genai/dialects/google_genai.h"

#include <string>

#include "base/text.h"

namespace spanlog::genai {
namespace {

constexpr std::string_view kParameters = "code.function.parameters.";
constexpr std::string_view kType = ".type";
constexpr std::string_view kReturn = "code.function.return.value";

// The parameters as one JSON object. The values were written as text, beside their Python types.
std::string_view Arguments(const Fields& fields, Arena& arena) {
  std::string json;
  StringMap<std::string_view> types;  // by parameter
  fields.WithPrefix(kParameters, [&](std::string_view key, const Value& value) {
    if (!EndsWith(key, kType) || key.size() < kParameters.size() + kType.size()) return;
    key.remove_prefix(kParameters.size());
    key.remove_suffix(kType.size());
    types.emplace(key, value.text());
  });
  fields.WithPrefix(kParameters, [&](std::string_view key, const Value& value) {
    if (!EndsWith(key, ".value")) return;
    const std::string_view name =
        key.substr(kParameters.size(), key.size() - kParameters.size() - 6);
    const auto known = types.find(name);
    const std::string_view type = known == types.end() ? std::string_view() : known->second;
    json += json.empty() ? '{' : ',';
    AppendJsonString(name, json);
    json += ':';
    double number = 0;
    if ((type == "int" || type == "float") && ParseDouble(value.text(), number)) {
      json += value.text();
    } else if (type == "bool" && (value.text() == "True" || value.text() == "False")) {
      json += value.text() == "True" ? "true" : "false";
    } else if (value.type == ValueType::kInt) {
      Append(json, value.integer);
    } else if (value.type == ValueType::kDouble) {
      json += DoubleToText(value.real);
    } else if (value.type == ValueType::kBool) {
      json += value.boolean ? "true" : "false";
    } else if (value.type == ValueType::kJson) {
      json += value.text();
    } else {
      AppendJsonString(value.text(), json);
    }
  });
  if (json.empty()) return {};
  json += '}';
  return arena.Own(std::move(json));
}

bool ReadSpan(const SpanCarrier& carrier, Sink& sink) {
  const Fields& fields = carrier.fields;
  const std::string_view name = fields.Text("gen_ai.tool.name");
  if (name.empty()) return false;
  const std::string_view id = fields.Text("gen_ai.tool.call.id");
  bool found = false;
  if (!fields.Has("gen_ai.tool.call.arguments")) {
    const std::string_view arguments = Arguments(fields, sink.arena());
    if (!arguments.empty()) {
      sink.AddToolCall(name, id, arguments, Direction::kInput);
      found = true;
    }
  }
  if (!fields.Has("gen_ai.tool.call.result") && fields.Has(kReturn)) {
    sink.AddToolResult(name, id, fields.AnyText(kReturn, sink.arena()), Direction::kOutput);
    found = true;
  }
  return found;
}

}  // namespace

const Dialect kGoogleGenai = {"google-genai", ReadSpan, nullptr, nullptr};

}  // namespace spanlog::genai
