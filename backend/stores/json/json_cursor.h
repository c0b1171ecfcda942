// A place in a JSON text that is read from left to right while it comes in, for the few answers
// that are large and always the same. It is strict: false means "not what was asked for", never
// "skipped".
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "stores/piece_buffer.h"

namespace spanlog::stores {

// Not thread-safe. Each call may block until more of the text has come.
class JsonCursor {
 public:
  // Escapes are resolved where they are, so that the text is kept once: nothing becomes longer by
  // it. All texts that are taken are views of the buffer's pieces. A piece that is not UTF-8 ends
  // the text.
  explicit JsonCursor(PieceBuffer& text) : text_(text) {}

  // Makes the text what it was, as far as it has come.
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
    return at_ == end_ && !is_broken_;
  }
  // A string.
  bool TakeText(std::string_view& text);
  // A name and its colon.
  bool TakeName(std::string_view& name) { return TakeText(name) && Take(':'); }
  // Any value. Numbers with an exponent or more than 15 digits are left to a whole parser, and so
  // is what is nested deeply.
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
    do {
      while (at_ != end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t')) ++at_;
    } while (at_ == end_ && More());
  }
  // Gets more of the text. The bytes from `keep` on stay in one row, and both places move with
  // them. False at the end.
  bool More(char*& keep);
  bool More() { return More(at_); }
  // False when fewer bytes come.
  bool Has(ptrdiff_t bytes, char*& keep);
  bool SkipNumber();
  bool SkipWord(std::string_view word);
  // To the next quote, backslash or control character. False at the end of the text. For `begin`
  // see More.
  bool FindSpecial(char*& begin);
  bool FindSpecialHere();
  // From the first backslash on to the closing quote. Returns where the text ends now; null when it
  // has an escape that is none.
  char* Unescape(char* first, char* stop);

  struct Changed {
    char* at;
    std::string_view before;
  };
  PieceBuffer& text_;
  char* at_ = nullptr;
  char* end_ = nullptr;
  bool is_broken_ = false;
  size_t unchecked_ = 0;  // bytes before end_ of a character that has not come whole
  std::vector<Changed> changed_;
  Arena before_;
};

}  // namespace spanlog::stores
