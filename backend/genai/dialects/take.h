// Taking facts of a call from attributes that have had several names: the first that is there.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string_view>

#include "genai/fields.h"

namespace spanlog::genai {

using Keys = std::initializer_list<Key>;

// More is no count of tokens. The sum over all calls that an answer has room for fits.
inline constexpr int64_t kMostTokens = 100'000'000'000;

// -1: no count.
inline int64_t TokensOf(double number) {
  return number >= 0 && number <= kMostTokens ? static_cast<int64_t>(number) : -1;
}

// Each leaves `out` alone when it is set already: not negative, or not empty. Negative numbers are
// no counts.
inline void TakeInt(const Fields& fields, Keys keys, int64_t& out) {
  for (const Key key : keys) {
    int64_t value = 0;
    if (out < 0 && fields.Int(key, value) && value >= 0 && value <= kMostTokens) out = value;
  }
}

inline void TakeDouble(const Fields& fields, Keys keys, double& out) {
  for (const Key key : keys) {
    double value = 0;
    if (out < 0 && fields.Double(key, value) && value >= 0) out = value;
  }
}

inline void TakeText(const Fields& fields, Keys keys, std::string_view& out) {
  for (const Key key : keys) {
    if (out.empty()) out = fields.Text(key);
  }
}

}  // namespace spanlog::genai
