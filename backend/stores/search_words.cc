#include "stores/search_words.h"

#include <array>

#include "base/text.h"
#include "stores/json/json_text.h"

namespace spanlog::stores {
namespace {

struct Unit {
  std::string_view name;
  double ns;
};
constexpr std::array kUnits = {Unit{"ns", 1},  Unit{"us", 1e3}, Unit{"µs", 1e3},  Unit{"ms", 1e6},
                               Unit{"s", 1e9}, Unit{"m", 60e9}, Unit{"h", 3600e9}};

bool ParseDurationNs(std::string_view text, int64_t& out) {
  const size_t unit_at = text.find_first_not_of("0123456789.");
  double number = 0;
  if (unit_at == text.npos || !ParseDouble(text.substr(0, unit_at), number)) return false;
  for (const Unit& unit : kUnits) {
    if (text.substr(unit_at) != unit.name || number * unit.ns > 9e18) continue;
    out = static_cast<int64_t>(number * unit.ns);
    return true;
  }
  return false;
}

std::string_view WithoutScope(std::string_view key) {
  for (const std::string_view scope : {"resource.", "span.", "."}) {
    if (StartsWith(key, scope)) return key.substr(scope.size());
  }
  return key;
}

class Parser {
 public:
  Parser(std::string_view query, std::string_view store) : store_(store), text_(TrimSpace(query)) {
    if (StartsWith(text_, "{") && EndsWith(text_, "}")) {
      traceql_ = true;
      text_ = text_.substr(1, text_.size() - 2);
    }
  }

  absl::StatusOr<SearchWords> Run() {
    for (Blanks(); !text_.empty(); Blanks()) {
      if (StartsWith(text_, "&&")) {
        text_.remove_prefix(2);
        continue;
      }
      const std::string_view rest = text_;
      std::string key, op, value;
      if (!Word(key) || !Operator(op) || !Word(value) || !Take(key, op, std::move(value))) {
        return NotUnderstood(rest);
      }
    }
    return words_;
  }

 private:
  void Blanks() { text_ = TrimSpace(text_); }

  absl::Status NotUnderstood(std::string_view rest) const {
    return absl::InvalidArgumentError(
        Concat("The search is not understood from \"", rest.substr(0, 80), "\" on. ", store_,
               " has no TraceQL; write words such as service=web operation=\"GET /\" "
               "minDuration=100ms http.status_code=500."));
  }

  bool Word(std::string& out) {
    Blanks();
    if (text_.empty()) return false;
    if (text_.front() == '"' || text_.front() == '`') {
      const char quote = text_.front();
      for (size_t i = 1; i < text_.size(); ++i) {
        if (text_[i] == '\\' && quote == '"' && i + 1 < text_.size()) {
          out.push_back(text_[++i]);
        } else if (text_[i] == quote) {
          text_.remove_prefix(i + 1);
          return true;
        } else {
          out.push_back(text_[i]);
        }
      }
      return false;
    }
    const size_t end = std::min(text_.find_first_of(" \t\n=<>!&|~"), text_.size());
    out = text_.substr(0, end);
    text_.remove_prefix(end);
    return !out.empty();
  }

  bool Operator(std::string& out) {
    Blanks();
    for (const std::string_view op : {"=~", ">=", "<=", "=", ">", "<"}) {
      if (!StartsWith(text_, op)) continue;
      out = op;
      text_.remove_prefix(op.size());
      return op != "=~";
    }
    return false;
  }

  bool Take(std::string_view key, std::string_view op, std::string value) {
    const bool more = StartsWith(op, ">"), less = StartsWith(op, "<");
    const std::string_view plain = WithoutScope(key);
    if (EqualsIgnoreCase(plain, "minDuration") || (plain == "duration" && more) ||
        (plain == "traceDuration" && more)) {
      return ParseDurationNs(value, words_.min_duration_ns);
    }
    if (EqualsIgnoreCase(plain, "maxDuration") || (plain == "duration" && less) ||
        (plain == "traceDuration" && less)) {
      return ParseDurationNs(value, words_.max_duration_ns);
    }
    if (op != "=") return false;
    if (plain == "service" || plain == "service.name" || plain == "rootServiceName") {
      words_.service = std::move(value);
    } else if (plain == "operation" || plain == "name" || plain == "rootName") {
      words_.operation = std::move(value);
    } else if (traceql_ && plain == "status") {
      if (value != "error") return false;
      words_.tags.emplace_back("error", "true");
    } else {
      words_.tags.emplace_back(plain, std::move(value));
    }
    return true;
  }

  std::string_view store_;
  std::string_view text_;
  bool traceql_ = false;
  SearchWords words_;
};

}  // namespace

absl::StatusOr<SearchWords> ParseSearchWords(std::string_view query, std::string_view store) {
  return Parser(query, store).Run();
}

std::string TagsAsJson(const SearchWords& words) {
  std::string json = "{";
  for (const auto& [key, value] : words.tags) {
    if (json.size() > 1) json.push_back(',');
    AppendJsonBytesAsText(json, key);
    json.push_back(':');
    AppendJsonBytesAsText(json, value);
  }
  json.push_back('}');
  return json;
}

}  // namespace spanlog::stores
