#include "policy/json_path.h"

#include "base/text.h"

namespace spanlog::policy {
namespace {

bool IsNumber(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == text.npos;
}

constexpr size_t kMostSteps = 63;

bool IsStep(const std::string& rule, const JsonStep& step) {
  return rule == "*" ||
         (step.position >= 0 ? rule == std::to_string(step.position) : rule == step.name);
}

// How much of the rule may be behind what was read of the path: bit r for its first r steps. "**"
// may also stand for nothing.
uint64_t WithoutSteps(const std::vector<std::string>& rule, uint64_t reached) {
  for (size_t r = 0; r < rule.size(); ++r) {
    if ((reached >> r & 1) != 0 && rule[r] == "**") reached |= uint64_t{2} << r;
  }
  return reached;
}

}  // namespace

absl::StatusOr<std::vector<std::string>> ParseJsonPath(std::string_view path) {
  std::vector<std::string> steps;
  const std::string whole(path);
  const auto bad = [&](std::string_view why) {
    return absl::InvalidArgumentError(
        Concat("redact: the jsonPath \"", whole, "\" ", why,
               "; write member names, positions and *: messages.*.content or $..email"));
  };
  path = TrimSpace(path);
  if (StartsWith(path, "$")) path.remove_prefix(1);
  while (!path.empty()) {
    if (StartsWith(path, "..")) {
      steps.emplace_back("**");
      path.remove_prefix(2);
    } else if (path.front() == '.') {
      path.remove_prefix(1);
    } else if (path.front() == '[') {
      const char quote = path.size() > 1 ? path[1] : ' ';
      if (quote == '\'' || quote == '"') {
        const size_t end = path.find(quote, 2);
        if (end == path.npos || end + 1 >= path.size() || path[end + 1] != ']') {
          return bad("has a [ without its end");
        }
        steps.emplace_back(path.substr(2, end - 2));
        path.remove_prefix(end + 2);
        continue;
      }
      const size_t end = path.find(']');
      if (end == path.npos) return bad("has a [ without its end");
      const std::string_view step = path.substr(1, end - 1);
      if (step != "*" && !IsNumber(step)) return bad("has a filter or slice, which is not known");
      steps.emplace_back(step);
      path.remove_prefix(end + 1);
    } else {
      const size_t end = std::min(path.find_first_of(".["), path.size());
      steps.emplace_back(path.substr(0, end));
      path.remove_prefix(end);
    }
  }
  if (steps.empty() || steps.back() == "**") return bad("names no member");
  if (steps.size() > kMostSteps) return bad("has more than 63 steps");
  return steps;
}

bool MatchesJsonPath(const std::vector<std::string>& rule, const std::vector<JsonStep>& path) {
  uint64_t reached = WithoutSteps(rule, 1);
  for (const JsonStep& step : path) {
    uint64_t next = 0;
    for (size_t r = 0; r < rule.size(); ++r) {
      if ((reached >> r & 1) == 0) continue;
      const bool stays = rule[r] == "**" || step.position >= 0;
      if (stays) next |= uint64_t{1} << r;
      if (rule[r] != "**" && IsStep(rule[r], step)) next |= uint64_t{2} << r;
    }
    if (next == 0) return false;
    reached = WithoutSteps(rule, next);
  }
  return (reached >> rule.size() & 1) != 0;
}

}  // namespace spanlog::policy
