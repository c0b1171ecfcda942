// Edits the texts inside a JSON text and nothing else: numbers, order, blanks and the cut end of a
// truncated document stay byte for byte.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "policy/json_path.h"

namespace spanlog::policy {

class JsonEdits {
 public:
  virtual ~JsonEdits() = default;
  // True when the whole value at `path` is to go. `first` is its first character: `{ [ "` or that
  // of a number or word.
  virtual bool Withholds(const std::vector<JsonStep>& path, char first) const = 0;
  // A text as it reads, without quotes and escapes: a member's name, a string, a whole number. True
  // and the new text when it changes.
  virtual bool Edit(std::string_view text, std::string& out) const = 0;
};

enum class JsonResult {
  kNotJson,    // `out` is not to be used
  kUnchanged,  // JSON, nothing to do
  kChanged,    // `out` holds the new text
};

// Reads objects and lists, also one after the other and one that ends too early. `withheld` stands
// for a value that goes. What lies deeper than 256 levels, where nobody writes anything, goes
// unread: rules look at the whole way to a value.
JsonResult EditJson(std::string_view text, const JsonEdits& edits, std::string_view withheld,
                    std::string& out);

// What stands between the quotes of a JSON string, decoded; what is no escape stays as it is.
std::string DecodeJsonString(std::string_view inside);
void AppendJsonEncoded(std::string& out, std::string_view text);

}  // namespace spanlog::policy
