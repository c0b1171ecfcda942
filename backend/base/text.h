// Small text helpers that work on std::string_view. Debian's abseil is built
// with its own absl::string_view, which does not convert from the standard one.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"

namespace spanlog {

namespace internal {
inline void AppendPiece(std::string& out, std::string_view piece) { out.append(piece); }
inline void AppendPiece(std::string& out, char piece) { out.push_back(piece); }
template <typename T, typename = std::enable_if_t<std::is_arithmetic_v<T>>>
void AppendPiece(std::string& out, T piece) {
  out.append(std::to_string(piece));
}
}  // namespace internal

// Concat("a", 1, view) joins text and numbers into one string.
template <typename... Pieces>
std::string Concat(const Pieces&... pieces) {
  std::string out;
  (internal::AppendPiece(out, pieces), ...);
  return out;
}

// Appends to an existing string: Append(out, "a", 1, view).
template <typename... Pieces>
void Append(std::string& out, const Pieces&... pieces) {
  (internal::AppendPiece(out, pieces), ...);
}

// Hash and equality for maps that are looked up by std::string_view.
struct StringHash {
  using is_transparent = void;
  size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};
struct StringEq {
  using is_transparent = void;
  bool operator()(std::string_view a, std::string_view b) const { return a == b; }
};
// Map keyed by text. With Key = std::string_view the keyed bytes must outlive the map.
template <typename Value, typename Key = std::string_view>
using StringMap = absl::flat_hash_map<Key, Value, StringHash, StringEq>;
template <typename Key = std::string_view>
using StringSet = absl::flat_hash_set<Key, StringHash, StringEq>;

// ASCII-only, locale-free. EqualsIgnoreCase compares letters A-Z case-insensitively.
bool EqualsIgnoreCase(std::string_view a, std::string_view b);
std::string ToLower(std::string_view text);
std::string_view TrimSpace(std::string_view text);
bool StartsWith(std::string_view text, std::string_view prefix);
bool EndsWith(std::string_view text, std::string_view suffix);
bool Contains(std::string_view text, std::string_view part);

// Parses a whole decimal number; false when anything else is in `text` or it does not fit.
bool ParseInt64(std::string_view text, int64_t& out);
bool ParseDouble(std::string_view text, double& out);

// The shortest text that reads back as the same double ("13.5", "14", "1e+21", "NaN", "Infinity").
std::string DoubleToText(double value);

}  // namespace spanlog
