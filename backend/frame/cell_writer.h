// JSON cells of key-value pairs and span events, written straight into their column.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "frame/buffer.h"
#include "frame/json_text.h"
#include "frame/text_budget.h"
#include "weave/woven.h"

namespace spanlog::frame {

// Writes one cell at a time. Not thread-safe; as short-lived as the frame's columns.
class CellWriter {
 public:
  explicit CellWriter(TextBudget& budget) : budget_(budget), slots_(kSlots, 0) {}

  // Where a cut text can be read in full; said in its last line.
  void set_full_text_at(std::string_view place) { full_text_at_ = place; }

  // `[{"key":…,"value":…},…]` between Open and Close. A pair that the cell has already is left
  // out: the trace view calls it a mistake. Different values of one key are kept. Keys and values
  // must live until Close.
  void Open(Buffer& out);
  void Add(Buffer& out, Attributes attributes);
  void Add(Buffer& out, absl::Span<const weave::Tag> tags);
  void AddPair(Buffer& out, std::string_view key, const Value& value,
               weave::TagFormat format = weave::TagFormat::kPlain);
  void Close(Buffer& out);

  // A whole cell.
  void AppendAttributes(Buffer& out, Attributes attributes);
  // `[{"timestamp":ms,"name":…,"fields":[…]},…]`. `fields` is always there: filters rely on it.
  void AppendEvents(Buffer& out, absl::Span<const SpanEvent> events);
  // `["…",…]`
  void AppendStrings(Buffer& out, absl::Span<const std::string_view> texts, Escape escape);

  // A JSON string within the budget.
  void AppendText(Buffer& out, std::string_view text, Escape escape);

 private:
  static constexpr size_t kSlots = 256;
  struct Seen {
    std::string_view key;
    const Value* value;
    uint32_t next;  // number of an older pair of this cell in the same slot; 0: none
  };
  // The same for the pairs of a cell that has more than slots.
  struct Pair {
    std::string_view key;
    const Value* value;
    bool operator==(const Pair& other) const;
  };
  struct PairHash {
    size_t operator()(const Pair& pair) const;
  };
  bool IsNew(std::string_view key, const Value& value);
  void AppendValue(Buffer& out, const Value& value, weave::TagFormat format);

  TextBudget& budget_;
  std::string_view full_text_at_;
  // Pairs are numbered from 1 through all cells, so that what a slot says of closed ones needs no
  // clearing.
  std::vector<Seen> seen_;                    // pairs of the open cell, from number closed_ + 1 on
  std::vector<uint32_t> slots_;               // number of the newest pair
  uint32_t closed_ = 0;                       // pairs in closed cells
  absl::flat_hash_set<Pair, PairHash> many_;  // all pairs of the open cell, once they are many
};

// Remembers cells that many rows share: a resource's attributes.
class SharedCells {
 public:
  // Appends the cell for `attributes`, from the column itself when it is there already.
  void Append(Buffer& column, Attributes attributes, CellWriter& cells);

 private:
  struct Place {
    size_t count;
    size_t offset;
    size_t size;
  };
  absl::flat_hash_map<const Attribute*, Place> places_;
};

}  // namespace spanlog::frame
