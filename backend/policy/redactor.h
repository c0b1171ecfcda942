// Removes what the policy's rules name from texts.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "policy/policy.h"

namespace spanlog::policy {

// Compiled rules. Thread-safe after construction.
class Redactor {
 public:
  explicit Redactor(const Policy& policy);
  ~Redactor();

  // `text` itself when nothing was to be removed, else a copy in the arena with "[<name> removed]"
  // in place of each match, and `*removed` set. JSON values keep their shape.
  std::string_view Apply(std::string_view text, Arena& arena, bool* removed) const;

  // True when the rules withhold the whole value of this attribute.
  bool WithholdsKey(std::string_view key) const;

 private:
  struct Rules;
  std::unique_ptr<Rules> rules_;
};

}  // namespace spanlog::policy
