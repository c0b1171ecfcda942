#include "frame/text_budget.h"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "base/text.h"

namespace spanlog::frame {
namespace {

constexpr size_t kShortest = 256;  // a text may always have this much, while the frame has room
constexpr size_t kOverLimit = 64;  // and this much when it has none
constexpr size_t kLongest = size_t{64} << 20;  // escapes can make six times as much of it

// Bytes around the texts: a pair's JSON, a row's fixed columns.
constexpr size_t kPairBytes = 28;
constexpr size_t kRowBytes = 220;
constexpr size_t kEventBytes = 60;

// Texts by the power of two below their length.
class Sizes {
 public:
  void Fixed(size_t bytes) { fixed_ += bytes; }
  void Text(size_t bytes, size_t times = 1) {
    if (bytes <= kShortest) {
      fixed_ += bytes * times;
      return;
    }
    const size_t power = static_cast<size_t>(std::bit_width(bytes));
    count_[power] += times;
    sum_[power] += bytes * times;
  }
  void Pair(std::string_view key, const Value& value, size_t times = 1) {
    Fixed((kPairBytes + key.size()) * times);
    Text(value.text().size(), times);
  }
  void Pairs(Attributes attributes, size_t times = 1) {
    for (const Attribute& attribute : attributes) Pair(attribute.key, attribute.value, times);
  }
  // The frame's size when no text is longer than `limit`, a power of two.
  size_t Total(size_t limit) const {
    size_t texts = 0;
    for (size_t power = 0; power < count_.size(); ++power) {
      const bool longer = power > static_cast<size_t>(std::bit_width(limit - 1));
      texts += longer ? count_[power] * limit : sum_[power];
    }
    return fixed_ + texts + texts / 8;  // escapes of an ordinary text
  }

 private:
  size_t fixed_ = 0;
  std::array<size_t, 65> count_{};
  std::array<size_t, 65> sum_{};
};

// Attributes that many rows have, looked at once.
class SharedSizes {
 public:
  void Add(Attributes attributes) {
    if (attributes.empty()) return;
    // Mostly the row before has the same.
    if (attributes.data() != last_.data() || attributes.size() != last_.size()) {
      last_ = attributes;
      times_ = &times_of_[{attributes.data(), attributes.size()}];
    }
    ++*times_;
  }
  void AddTo(Sizes& sizes) const {
    for (const auto& [attributes, times] : times_of_) {
      sizes.Pairs(Attributes(attributes.first, attributes.second), times);
    }
  }

 private:
  absl::flat_hash_map<std::pair<const Attribute*, size_t>, size_t> times_of_;
  Attributes last_;
  size_t* times_ = nullptr;
};

Sizes Measure(const weave::Woven& woven) {
  Sizes sizes;
  SharedSizes resources, scopes;
  for (const weave::Row& row : woven.rows) {
    sizes.Fixed(kRowBytes + row.operation_name.size() + row.service_name.size());
    sizes.Text(row.status_message.size());
    resources.Add(row.resource);
    sizes.Pairs(row.attributes);
    scopes.Add(row.scope_attributes);
    for (const weave::Tag& tag : row.tags) sizes.Pair(tag.key, tag.value);
    for (const SpanEvent& event : row.events) {
      sizes.Fixed(kEventBytes + event.name.size());
      sizes.Pairs(event.attributes);
    }
    for (const std::string_view stack : row.stack_traces) sizes.Text(stack.size());
  }
  resources.AddTo(sizes);
  scopes.AddTo(sizes);
  return sizes;
}

}  // namespace

TextBudget::TextBudget(const weave::Woven& woven, size_t max_attribute_bytes,
                       size_t max_frame_bytes)
    : max_attribute_bytes_(std::clamp(max_attribute_bytes, kOverLimit, kLongest)),
      max_frame_bytes_(max_frame_bytes),
      limit_(max_attribute_bytes_) {
  const Sizes sizes = Measure(woven);
  size_t limit = std::bit_ceil(limit_);
  while (limit > kShortest && sizes.Total(limit) > max_frame_bytes_) limit /= 2;
  limit_ = std::min(limit_, limit);
}

void TextBudget::Written(size_t frame_bytes) {
  if (frame_bytes > max_frame_bytes_) {
    limit_ = kOverLimit;
    full_ = true;
  } else if (frame_bytes > max_frame_bytes_ - max_frame_bytes_ / 16) {
    limit_ = std::min(limit_, kShortest);
  }
}

std::string TextBudget::Notice() const {
  if (cut_ == 0 && bare_rows_ == 0) return {};
  const std::string texts = Concat(cut_, cut_ == 1 ? " text was cut" : " texts were cut");
  if (!for_frame()) {
    return Concat(texts, " at ", limit_,
                  " bytes. To see more, raise limits.attributeBytes in the datasource's settings");
  }
  std::string notice =
      Concat("The trace is larger than an answer may be (", max_frame_bytes_, " bytes): ", texts);
  if (bare_rows_ > 0) Append(notice, " and ", bare_rows_, " rows have lost their attributes");
  Append(notice, ". To see more, raise limits.frameBytes in the datasource's settings");
  return notice;
}

}  // namespace spanlog::frame
