// Removes what the policy's rules name from texts.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "base/arena.h"
#include "model/value.h"
#include "policy/policy.h"

namespace spanlog::policy {

// What stands for a value that a rule removed whole.
inline constexpr std::string_view kRemoved = "[removed]";

// Compiled rules. Thread-safe after construction.
class Redactor {
 public:
  explicit Redactor(const Policy& policy);
  ~Redactor();

  // `text` itself when nothing was to be removed, else a copy in the arena with "[<name> removed]"
  // in place of each match, and `*removed` set. JSON is read: a rule sees its texts as a reader
  // does, without escapes, also where a text holds JSON or base64 again, and the JSON stays JSON.
  std::string_view Apply(std::string_view text, Arena& arena, bool* removed) const;

  // One attribute. Also sees to rules by key and to numbers, which become texts where they must go.
  void ApplyTo(std::string_view key, Value& value, Arena& arena, bool* removed) const;

  // True when the rules withhold the whole value of this attribute.
  bool WithholdsKey(std::string_view key) const;

  // Adds the names of the rules that left their mark in `text`.
  void NamesIn(std::string_view text, std::set<std::string, std::less<>>& names) const;

 private:
  struct Rules;
  std::unique_ptr<Rules> rules_;
};

}  // namespace spanlog::policy
