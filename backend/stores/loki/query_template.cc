#include "stores/loki/query_template.h"

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "base/utf8.h"
#include "stores/loki/logql.h"

namespace spanlog::stores {
namespace {

constexpr std::string_view kHelp =
    "Known are ${__trace.traceId}, ${__trace.services} and ${__span.tags[\"name\"]}.";

// The values of a variable; nothing when the name is unknown.
std::optional<std::vector<std::string>> ValuesOf(std::string_view name,
                                                 const QueryVariables& variables) {
  if (name == "__trace.traceId" || name == "__span.traceId") {
    return std::vector<std::string>{variables.trace_id.Hex()};
  }
  if (name == "__trace.services") return variables.services;
  std::string_view key = name;
  for (const std::string_view prefix : {"__span.tags", "__trace.tags"}) {
    if (StartsWith(key, prefix)) key.remove_prefix(prefix.size());
  }
  if (key.size() == name.size() || key.size() < 2) return std::nullopt;
  if (key.front() == '.') {
    key.remove_prefix(1);
  } else if (key.size() > 4 && key.front() == '[' && key.back() == ']') {
    key = key.substr(1, key.size() - 2);
    const char quote = key.front();
    if ((quote != '"' && quote != '\'') || key.back() != quote) return std::nullopt;
    key = key.substr(1, key.size() - 2);
  } else {
    return std::nullopt;
  }
  std::vector<std::string> values;
  for (const auto& [attribute, value] : variables.attributes) {
    if (attribute == key && std::find(values.begin(), values.end(), value) == values.end()) {
      values.push_back(value);
    }
  }
  return values;
}

// What a string of the query is read as.
enum class Use { kText, kRegex, kPattern, kTemplate };

class Filler {
 public:
  Filler(std::string_view query, const QueryVariables& variables)
      : query_(query), variables_(variables) {}

  absl::StatusOr<FilledQuery> Run() {
    while (at_ < query_.size()) {
      if (query_.substr(at_, 2) == "${") {
        if (absl::Status status = PutVariable(); !status.ok()) return status;
        if (!filled_.missing.empty()) {
          filled_.text.clear();
          return filled_;
        }
        continue;
      }
      Step(query_[at_++]);
    }
    return filled_;
  }

 private:
  // Follows the text so far: in which kind of string the next character is.
  void Step(char c) {
    filled_.text.push_back(c);
    if (quote_ == 0) {
      if (c == '"' || c == '`') {
        quote_ = c;
        use_ = UseOfString();
      } else if (c == '#') {
        while (at_ < query_.size() && query_[at_] != '\n') filled_.text.push_back(query_[at_++]);
      } else {
        FollowStage(c);
        if (c != ' ' && c != '\t' && c != '\n' && c != '\r') {
          operator_ = operator_.empty() ? std::string(1, c) : std::string{operator_.back(), c};
        }
      }
    } else if (c == quote_) {
      quote_ = 0;
      operator_.clear();
    } else if (c == '\\' && quote_ == '"' && at_ < query_.size()) {
      filled_.text.push_back(query_[at_++]);
    }
  }

  // The name of the stage we are in: `| line_format …`.
  void FollowStage(char c) {
    if (c == '|') {
      stage_.clear();
      stage_ended_ = false;
    } else if (!stage_ended_ && IsLokiNameChar(c)) {
      stage_.push_back(c);
    } else if (!stage_.empty()) {
      stage_ended_ = true;
    }
  }

  Use UseOfString() const {
    if (operator_ == "or") return use_;  // |~ "a" or "b"
    if (operator_ == "=~" || operator_ == "!~" || operator_ == "|~") return Use::kRegex;
    if (operator_ == "|>" || operator_ == "!>" || stage_ == "pattern") return Use::kPattern;
    if (stage_ == "regexp") return Use::kRegex;
    if (stage_ == "line_format" || stage_ == "label_format") return Use::kTemplate;
    return Use::kText;
  }

  absl::Status PutVariable() {
    // A tag's name is quoted and may hold a brace.
    size_t end = at_ + 2;
    char quote = 0;
    for (; end < query_.size(); ++end) {
      const char c = query_[end];
      if (quote != 0) {
        if (c == quote) quote = 0;
      } else if (c == '"' || c == '\'') {
        quote = c;
      } else if (c == '}') {
        break;
      }
    }
    if (end >= query_.size()) {
      return absl::InvalidArgumentError("The LogQL query has a \"${\" without \"}\".");
    }
    const std::string_view name = query_.substr(at_ + 2, end - at_ - 2);
    const auto values = ValuesOf(name, variables_);
    if (!values.has_value()) {
      return absl::InvalidArgumentError(
          Concat("The LogQL query has an unknown variable ${", name, "}. ", kHelp));
    }
    at_ = end + 1;
    if (values->empty()) {
      filled_.missing = name;
      return absl::OkStatus();
    }
    return PutValues(name, *values);
  }

  absl::Status PutValues(std::string_view name, const std::vector<std::string>& values) {
    std::string text;
    const bool in_regex = use_ == Use::kRegex && quote_ != 0;
    for (const std::string& value : values) {
      if (!text.empty()) text.push_back('|');
      text.append(in_regex ? RegexLiteral(ToValidUtf8(value)) : ToValidUtf8(value));
      if (!in_regex) break;  // elsewhere there is room for one value
    }
    const std::string_view sign = use_ == Use::kTemplate ? "{{" : use_ == Use::kPattern ? "<" : "";
    if (quote_ != 0 && !sign.empty() && Contains(text, sign)) {
      return absl::InvalidArgumentError(
          Concat("The value of ${", name, "} holds ", sign,
                 ", which means something where the LogQL query puts it."));
    }
    if (quote_ == '"') {
      const std::string quoted = LogQlString(text);
      filled_.text.append(quoted, 1, quoted.size() - 2);
      return absl::OkStatus();
    }
    const bool fits = quote_ == '`' ? text.find('`') == text.npos
                                    : std::all_of(text.begin(), text.end(), IsLokiNameChar);
    if (!fits) {
      return absl::InvalidArgumentError(Concat(
          "The value of ${", name,
          "} cannot stand where the LogQL query puts it; put the variable into double quotes."));
    }
    filled_.text.append(text);
    return absl::OkStatus();
  }

  std::string_view query_;
  const QueryVariables& variables_;
  size_t at_ = 0;
  char quote_ = 0;        // of the string we are in, 0 outside
  Use use_ = Use::kText;  // of that string, or of the one before
  std::string operator_;  // the last two characters before the string
  std::string stage_;
  bool stage_ended_ = false;
  FilledQuery filled_;
};

}  // namespace

absl::StatusOr<FilledQuery> FillQuery(std::string_view query, const QueryVariables& variables) {
  return Filler(query, variables).Run();
}

}  // namespace spanlog::stores
