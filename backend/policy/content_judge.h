// Tells content from facts below the level `full`, also under names that nobody knows.
#pragma once

#include <string_view>
#include <vector>

#include "base/text.h"
#include "model/value.h"
#include "policy/said_texts.h"
#include "weave/woven.h"

namespace spanlog::policy {

// Not thread-safe. Views into the rows it was made from: they must outlive it.
class ContentJudge {
 public:
  explicit ContentJudge(const std::vector<weave::Row>& rows) : said_(rows) {}

  // By the key where it is known. Else a value is content when it is longer than any label would
  // be, or repeats (the beginning of) something that was said.
  bool IsContent(std::string_view key, const Value& value);

  // A span's or event's name that is a text of somebody instead of a name.
  bool IsSpokenName(std::string_view name) const;

 private:
  enum class Kind : uint8_t { kUnknown, kContent, kTechnical };
  Kind KindOf(std::string_view key);

  SaidTexts said_;
  StringMap<Kind, std::string> kinds_;
};

// The same for a list of values of one key, without a trace at hand.
bool IsContentValue(std::string_view key, std::string_view value);

}  // namespace spanlog::policy
