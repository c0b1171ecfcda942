#include "weave/row_order.h"

#include <algorithm>
#include <compare>

namespace spanlog::weave {
namespace {

bool IsSpan(const Row& row) { return row.kind == RowKind::kSpan || row.kind == RowKind::kRun; }

struct Key {
  int64_t start_ns;
  uint32_t is_log;
  uint32_t row;
  auto operator<=>(const Key&) const = default;
};

}  // namespace

// Rows are large: their order is found first and each is moved once.
void OrderRows(std::vector<Row>& rows) {
  std::vector<Key> keys;
  keys.reserve(rows.size());
  for (const Row& row : rows) {
    keys.push_back({row.start_ns, IsSpan(row) ? 0u : 1u, static_cast<uint32_t>(keys.size())});
  }
  std::sort(keys.begin(), keys.end());
  // In place, for a second copy of all rows would be the most that a query holds: each cycle of the
  // permutation needs one row aside.
  for (uint32_t first = 0; first < keys.size(); ++first) {
    if (keys[first].row == first) continue;
    const Row aside = rows[first];
    uint32_t at = first;
    while (keys[at].row != first) {
      const uint32_t from = keys[at].row;
      rows[at] = rows[from];
      keys[at].row = at;
      at = from;
    }
    rows[at] = aside;
    keys[at].row = at;
  }
}

}  // namespace spanlog::weave
