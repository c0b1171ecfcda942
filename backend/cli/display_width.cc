#include "cli/display_width.h"

#include <algorithm>
#include <cstdint>
#include <iterator>

#include "cli/width_table.h"

namespace spanlog::cli {
namespace {

constexpr uint32_t kJoiner = 0x200D;
constexpr uint32_t kEmojiStyle = 0xFE0F;

template <size_t kSize>
bool Contains(const CharRange (&table)[kSize], uint32_t c) {
  const auto* const found =
      std::upper_bound(std::begin(table), std::end(table), c,
                       [](uint32_t value, const CharRange& range) { return value < range.first; });
  return found != std::begin(table) && c <= std::prev(found)->last;
}

uint32_t NextChar(std::string_view text, size_t& at) {
  const auto first = static_cast<uint8_t>(text[at]);
  const size_t length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  uint32_t c = length == 1 ? first : first & (0xFFu >> (length + 1));
  for (size_t i = 1; i < length && at + i < text.size(); ++i) {
    c = (c << 6) | (static_cast<uint8_t>(text[at + i]) & 0x3F);
  }
  at = std::min(at + length, text.size());
  return c;
}

bool IsFlagLetter(uint32_t c) { return c >= 0x1F1E6 && c <= 0x1F1FF; }
bool IsSkinTone(uint32_t c) { return c >= 0x1F3FB && c <= 0x1F3FF; }

// Walks a text cluster by cluster: a character and what is drawn into its cells.
class Clusters {
 public:
  explicit Clusters(std::string_view text) : text_(text) {}
  bool done() const { return at_ >= text_.size(); }
  size_t at() const { return at_; }

  // The next cluster's cells.
  size_t Next() {
    const uint32_t first = NextChar(text_, at_);
    size_t cells = Contains(kZeroWidth, first) ? 0 : Contains(kDoubleWidth, first) ? 2 : 1;
    bool joined = false;
    bool flag = IsFlagLetter(first);
    while (!done()) {
      size_t after = at_;
      const uint32_t c = NextChar(text_, after);
      if (flag && IsFlagLetter(c)) {
        flag = false;
        cells = 2;
      } else if (c == kEmojiStyle) {
        cells = 2;
      } else if (!joined && !Contains(kZeroWidth, c) && !(cells == 2 && IsSkinTone(c))) {
        break;
      }
      joined = c == kJoiner && cells == 2;
      at_ = after;
    }
    return cells;
  }

 private:
  std::string_view text_;
  size_t at_ = 0;
};

}  // namespace

size_t DisplayWidth(std::string_view text) {
  size_t cells = 0;
  for (Clusters clusters(text); !clusters.done();) cells += clusters.Next();
  return cells;
}

std::string FitWidth(std::string_view text, size_t cells, std::string_view mark) {
  size_t used = 0;
  size_t room_end = 0;  // where a cut leaves room for the mark
  size_t room_used = 0;
  const size_t mark_cells = DisplayWidth(mark);
  Clusters clusters(text);
  while (!clusters.done()) {
    used += clusters.Next();
    if (used > cells) break;
    if (used + mark_cells <= cells) {
      room_end = clusters.at();
      room_used = used;
    }
  }
  std::string out;
  if (used <= cells) {
    out = text;
  } else if (mark_cells <= cells) {
    out = text.substr(0, room_end);
    out += mark;
    used = room_used + mark_cells;
  } else {
    used = 0;
  }
  out.append(cells - used, ' ');
  return out;
}

}  // namespace spanlog::cli
