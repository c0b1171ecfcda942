// The escapes of JSON strings, written to where there is room for them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace spanlog::frame {

// What a reader of the string will do with it.
enum class Escape : uint8_t {
  kJson,  // shows it
  kHtml,  // puts it into a page: & < > become entities before the JSON escapes
};

// The bytes that PutJsonText may write for a text of `size` bytes: a control character becomes
// \u001f, and each step may write a block more than it keeps.
constexpr size_t RoomForJson(size_t size) { return size * 6 + 16; }

// Writes the escaped text without quotes; returns where it ends. U+2028 and U+2029 are escaped too:
// they end a line in old JavaScript. REQUIRES: valid UTF-8, RoomForJson(text.size()) bytes at `to`.
char* PutJsonText(char* to, std::string_view text, Escape escape = Escape::kJson);

}  // namespace spanlog::frame
