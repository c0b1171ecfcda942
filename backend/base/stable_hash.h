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
    if (text.size() >= 4 * kLane) at = AddLanes(text);
    for (; at + 8 <= text.size(); at += 8) {
      uint64_t eight;
      std::memcpy(&eight, text.data() + at, 8);
      Add(eight);
    }
    Add(LastBytes(text, text.size() - at));
  }

  uint64_t value() const {
    uint64_t result = state_;
    result = (result ^ (result >> 30)) * 0xBF58476D1CE4E5B9ull;
    result = (result ^ (result >> 27)) * 0x94D049BB133111EBull;
    return result ^ (result >> 31);
  }

 private:
  static constexpr size_t kLane = 16;

  // A long text in four lanes: one alone would wait for its last multiplication at every step.
  // Returns how many bytes were taken.
  size_t AddLanes(std::string_view text) {
    uint64_t lanes[4] = {1, 2, 3, 4};
    size_t at = 0;
    for (; at + 4 * kLane <= text.size(); at += 4 * kLane) {
      for (size_t lane = 0; lane < 4; ++lane) {
        uint64_t first, second;
        std::memcpy(&first, text.data() + at + lane * kLane, 8);
        std::memcpy(&second, text.data() + at + lane * kLane + 8, 8);
        lanes[lane] = (lanes[lane] ^ first) * 0x9E3779B97F4A7C15ull;
        lanes[lane] = (lanes[lane] ^ (lanes[lane] >> 32) ^ second) * 0xBF58476D1CE4E5B9ull;
        lanes[lane] ^= lanes[lane] >> 29;
      }
    }
    for (const uint64_t lane : lanes) Add(lane);
    return at;
  }

  // The last `count` bytes, 0 to 7, as a number. In loads of fixed sizes: most texts are short, and
  // a copy of so many bytes as there are costs more than all else here.
  static uint64_t LastBytes(std::string_view text, size_t count) {
    if (count == 0) return 0;
    const char* const end = text.data() + text.size();
    if (text.size() >= 8) {
      uint64_t eight;
      std::memcpy(&eight, end - 8, 8);
      return eight >> (64 - 8 * count);
    }
    if (count >= 4) {
      uint32_t first, last;
      std::memcpy(&first, end - count, 4);
      std::memcpy(&last, end - 4, 4);
      return first | uint64_t{last} << (8 * (count - 4));
    }
    const auto byte = [&](size_t at) {
      return uint64_t{static_cast<uint8_t>(text[at])} << (8 * at);
    };
    return byte(0) | byte(count / 2) | byte(count - 1);
  }

  uint64_t state_ = 0x6A09E667F3BCC908ull;
};

}  // namespace spanlog
