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
  static constexpr size_t kLane = 16;

  // A long text in four lanes: one alone would wait for its last multiplication at every step. Returns
  // how many bytes were taken.
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

  uint64_t state_ = 0x6A09E667F3BCC908ull;
};

}  // namespace spanlog
