#include "policy/hidden_texts.h"

#include <algorithm>

#include "absl/strings/escaping.h"
#include "base/utf8.h"

namespace spanlog::policy {
namespace {

constexpr size_t kLeastBase64 = 16;

bool IsBase64Char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' ||
         c == '/' || c == '-' || c == '_' || c == '=';
}

}  // namespace

std::string FromBase64(std::string_view text) {
  std::string decoded;
  if (text.size() < kLeastBase64 || !std::all_of(text.begin(), text.end(), IsBase64Char)) return {};
  const absl::string_view encoded(text.data(), text.size());
  if (!absl::Base64Unescape(encoded, &decoded) && !absl::WebSafeBase64Unescape(encoded, &decoded)) {
    return {};
  }
  return IsValidUtf8(decoded) ? decoded : std::string();
}

bool IsJsonString(std::string_view text) {
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') return false;
  for (size_t i = 1; i + 1 < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      return false;
    }
  }
  return true;
}

bool IsNameChar(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '.' || c == '-';
}

size_t EndOfPairValue(std::string_view text, size_t at) {
  if (at < text.size() && text[at] == '"') {
    for (size_t i = at + 1; i < text.size(); ++i) {
      if (text[i] == '\\') {
        ++i;
      } else if (text[i] == '"') {
        return i + 1;
      }
    }
    return text.size();
  }
  return std::min(text.find_first_of(" \t\r\n,;&", at), text.size());
}

}  // namespace spanlog::policy
