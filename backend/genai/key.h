// A name under which a field is looked for, with the number by which Fields answers "not there"
// without looking.
#pragma once

#include <array>
#include <concepts>
#include <cstdint>
#include <string_view>

namespace spanlog::genai {

class Key {
 public:
  // A literal's number is worked out by the compiler.
  template <size_t kSize>
  consteval Key(const char (&text)[kSize]) : Key(std::string_view(text, kSize - 1)) {}
  // Views whatever converts to a view.
  template <typename Text>
  requires std::convertible_to<const Text&, std::string_view>
  constexpr Key(const Text& text) : text_(text), mark_(MarkOf(text_)) {}

  constexpr std::string_view text() const { return text_; }
  constexpr uint8_t mark() const { return mark_; }

  // The same number for all spellings of a key: `_`, as Loki writes `. - /` and `:` as well.
  static constexpr uint8_t MarkOf(std::string_view key) {
    if (key.empty()) return 0;
    const size_t size = key.size();
    return static_cast<uint8_t>(size * 37 + Folded(key[size - 1]) * 11u +
                                Folded(key[size / 2]) * 5u + Folded(key[size - 1 - size / 4]));
  }

 private:
  static constexpr std::array<uint8_t, 256> kFolded = [] {
    std::array<uint8_t, 256> folded{};
    for (size_t i = 0; i < folded.size(); ++i) folded[i] = static_cast<uint8_t>(i);
    for (const char c : {'.', '-', '/', ':'}) folded[static_cast<uint8_t>(c)] = '_';
    return folded;
  }();
  static constexpr uint8_t Folded(char c) { return kFolded[static_cast<uint8_t>(c)]; }

  std::string_view text_;
  uint8_t mark_;
};

}  // namespace spanlog::genai
