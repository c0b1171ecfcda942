// Collects the tags of one row, then moves them into the arena.
#pragma once

#include <string_view>
#include <vector>

#include "base/arena.h"
#include "base/json_check.h"
#include "weave/woven.h"

namespace spanlog::weave {

class TagList {
 public:
  void Clear() { tags_.clear(); }
  void Add(std::string_view key, Value value, TagFormat format = TagFormat::kPlain) {
    tags_.push_back({key, value, format});
  }
  // Empty text adds nothing.
  void AddText(std::string_view key, std::string_view text) {
    if (!text.empty()) Add(key, Value::String(text));
  }
  // A text to be read: JSON as it is, so that Grafana pretty-prints it, other text as `type:"text"`.
  void AddContent(std::string_view key, std::string_view text) {
    Add(key, Value::String(text), IsJsonContainer(text) ? TagFormat::kPlain : TagFormat::kText);
  }
  // Fields of a record under their own names. A key that is there already is left out when it has
  // the same value; our own keys are never overwritten.
  void AddFields(Attributes attributes, size_t max_value_bytes = ~size_t{0}) {
    for (const Attribute& attribute : attributes) {
      if (attribute.value.text.size() > max_value_bytes || HasSame(attribute)) continue;
      Add(attribute.key, attribute.value);
    }
  }
  absl::Span<const Tag> Take(Arena& arena) const { return arena.CopyArray(tags_); }

 private:
  bool HasSame(const Attribute& attribute) const {
    for (const Tag& tag : tags_) {
      if (tag.key == attribute.key && tag.value.text == attribute.value.text &&
          tag.value.type == attribute.value.type) {
        return true;
      }
    }
    return false;
  }

  std::vector<Tag> tags_;
};

}  // namespace spanlog::weave
