// The words of LogQL.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace spanlog::replay {

// Each call passes over white space and comments first.
class LogQlLexer {
 public:
  explicit LogQlLexer(std::string_view text) : text_(text) {}

  bool AtEnd();
  bool Peek(std::string_view token);
  bool Take(std::string_view token);
  // The first of the tokens that comes next; longer ones must stand first. Empty: none.
  std::string TakeOneOf(std::initializer_list<std::string_view> tokens);
  std::string Identifier();
  bool TakeWord(std::string_view word);
  // "…" with Go's escapes or `…`.
  absl::StatusOr<std::string> String();

  // "parse error at line 1, col 7: syntax error: unexpected …, expecting …".
  absl::Status Unexpected(std::string_view expected);

 private:
  void Space();
  absl::StatusOr<std::string> Unquote(std::string_view quoted);

  const std::string_view text_;
  size_t at_ = 0;
};

}  // namespace spanlog::replay
