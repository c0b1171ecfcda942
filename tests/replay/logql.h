// The part of LogQL that log queries for traces need: a selector, line filters, label filters
// (and, or, commas, parentheses), `| json`, `| logfmt`, `| regexp`, `| decolorize`.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "replay/loki_entry.h"

namespace spanlog::replay {

// One comparison, fully anchored where it is a regular expression.
class LabelMatcher {
 public:
  static absl::StatusOr<LabelMatcher> Make(std::string name, std::string op, std::string value);
  const std::string& name() const { return name_; }
  bool Matches(std::string_view value) const { return test_(value); }
  // Takes values, but never the empty one: what every selector needs at least once.
  bool IsSelective() const;

 private:
  std::string name_, op_;
  std::function<bool(std::string_view)> test_;
};

// Keeps or drops an entry; a parser stage adds to entry.parsed.
using LogStage = std::function<bool(LokiEntry& entry)>;

class LogQuery {
 public:
  // InvalidArgument in Loki's words for what is no LogQL, Unimplemented for what is not evaluated
  // here.
  static absl::StatusOr<LogQuery> Parse(std::string_view text);

  bool Selects(const Labels& stream) const;
  bool Keep(LokiEntry& entry) const;

 private:
  friend class LogQlParser;
  std::vector<LabelMatcher> matchers_;
  std::vector<LogStage> stages_;
};

}  // namespace spanlog::replay
