#include "policy/said_texts.h"

#include <algorithm>

#include "base/text.h"

namespace spanlog::policy {
namespace {

constexpr size_t kLeastText = 3;
constexpr size_t kLeastBeginning = 12;  // shorter ones are any word

// A title that was cut ends in "…" or "...".
std::string_view WithoutMark(std::string_view text) {
  text = TrimSpace(text);
  for (const std::string_view mark : {"…", "..."}) {
    if (EndsWith(text, mark)) return TrimSpace(text.substr(0, text.size() - mark.size()));
  }
  return text;
}

}  // namespace

SaidTexts::SaidTexts(const std::vector<weave::Row>& rows) {
  for (const weave::Row& row : rows) {
    if (row.kind != weave::RowKind::kLog && row.kind != weave::RowKind::kMessage) continue;
    for (const weave::Tag& tag : row.tags) {
      if (!StartsWith(tag.key, "@")) continue;
      const std::string_view text = TrimSpace(tag.value.text());
      if (text.size() >= kLeastText) texts_.push_back(text);
    }
  }
  std::sort(texts_.begin(), texts_.end());
  texts_.erase(std::unique(texts_.begin(), texts_.end()), texts_.end());
}

bool SaidTexts::Has(std::string_view text) const {
  text = WithoutMark(text);
  if (text.size() < kLeastText) return false;
  const auto next = std::lower_bound(texts_.begin(), texts_.end(), text);
  if (next == texts_.end() || !StartsWith(*next, text)) return false;
  return next->size() == text.size() || text.size() >= kLeastBeginning;
}

}  // namespace spanlog::policy
