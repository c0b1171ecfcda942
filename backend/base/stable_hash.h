// A 64-bit hash that is the same in every process and on every machine, so that
// synthetic span ids stay what they were when a query is repeated. Not for maps of
// hostile keys.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace spanlog {

class StableHash {
 public:
  void Add(uint64_t value) {
    state_ = (state_ ^ value) * 0x9E3779B97F4A7C15ull;
    state_ ^= state_ >> 32;
  }

  // Length first, so that ("ab","c") and ("a","bc") differ.
  void Add(std::string_view text) {
    Add(static_cast<uint64_t>(text.size()));
    size_t at = 0;
    for (; at + 8 <= text.size(); at += 8) {
      uint64_t eight;
      std::memcpy(&eight, text.data() + at, 8);
      Add(eight);
    }
    uint64_t rest = 0;
    // An empty view may have no address, which memcpy does not allow even for no bytes.
    if (at < text.size()) std::memcpy(&rest, text.data() + at, text.size() - at);
    Add(rest);
  }

  uint64_t value() const {
    uint64_t result = state_;
    result = (result ^ (result >> 30)) * 0xBF58476D1CE4E5B9ull;
    result = (result ^ (result >> 27)) * 0x94D049BB133111EBull;
    return result ^ (result >> 31);
  }

 private:
  uint64_t state_ = 0x6A09E667F3BCC908ull;
};

}  // namespace spanlog
