#include "policy/policy.h"

#include <re2/re2.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "policy/builtins.h"

namespace spanlog::policy {
namespace {

using Json = nlohmann::json;

absl::Status Bad(std::string_view what) {
  return absl::InvalidArgumentError(Concat("jsonData.policy: ", what));
}

bool ParseLevel(const std::string& word, ContentLevel& level) {
  if (word == "none") {
    level = ContentLevel::kNone;
  } else if (word == "metadata") {
    level = ContentLevel::kMetadata;
  } else if (word == "preview") {
    level = ContentLevel::kPreview;
  } else if (word == "full") {
    level = ContentLevel::kFull;
  } else {
    return false;
  }
  return true;
}

std::string TextOf(const Json& rule, const char* key) {
  const auto found = rule.find(key);
  return found != rule.end() && found->is_string() ? found->get<std::string>() : std::string();
}

absl::Status AddRule(const Json& rule, Policy& policy) {
  if (!rule.is_object()) {
    return Bad("redact: each rule is an object with builtin, regex, attribute or jsonPath");
  }
  const std::string builtin = TextOf(rule, "builtin");
  const std::string regex = TextOf(rule, "regex");
  const std::string attribute = TextOf(rule, "attribute");
  const std::string path = TextOf(rule, "jsonPath");
  if (!builtin.empty()) {
    const std::vector<RegexRule> rules = BuiltinRules(builtin);
    if (rules.empty()) {
      return Bad(Concat("redact: unknown builtin \"", builtin, "\"; there are ", BuiltinNames()));
    }
    policy.regexes.insert(policy.regexes.end(), rules.begin(), rules.end());
    return absl::OkStatus();
  }
  if (!regex.empty()) {
    const RE2 compiled(regex, RE2::Quiet);
    if (!compiled.ok()) {
      return Bad(Concat("redact: the regular expression \"", regex, "\" is not RE2: ",
                        compiled.error()));
    }
    std::string name = TextOf(rule, "name");
    policy.regexes.push_back({name.empty() ? "redacted" : std::move(name), regex});
    return absl::OkStatus();
  }
  if (!attribute.empty()) {
    policy.attributes.push_back(attribute);
    return absl::OkStatus();
  }
  if (!path.empty()) {
    policy.json_paths.push_back(StartsWith(path, "$.") ? path.substr(2) : path);
    return absl::OkStatus();
  }
  return Bad("redact: a rule needs one of builtin, regex, attribute, jsonPath");
}

}  // namespace

absl::StatusOr<Policy> ParsePolicy(std::string_view text) {
  Policy policy;
  if (TrimSpace(text).empty()) return policy;
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) return Bad("must be an object");
  for (const auto& [key, value] : json.items()) {
    if (key == "redact") {
      if (!value.is_array()) return Bad("redact must be a list of rules");
      for (const Json& rule : value) {
        const absl::Status status = AddRule(rule, policy);
        if (!status.ok()) return status;
      }
    } else if (key == "levels") {
      if (!value.is_object()) return Bad("levels must be an object of role: level");
      for (const auto& [role, word] : value.items()) {
        ContentLevel level;
        if (!word.is_string() || !ParseLevel(word.get<std::string>(), level)) {
          return Bad(Concat("levels.", role, " must be none, metadata, preview or full"));
        }
        policy.levels[role] = level;
      }
    } else if (key == "previewChars") {
      if (!value.is_number_integer() || value.get<int64_t>() < 0 || value.get<int64_t>() > 100'000) {
        return Bad("previewChars must be a whole number from 0 to 100000");
      }
      policy.preview_chars = value.get<size_t>();
    } else if (key == "media" || key == "audit") {
      if (!value.is_boolean()) return Bad(Concat(key, " must be true or false"));
      (key == "media" ? policy.media : policy.audit) = value.get<bool>();
    } else {
      // A misspelt rule that is silently ignored would show what it should hide.
      return Bad(Concat("unknown key \"", key,
                        "\"; there are redact, levels, previewChars, media, audit"));
    }
  }
  return policy;
}

ContentLevel LevelFor(const Policy& policy, std::string_view role, std::string_view login,
                      bool from_alert) {
  if (policy.levels.empty()) return policy.default_level;
  const auto find = [&](std::string_view name) { return policy.levels.find(std::string(name)); };
  auto found = policy.levels.end();
  if (from_alert) {
    found = find("alerting");
  } else if (login.empty()) {
    found = find("anonymous");
  } else if (!role.empty()) {
    found = find(role);
  }
  if (found != policy.levels.end()) return found->second;
  ContentLevel strictest = ContentLevel::kFull;
  for (const auto& [name, level] : policy.levels) strictest = std::min(strictest, level);
  return strictest;
}

std::string_view LevelName(ContentLevel level) {
  switch (level) {
    case ContentLevel::kNone:
      return "none";
    case ContentLevel::kMetadata:
      return "metadata";
    case ContentLevel::kPreview:
      return "preview";
    case ContentLevel::kFull:
      return "full";
  }
  return "none";
}

}  // namespace spanlog::policy
