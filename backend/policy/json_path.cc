#include "policy/json_path.h"

#include "base/text.h"

namespace spanlog::policy {
namespace {

bool IsNumber(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == text.npos;
}

bool Matches(const std::vector<std::string>& rule, size_t r, const std::vector<JsonStep>& path,
             size_t p) {
  if (r == rule.size()) return p == path.size();
  if (rule[r] == "**") {
    for (size_t skip = p; skip <= path.size(); ++skip) {
      if (Matches(rule, r + 1, path, skip)) return true;
    }
    return false;
  }
  if (p == path.size()) return false;
  const JsonStep& step = path[p];
  const bool here = rule[r] == "*" || (step.position >= 0 ? rule[r] == std::to_string(step.position)
                                                          : rule[r] == step.name);
  if (here && Matches(rule, r + 1, path, p + 1)) return true;
  return step.position >= 0 && Matches(rule, r, path, p + 1);
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
  return steps;
}

bool MatchesJsonPath(const std::vector<std::string>& rule, const std::vector<JsonStep>& path) {
  return Matches(rule, 0, path, 0);
}

}  // namespace spanlog::policy
