// A place in a JSON text that is read from left to right, for the few answers that are large and always
// the same. It is strict: false means "not what was asked for", never "skipped".
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.h"

namespace spanlog::stores {

// REQUIRES: the text is valid UTF-8. Not thread-safe.
class JsonCursor {
 public:
  // Escapes are resolved where they are, so that the text is kept once: nothing becomes longer by it. All
  // texts that are taken are views of `text`, which must stay where it is.
  explicit JsonCursor(std::string& text) : at_(text.data()), end_(text.data() + text.size()) {}

  // Makes the text what it was.
  void Restore();

  // Each skips blanks before what it looks for.
  bool Take(char c) {
    SkipBlanks();
    if (at_ == end_ || *at_ != c) return false;
    ++at_;
    return true;
  }
  bool IsAt(char c) {
    SkipBlanks();
    return at_ != end_ && *at_ == c;
  }
  bool AtEnd() {
    SkipBlanks();
    return at_ == end_;
  }
  // A string.
  bool TakeText(std::string_view& text);
  // A name and its colon.
  bool TakeName(std::string_view& name) { return TakeText(name) && Take(':'); }
  // Any value. Numbers with an exponent or more than 15 digits are left to a whole parser, and so is what
  // is nested deeply.
  bool SkipValue(int depth = 0);

  // Calls `take` for each element until the closing bracket or brace. False when `take` says so.
  template <typename TakeElement>
  bool TakeList(char open, char close, TakeElement take) {
    if (!Take(open)) return false;
    if (Take(close)) return true;
    do {
      if (!take()) return false;
    } while (Take(','));
    return Take(close);
  }

 private:
  void SkipBlanks() {
    while (at_ != end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t')) ++at_;
  }
  bool SkipNumber();
  bool SkipWord(std::string_view word);
  // To the next quote, backslash or control character. False at the end of the text.
  bool FindSpecial();
  // From the first backslash on to the closing quote. Returns where the text ends now; null when it has
  // an escape that is none.
  char* Unescape(char* first, char* stop);

  struct Changed {
    char* at;
    std::string_view before;
  };
  char* at_;
  char* const end_;
  std::vector<Changed> changed_;
  Arena before_;
};

}  // namespace spanlog::stores
