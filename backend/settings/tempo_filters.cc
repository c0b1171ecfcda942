#include "settings/tempo_filters.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "base/quoted.h"
#include "base/text.h"

namespace spanlog::settings {
namespace {

using nlohmann::json;

constexpr std::string_view kIntrinsics[] = {"duration",
                                            "kind",
                                            "name",
                                            "rootName",
                                            "rootService",
                                            "rootServiceName",
                                            "status",
                                            "statusMessage",
                                            "traceDuration",
                                            "span:duration",
                                            "span:kind",
                                            "span:name",
                                            "span:status",
                                            "span:statusMessage",
                                            "trace:duration",
                                            "trace:rootName",
                                            "trace:rootService",
                                            "trace:id",
                                            "span:id"};
constexpr std::string_view kOperators[] = {"=", "!=", "=~", "!~", ">", ">=", "<", "<="};
constexpr std::string_view kScopes[] = {"resource", "span", "event", "link", "instrumentation"};

template <size_t kCount>
bool IsOneOf(std::string_view word, const std::string_view (&words)[kCount]) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

std::string TextOf(const json& filter, const char* key) {
  const auto found = filter.find(key);
  return found != filter.end() && found->is_string() ? found->get<std::string>() : std::string();
}

bool IsTag(std::string_view tag) {
  return !tag.empty() && std::none_of(tag.begin(), tag.end(), [](unsigned char c) {
    return c <= ' ' ||
           Contains("{}()=~!<>&|^,\"`", std::string_view(reinterpret_cast<char*>(&c), 1));
  });
}

// A number, a duration or a word such as `error`.
bool IsBare(std::string_view value) {
  return !value.empty() && std::all_of(value.begin(), value.end(), [](unsigned char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' ||
           c == '-' || c >= 0x80;
  });
}

std::vector<std::string> ValuesOf(const json& filter) {
  std::vector<std::string> values;
  const auto found = filter.find("value");
  if (found == filter.end()) return values;
  const auto take = [&](const json& value) {
    if (value.is_string() && !value.get_ref<const std::string&>().empty()) {
      values.push_back(value.get<std::string>());
    } else if (value.is_number() || value.is_boolean()) {
      values.push_back(value.dump());
    }
  };
  if (found->is_array()) {
    for (const json& value : *found) take(value);
  } else {
    take(*found);
  }
  return values;
}

// Empty for what is no filter.
std::string Condition(const json& filter) {
  if (!filter.is_object()) return {};
  const std::string tag = TextOf(filter, "tag"), scope = TextOf(filter, "scope");
  const std::string type = TextOf(filter, "valueType");
  std::string op = TextOf(filter, "operator");
  const std::vector<std::string> values = ValuesOf(filter);
  if (!IsTag(tag) || !IsOneOf(op, kOperators) || values.empty()) return {};
  std::string out;
  // Tempo's service graph files the span's name under the scope of spans.
  if (scope == "intrinsic" || IsOneOf(tag, kIntrinsics)) {
    out = tag;
  } else {
    out = Concat(IsOneOf(scope, kScopes) ? scope : "", ".", tag);
  }
  if (values.size() > 1) {
    if (op == "=") op = "=~";
    if (op == "!=") op = "!~";
    std::string any;
    for (const std::string& value : values) Append(any, any.empty() ? "" : "|", value);
    return Concat(out, op, Quoted(any));
  }
  const bool text = type == "string" || type.empty() || op == "=~" || op == "!~";
  return Concat(out, op, text || !IsBare(values[0]) ? Quoted(values[0]) : values[0]);
}

}  // namespace

std::string TraceQlOfFilters(const json& filters) {
  std::string text;
  if (filters.is_array()) {
    for (const json& filter : filters) {
      const std::string condition = Condition(filter);
      if (!condition.empty()) Append(text, text.empty() ? "" : " && ", condition);
    }
  }
  return Concat("{", text, "}");
}

}  // namespace spanlog::settings
