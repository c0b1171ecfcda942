#include "policy/redactor.h"

#include <re2/re2.h>

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "policy/content_keys.h"

namespace spanlog::policy {
namespace {

using Json = nlohmann::ordered_json;

std::vector<std::string> SplitPath(const std::string& path) {
  std::vector<std::string> steps;
  std::string step;
  for (const char c : path) {
    if (c == '[') {
      if (!step.empty()) steps.push_back(std::move(step));
      step.clear();
    } else if (c == '.' || c == ']') {
      if (!step.empty()) steps.push_back(std::move(step));
      step.clear();
    } else {
      step += c;
    }
  }
  if (!step.empty()) steps.push_back(std::move(step));
  return steps;
}

bool WithholdAt(Json& value, const std::vector<std::string>& steps, size_t at) {
  if (at == steps.size()) {
    if (value.is_string() && value.get_ref<const std::string&>() == "[removed]") return false;
    value = "[removed]";
    return true;
  }
  bool any = false;
  const std::string& step = steps[at];
  if (value.is_object()) {
    for (auto& [key, member] : value.items()) {
      if (step == "*" || key == step) any |= WithholdAt(member, steps, at + 1);
    }
  } else if (value.is_array()) {
    for (size_t i = 0; i < value.size(); ++i) {
      // A path may leave list positions out: messages.content reaches each message.
      if (step == "*" || step == std::to_string(i)) {
        any |= WithholdAt(value[i], steps, at + 1);
      } else {
        any |= WithholdAt(value[i], steps, at);
      }
    }
  }
  return any;
}

}  // namespace

struct Redactor::Rules {
  std::vector<std::unique_ptr<RE2>> regexes;
  std::vector<std::string> replacements;
  std::vector<std::string> attributes;
  std::vector<std::vector<std::string>> paths;
};

Redactor::Redactor(const Policy& policy) : rules_(std::make_unique<Rules>()) {
  for (const RegexRule& rule : policy.regexes) {
    rules_->regexes.push_back(std::make_unique<RE2>(rule.pattern, RE2::Quiet));
    std::string name;
    for (const char c : rule.name) {
      if (c != '\\') name += c;  // a backslash would be read as a group reference
    }
    rules_->replacements.push_back(Concat("[", name, " removed]"));
  }
  rules_->attributes = policy.attributes;
  for (const std::string& path : policy.json_paths) rules_->paths.push_back(SplitPath(path));
}

Redactor::~Redactor() = default;

bool Redactor::WithholdsKey(std::string_view key) const {
  for (const std::string& pattern : rules_->attributes) {
    if (KeyMatches(key, pattern)) return true;
  }
  return false;
}

std::string_view Redactor::Apply(std::string_view text, Arena& arena, bool* removed) const {
  if (text.empty()) return text;
  std::string changed;
  bool any = false;
  const std::string_view trimmed = TrimSpace(text);
  if (!rules_->paths.empty() && (trimmed.front() == '{' || trimmed.front() == '[')) {
    Json json = Json::parse(trimmed, nullptr, false);
    if (!json.is_discarded()) {
      for (const auto& path : rules_->paths) any |= WithholdAt(json, path, 0);
      if (any) changed = json.dump(-1, ' ', false, Json::error_handler_t::replace);
    }
  }
  for (size_t i = 0; i < rules_->regexes.size(); ++i) {
    const std::string_view now = any ? std::string_view(changed) : text;
    if (!RE2::PartialMatch(re2::StringPiece(now.data(), now.size()), *rules_->regexes[i])) continue;
    if (!any) changed = std::string(text);
    RE2::GlobalReplace(&changed, *rules_->regexes[i], rules_->replacements[i]);
    any = true;
  }
  if (!any) return text;
  *removed = true;
  return arena.Copy(changed);
}

}  // namespace spanlog::policy
