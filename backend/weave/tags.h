// Collects the tags of one row, then moves them into the arena.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/hash/hash.h"
#include "base/arena.h"
#include "base/json_check.h"
#include "weave/woven.h"

namespace spanlog::weave {

class TagList {
 public:
  void Clear() {
    tags_.clear();
    marked_ = 0;
    if (indexed_ == 0) return;
    index_.clear();
    indexed_ = 0;
  }
  void Add(std::string_view key, const Value& value, TagFormat format = TagFormat::kPlain) {
    // In its place: a tag that is made elsewhere and then copied waits for its own small fields.
    Tag& tag = tags_.emplace_back();
    tag.key = key;
    tag.value = value;
    tag.format = format;
    marked_ |= MarkOf(key);
  }
  // Empty text adds nothing.
  void AddText(std::string_view key, std::string_view text) {
    if (!text.empty()) Add(key, Value::String(text));
  }
  // A text to be read: JSON as it is, so that Grafana pretty-prints it, other text as
  // `type:"text"`.
  void AddContent(std::string_view key, std::string_view text) {
    Add(key, Value::String(text), IsJsonContainer(text) ? TagFormat::kPlain : TagFormat::kText);
  }
  // Fields of a record under their own names. A key that is there already is left out when it has
  // the same value; our own keys are never overwritten.
  void AddFields(Attributes attributes, size_t max_value_bytes = ~size_t{0}) {
    for (const Attribute& attribute : attributes) {
      if (attribute.value.text().size() > max_value_bytes || HasSame(attribute)) continue;
      Add(attribute.key, attribute.value);
    }
  }
  absl::Span<const Tag> Take(Arena& arena) const { return arena.CopyArray(tags_); }

 private:
  // A bit of 64 by which most keys that are not there are known without a look at the others.
  static uint64_t MarkOf(std::string_view key) {
    if (key.empty()) return 1;
    const auto first = static_cast<uint8_t>(key.front()), last = static_cast<uint8_t>(key.back());
    return uint64_t{1} << ((key.size() * 5 + first * 3u + last * 7u) % 64);
  }

  struct Pair {
    std::string_view key, text;
    ValueType type;
    bool operator==(const Pair&) const = default;
  };
  struct PairHash {
    size_t operator()(const Pair& pair) const {
      return absl::HashOf(std::hash<std::string_view>{}(pair.key),
                          std::hash<std::string_view>{}(pair.text));
    }
  };

  bool HasSame(const Attribute& attribute) {
    if ((marked_ & MarkOf(attribute.key)) == 0) return false;
    // A record may have 100,000 fields.
    constexpr size_t kFew = 64;
    if (tags_.size() > kFew) {
      for (; indexed_ < tags_.size(); ++indexed_) {
        const Tag& tag = tags_[indexed_];
        index_.insert({tag.key, tag.value.text(), tag.value.type});
      }
      return index_.contains({attribute.key, attribute.value.text(), attribute.value.type});
    }
    for (const Tag& tag : tags_) {
      if (tag.key == attribute.key && tag.value.text() == attribute.value.text() &&
          tag.value.type == attribute.value.type) {
        return true;
      }
    }
    return false;
  }

  std::vector<Tag> tags_;
  uint64_t marked_ = 0;                        // by MarkOf the keys that are there
  absl::flat_hash_set<Pair, PairHash> index_;  // the first of them, once they are many
  size_t indexed_ = 0;
};

}  // namespace spanlog::weave
