#include "stores/loki/logql.h"

#include "base/text.h"
#include "base/utf8.h"

namespace spanlog::stores {
namespace {

void AppendEscaped(std::string& out, std::string_view text) {
  static constexpr char kHex[] = "0123456789abcdef";
  for (const char c : text) {
    const uint8_t byte = static_cast<uint8_t>(c);
    if (c == '"' || c == '\\') {
      out.push_back('\\');
      out.push_back(c);
    } else if (c == '\n') {
      out.append("\\n");
    } else if (byte < 0x20 || byte == 0x7F) {
      out.append("\\x");
      out.push_back(kHex[byte >> 4]);
      out.push_back(kHex[byte & 15]);
    } else {
      out.push_back(c);
    }
  }
}

// The position after the string that begins at `at`; npos when it does not end.
size_t EndOfString(std::string_view query, size_t at) {
  const char quote = query[at];
  for (size_t i = at + 1; i < query.size(); ++i) {
    if (query[i] == '\\' && quote == '"') {
      ++i;
    } else if (query[i] == quote) {
      return i + 1;
    }
  }
  return query.npos;
}

// The position after the selector that `query` begins with; npos when there is none.
size_t EndOfSelector(std::string_view query) {
  if (query.size() < 2 || query.front() != '{') return query.npos;
  for (size_t i = 1; i < query.size();) {
    if (query[i] == '"' || query[i] == '`') {
      i = EndOfString(query, i);
      if (i == query.npos) return i;
    } else if (query[i] == '}') {
      return i + 1;
    } else {
      ++i;
    }
  }
  return query.npos;
}

}  // namespace

std::string LogQlString(std::string_view text) {
  std::string out = "\"";
  AppendEscaped(out, ToValidUtf8(text));
  out.push_back('"');
  return out;
}

std::string RegexLiteral(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (std::string_view("\\.+*?()|[]{}^$").find(c) != std::string_view::npos) out.push_back('\\');
    out.push_back(c);
  }
  return out;
}

std::string AnyOfMatcher(std::string_view label, const std::vector<std::string>& values) {
  std::string regex;
  for (const std::string& value : values) {
    if (!regex.empty()) regex.push_back('|');
    regex.append(RegexLiteral(value));
  }
  return Concat(label, "=~", LogQlString(regex));
}

bool IsLokiNameChar(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

std::string LokiName(std::string_view key) {
  std::string out;
  for (const char c : key) {
    const char safe = IsLokiNameChar(c) ? c : '_';
    if (safe == '_' && !out.empty() && out.back() == '_') continue;
    out.push_back(safe);
  }
  if (!out.empty() && out.front() >= '0' && out.front() <= '9') out.insert(0, "key_");
  return out;
}

bool IsBareSelector(std::string_view query) {
  query = TrimSpace(query);
  return !query.empty() && EndOfSelector(query) == query.size();
}

bool IsSelectorWithLineFilters(std::string_view query) {
  query = TrimSpace(query);
  const size_t end = query.empty() ? query.npos : EndOfSelector(query);
  if (end == query.npos) return false;
  query = TrimSpace(query.substr(end));
  bool after_string = false;
  while (!query.empty()) {
    if (after_string && StartsWith(query, "or")) {
      query.remove_prefix(2);
    } else {
      const std::string_view op = query.substr(0, 2);
      if (op != "|=" && op != "!=" && op != "|~" && op != "!~" && op != "|>" && op != "!>") {
        return false;
      }
      query.remove_prefix(2);
    }
    query = TrimSpace(query);
    if (query.empty() || (query.front() != '"' && query.front() != '`')) return false;
    const size_t string_end = EndOfString(query, 0);
    if (string_end == query.npos) return false;
    query = TrimSpace(query.substr(string_end));
    after_string = true;
  }
  return true;
}

}  // namespace spanlog::stores
