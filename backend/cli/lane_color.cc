#include "cli/lane_color.h"

#include "base/stable_hash.h"
#include "base/text.h"

namespace spanlog::cli {

std::string LaneColor(std::string_view lane) {
  struct Known {
    std::string_view lane;
    std::string_view color;
  };
  static constexpr Known kLanes[] = {
      {"system", "35"},    {"user", "36"},       {"assistant", "32"}, {"tool", "33"},
      {"reasoning", "90"}, {"evaluation", "95"}, {"history", "90"},   {"error", "31"},
      {"fatal", "31"},     {"warn", "33"},       {"info", "37"},      {"debug", "90"},
      {"trace", "90"},     {"log", "37"},        {"logs", "37"},
  };
  for (const Known& known : kLanes) {
    if (known.lane == lane) return std::string(known.color);
  }
  // Of the 256-colour palette, readable on dark and on light ground, none red.
  static constexpr int kServices[] = {33, 39, 63, 69, 75, 99, 105, 111, 133, 139, 141, 172};
  StableHash hash;
  hash.Add(lane);
  return Concat("38;5;", kServices[hash.value() % std::size(kServices)]);
}

}  // namespace spanlog::cli
