#include "replay/logql_lexer.h"

#include "base/text.h"

namespace spanlog::replay {
namespace {

bool IsNameStart(char c) { return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

void AppendUtf8(std::string& out, unsigned code) {
  if (code < 0x80) {
    out.push_back(static_cast<char>(code));
    return;
  }
  const int more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
  static constexpr unsigned kLead[] = {0, 0xc0, 0xe0, 0xf0};
  out.push_back(static_cast<char>(kLead[more] | (code >> (6 * more))));
  for (int i = more - 1; i >= 0; --i) {
    out.push_back(static_cast<char>(0x80 | ((code >> (6 * i)) & 0x3f)));
  }
}

// Reads `count` digits of `base`; false when there are fewer.
bool ReadNumber(std::string_view text, size_t& at, int count, int base, unsigned& out) {
  out = 0;
  for (int i = 0; i < count; ++i, ++at) {
    if (at >= text.size()) return false;
    const char c = text[at];
    const int digit = IsDigit(c)                           ? c - '0'
                      : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10
                                                           : 99;
    if (digit >= base) return false;
    out = out * base + digit;
  }
  return true;
}

}  // namespace

void LogQlLexer::Space() {
  while (at_ < text_.size()) {
    const char c = text_[at_];
    if (c == '#') {
      while (at_ < text_.size() && text_[at_] != '\n') ++at_;
    } else if (c == ' ' || (c >= '\t' && c <= '\r')) {
      ++at_;
    } else {
      return;
    }
  }
}

bool LogQlLexer::AtEnd() {
  Space();
  return at_ >= text_.size();
}

bool LogQlLexer::Peek(std::string_view token) {
  Space();
  return StartsWith(text_.substr(at_), token);
}

bool LogQlLexer::Take(std::string_view token) {
  if (!Peek(token)) return false;
  at_ += token.size();
  return true;
}

std::string LogQlLexer::TakeOneOf(std::initializer_list<std::string_view> tokens) {
  for (const std::string_view token : tokens) {
    if (Take(token)) return std::string(token);
  }
  return "";
}

std::string LogQlLexer::Identifier() {
  Space();
  size_t end = at_;
  while (end < text_.size() && (IsNameStart(text_[end]) || (end > at_ && IsDigit(text_[end]))))
    ++end;
  const std::string name(text_.substr(at_, end - at_));
  at_ = end;
  return name;
}

bool LogQlLexer::TakeWord(std::string_view word) {
  const size_t before = at_;
  if (Identifier() == word) return true;
  at_ = before;
  return false;
}

absl::StatusOr<std::string> LogQlLexer::String() {
  Space();
  const char quote = at_ < text_.size() ? text_[at_] : '\0';
  if (quote != '"' && quote != '`') return Unexpected("STRING");
  size_t end = at_ + 1;
  while (end < text_.size() && text_[end] != quote) {
    if (quote == '"' && text_[end] == '\n') break;
    end += quote == '"' && text_[end] == '\\' ? 2 : 1;
  }
  if (end >= text_.size() || text_[end] != quote) return Unexpected("closed STRING");
  const std::string_view inside = text_.substr(at_ + 1, end - at_ - 1);
  auto value = quote == '`' ? std::string(inside) : Unquote(inside);
  if (value.ok()) at_ = end + 1;
  return value;
}

absl::StatusOr<std::string> LogQlLexer::Unquote(std::string_view quoted) {
  static constexpr std::string_view kNames = "abfnrtv\\\"", kValues = "\a\b\f\n\r\t\v\\\"";
  std::string out;
  for (size_t i = 0; i < quoted.size();) {
    if (quoted[i] != '\\') {
      out.push_back(quoted[i++]);
      continue;
    }
    const char escape = i + 1 < quoted.size() ? quoted[i + 1] : '\0';
    i += 2;
    unsigned code = 0;
    if (const size_t named = kNames.find(escape); named != kNames.npos) {
      out.push_back(kValues[named]);
    } else if (escape == 'x' && ReadNumber(quoted, i, 2, 16, code)) {
      out.push_back(static_cast<char>(code));
    } else if ((escape == 'u' || escape == 'U') &&
               ReadNumber(quoted, i, escape == 'u' ? 4 : 8, 16, code)) {
      AppendUtf8(out, code);
    } else if (IsDigit(escape) && ReadNumber(quoted, --i, 3, 8, code) && code < 256) {
      out.push_back(static_cast<char>(code));
    } else {
      return Unexpected("STRING with Go's escapes");
    }
  }
  return out;
}

absl::Status LogQlLexer::Unexpected(std::string_view expected) {
  Space();
  const std::string got =
      at_ >= text_.size() ? "$end" : std::string(text_.substr(at_, text_[at_] == '|' ? 1 : 12));
  return absl::InvalidArgumentError(Concat("parse error at line 1, col ", at_ + 1,
                                           ": syntax error: unexpected ", got, ", expecting ",
                                           expected));
}

}  // namespace spanlog::replay
