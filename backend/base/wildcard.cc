#include "base/wildcard.h"

namespace spanlog {
namespace {

template <typename SameChar>
bool Match(std::string_view text, std::string_view pattern, SameChar same) {
  size_t t = 0;
  size_t p = 0;
  size_t star = pattern.npos;
  size_t retry = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      retry = t;
    } else if (p < pattern.size() && same(text[t], pattern[p])) {
      ++t;
      ++p;
    } else if (star != pattern.npos) {
      p = star + 1;
      t = ++retry;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

}  // namespace

bool MatchesWildcard(std::string_view text, std::string_view pattern) {
  return Match(text, pattern, [](char a, char b) { return Lower(a) == Lower(b); });
}

bool MatchesKeyWildcard(std::string_view key, std::string_view pattern) {
  return Match(key, pattern, [](char a, char b) { return a == b || (a == '_' && b == '.'); });
}

}  // namespace spanlog
