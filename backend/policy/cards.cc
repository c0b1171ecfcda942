#include "policy/cards.h"

#include <cstdint>

namespace spanlog::policy {
namespace {

constexpr size_t kMostDigits = 19;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool IsWord(char c) {
  return IsDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool Luhn(const char* digits, size_t count) {
  int sum = 0;
  for (size_t i = 0; i < count; ++i) {
    int digit = digits[count - 1 - i] - '0';
    if (i % 2 == 1) digit = digit > 4 ? digit * 2 - 9 : digit * 2;
    sum += digit;
  }
  return sum % 10 == 0;
}

bool HasIssuer(const char* digits, size_t count) {
  const int two = (digits[0] - '0') * 10 + (digits[1] - '0');
  const int four = two * 100 + (digits[2] - '0') * 10 + (digits[3] - '0');
  if (digits[0] == '4') return count == 13 || count == 16 || count == 19;  // Visa
  if (two == 34 || two == 37) return count == 15;                          // American Express
  if (two == 36 || two == 38 || two == 39 || (four >= 3000 && four <= 3059)) {
    return count >= 14;  // Diners Club
  }
  if (two == 35) return count >= 16;                                                   // JCB
  if ((two >= 51 && two <= 55) || (four >= 2221 && four <= 2720)) return count == 16;  // Mastercard
  if (two == 60 || two == 64 || two == 65 || two == 62 || two == 81) return count >= 16;
  return (two == 50 || (two >= 56 && two <= 69)) && count >= 12;  // Maestro
}

// The end of a card that begins at `begin`, or 0.
size_t CardEnd(std::string_view text, size_t begin) {
  char digits[kMostDigits];
  size_t ends[kMostDigits];
  size_t count = 0;
  for (size_t at = begin; at < text.size() && count < kMostDigits;) {
    if (!IsDigit(text[at])) {
      const bool separator = text[at] == ' ' || text[at] == '-' || text[at] == '.';
      if (!separator || at + 1 >= text.size() || !IsDigit(text[at + 1])) break;
      ++at;
      continue;
    }
    digits[count] = text[at];
    ends[count++] = ++at;
  }
  for (size_t length = count; length >= 12; --length) {
    const size_t end = ends[length - 1];
    if (end < text.size() && IsWord(text[end])) continue;
    if (HasIssuer(digits, length) && Luhn(digits, length)) return end;
  }
  return 0;
}

}  // namespace

std::optional<std::pair<size_t, size_t>> FindCard(std::string_view text, size_t from) {
  for (size_t at = from; at < text.size(); ++at) {
    if (!IsDigit(text[at]) || (at > 0 && IsWord(text[at - 1]))) continue;
    if (const size_t end = CardEnd(text, at); end > 0) return std::pair(at, end);
  }
  return std::nullopt;
}

}  // namespace spanlog::policy
