#include "policy/json_edit.h"

#include <algorithm>

#include "base/json_escape.h"
#include "base/text.h"

namespace spanlog::policy {
namespace {

constexpr size_t kMaxDepth = 256;

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// The position after the closing quote of the string that begins at `at`, or the text's end.
size_t EndOfString(std::string_view text, size_t at, bool* closed) {
  *closed = false;
  for (size_t i = at + 1; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      *closed = true;
      return i + 1;
    }
  }
  return text.size();
}

size_t EndOfToken(std::string_view text, size_t at) {
  return std::min(text.find_first_of(",:]}[{\" \t\r\n", at), text.size());
}

// The position after the value that begins at `at`.
size_t EndOfValue(std::string_view text, size_t at) {
  size_t depth = 0;
  while (at < text.size()) {
    const char c = text[at];
    bool closed = false;
    if (c == '"') {
      at = EndOfString(text, at, &closed);
    } else if (c == '{' || c == '[') {
      ++depth;
      ++at;
    } else if (c == '}' || c == ']') {
      if (depth > 0) --depth;
      ++at;
    } else if (IsBlank(c) || c == ',' || c == ':') {
      ++at;
      continue;
    } else {
      at = EndOfToken(text, at);
    }
    if (depth == 0) return at;
  }
  return at;
}

bool IsNumber(std::string_view token) {
  return token.find_first_not_of("0123456789+-.eE") == token.npos;
}

bool IsWhole(std::string_view token) {
  if (StartsWith(token, "-")) token.remove_prefix(1);
  return !token.empty() && token.find_first_not_of("0123456789") == token.npos;
}

// A cut document may end in half a word.
bool IsWord(std::string_view token, bool at_end) {
  for (const std::string_view word : {"true", "false", "null", "NaN", "Infinity", "-Infinity"}) {
    if (token == word || (at_end && StartsWith(word, token))) return true;
  }
  return false;
}

class Editor {
 public:
  Editor(std::string_view text, const JsonEdits& edits, std::string_view withheld, std::string& out)
      : text_(text), edits_(edits), withheld_(withheld), out_(out) {}

  JsonResult Run() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (IsBlank(c)) {
        ++at_;
      } else if (levels_.empty() && c != '{' && c != '[') {
        return JsonResult::kNotJson;
      } else if (c == ',' || c == ':') {
        Separator(c);
      } else if (c == '}' || c == ']') {
        if (!Close(c)) return JsonResult::kNotJson;
      } else if (levels_.empty() || !levels_.back().expects_name) {
        if (!TakeValue(c)) return JsonResult::kNotJson;
      } else if (c == '"') {
        TakeName();
      } else {
        return JsonResult::kNotJson;
      }
    }
    if (!seen_) return JsonResult::kNotJson;
    if (!changed_) return JsonResult::kUnchanged;
    out_.append(text_.substr(copied_));
    return JsonResult::kChanged;
  }

 private:
  struct Level {
    bool is_object = false;
    bool expects_name = false;
    bool has_name = false;
  };

  void Separator(char c) {
    Level& level = levels_.back();
    if (c == ',' && level.is_object) level.expects_name = true;
    if (c == ',' && !level.is_object) ++path_.back().position;
    ++at_;
  }

  bool Close(char c) {
    const Level level = levels_.back();
    if (level.is_object != (c == '}')) return false;
    if (level.has_name) path_.pop_back();
    levels_.pop_back();
    ++at_;
    return true;
  }

  void TakeName() {
    bool closed = false;
    const size_t end = EndOfString(text_, at_, &closed);
    std::string name = Inside(at_, end, closed);
    std::string changed;
    if (edits_.Edit(name, changed)) Replace(at_, end, changed, closed);
    Level& level = levels_.back();
    if (level.has_name) {
      path_.back().name = std::move(name);
    } else {
      path_.push_back({std::move(name), -1});
      level.has_name = true;
    }
    level.expects_name = false;
    at_ = end;
  }

  bool TakeValue(char c) {
    const bool is_too_deep = levels_.size() >= kMaxDepth && (c == '{' || c == '[');
    if (!levels_.empty() && (is_too_deep || edits_.Withholds(path_, c))) {
      const size_t end = EndOfValue(text_, at_);
      Replace(at_, end, withheld_, true);
      at_ = end;
      return true;
    }
    if (c == '{' || c == '[') {
      seen_ = true;
      const bool is_object = c == '{';
      levels_.push_back({is_object, is_object, !is_object});
      if (!is_object) path_.push_back({"", 0});
      ++at_;
      return true;
    }
    if (c == '"') {
      bool closed = false;
      const size_t end = EndOfString(text_, at_, &closed);
      std::string changed;
      if (edits_.Edit(Inside(at_, end, closed), changed)) Replace(at_, end, changed, closed);
      at_ = end;
      return true;
    }
    const size_t end = EndOfToken(text_, at_);
    const std::string_view token = text_.substr(at_, end - at_);
    if (token.empty() || (!IsNumber(token) && !IsWord(token, end == text_.size()))) return false;
    std::string changed;
    if (IsWhole(token) && edits_.Edit(token, changed)) Replace(at_, end, changed, true);
    at_ = end;
    return true;
  }

  std::string Inside(size_t begin, size_t end, bool closed) const {
    return DecodeJsonString(text_.substr(begin + 1, end - begin - (closed ? 2 : 1)));
  }

  void Replace(size_t begin, size_t end, std::string_view text, bool closed) {
    out_.append(text_.substr(copied_, begin - copied_));
    out_.push_back('"');
    AppendJsonEncoded(out_, text);
    if (closed) out_.push_back('"');
    copied_ = end;
    changed_ = true;
  }

  std::string_view text_;
  const JsonEdits& edits_;
  std::string_view withheld_;
  std::string& out_;
  size_t at_ = 0;
  size_t copied_ = 0;
  bool changed_ = false;
  bool seen_ = false;
  std::vector<Level> levels_;
  std::vector<JsonStep> path_;
};

}  // namespace

JsonResult EditJson(std::string_view text, const JsonEdits& edits, std::string_view withheld,
                    std::string& out) {
  return Editor(text, edits, withheld, out).Run();
}

std::string DecodeJsonString(std::string_view inside) {
  std::string out;
  out.reserve(inside.size());
  for (size_t i = 0; i < inside.size(); ++i) {
    if (inside[i] != '\\' || i + 1 >= inside.size()) {
      out.push_back(inside[i]);
      continue;
    }
    if (const JsonEscapedCharacter escaped = JsonEscapedAt(inside, i); escaped.size > 0) {
      const bool is_half = IsHighSurrogate(escaped.code) || IsLowSurrogate(escaped.code);
      AppendUtf8(is_half ? 0xFFFD : escaped.code, out);
      i += escaped.size - 1;
      continue;
    }
    constexpr std::string_view kNames = "nrtbf\"\\/";
    constexpr std::string_view kValues = "\n\r\t\b\f\"\\/";
    const size_t which = kNames.find(inside[i + 1]);
    if (which == kNames.npos) {
      out.push_back('\\');
    } else {
      out.push_back(kValues[which]);
      ++i;
    }
  }
  return out;
}

void AppendJsonEncoded(std::string& out, std::string_view text) {
  static constexpr char kHex[] = "0123456789abcdef";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out.push_back('\\');
      out.push_back(c);
    } else if (c == '\n') {
      out += "\\n";
    } else if (byte < 0x20) {
      out += "\\u00";
      out.push_back(kHex[byte >> 4]);
      out.push_back(kHex[byte & 15]);
    } else {
      out.push_back(c);
    }
  }
}

}  // namespace spanlog::policy
