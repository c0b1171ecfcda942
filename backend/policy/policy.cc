#include "policy/policy.h"

#include <re2/re2.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "policy/builtins.h"
#include "policy/json_path.h"

namespace spanlog::policy {
namespace {

using Json = nlohmann::json;

absl::Status Bad(std::string_view what) {
  return absl::InvalidArgumentError(Concat("jsonData.policy: ", what));
}

bool ParseLevel(const std::string& word, ContentLevel& level) {
  for (const ContentLevel known : {ContentLevel::kNone, ContentLevel::kMetadata,
                                   ContentLevel::kPreview, ContentLevel::kFull}) {
    if (word != LevelName(known)) continue;
    level = known;
    return true;
  }
  return false;
}

std::string TextOf(const Json& rule, const char* key) {
  const auto found = rule.find(key);
  return found != rule.end() && found->is_string() ? found->get<std::string>() : std::string();
}

// The name as the policy keeps it, empty when there is no such role.
std::string_view KnownRole(std::string_view role) {
  for (const std::string_view known :
       {"Admin", "Editor", "Viewer", "None", "anonymous", "alerting"}) {
    if (EqualsIgnoreCase(role, known)) return known;
  }
  return {};
}

ContentLevel LevelOf(const Policy& policy, std::string_view name) {
  const auto found = policy.levels.find(std::string(name));
  if (found != policy.levels.end()) return found->second;
  ContentLevel strictest = ContentLevel::kFull;
  for (const auto& [role, level] : policy.levels) strictest = std::min(strictest, level);
  return strictest;
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
    for (const std::string_view secret : BuiltinSecretNames(builtin)) {
      policy.secret_names.emplace_back(secret);
    }
    return absl::OkStatus();
  }
  if (!regex.empty()) {
    const RE2 compiled(regex, RE2::Quiet);
    if (!compiled.ok()) {
      return Bad(
          Concat("redact: the regular expression \"", regex, "\" is not RE2: ", compiled.error()));
    }
    if (RE2::PartialMatch("", compiled)) {
      return Bad(Concat("redact: the regular expression \"", regex,
                        "\" matches an empty text, so it would match everywhere"));
    }
    std::string name = TextOf(rule, "name");
    if (name.empty()) name = "text";
    if (name.size() > 60 || name.find_first_of("[]\"\\\n") != name.npos) {
      return Bad("redact: name may have 60 characters, without quotes, brackets and backslashes");
    }
    policy.regexes.push_back({std::move(name), regex});
    return absl::OkStatus();
  }
  if (!attribute.empty()) {
    policy.attributes.push_back(attribute);
    return absl::OkStatus();
  }
  if (!path.empty()) {
    auto steps = ParseJsonPath(path);
    if (!steps.ok()) return Bad(std::string(steps.status().message()));
    policy.json_paths.push_back(*std::move(steps));
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
        const std::string_view known = KnownRole(role);
        if (known.empty()) {
          return Bad(
              Concat("levels.", role,
                     " is no role; there are Admin, Editor, Viewer, None, anonymous, alerting"));
        }
        ContentLevel level;
        if (!word.is_string() || !ParseLevel(word.get<std::string>(), level)) {
          return Bad(Concat("levels.", role, " must be none, metadata, preview or full"));
        }
        policy.levels[std::string(known)] = level;
      }
    } else if (key == "previewChars") {
      if (!value.is_number_integer() || value.get<int64_t>() < 0 ||
          value.get<int64_t>() > 100'000) {
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
  const ContentLevel own = LevelOf(policy, login.empty() ? "anonymous" : KnownRole(role));
  if (!from_alert) return own;
  const ContentLevel alerting = LevelOf(policy, "alerting");
  const bool is_alerting = (login.empty() && role.empty()) || (!login.empty() && role == "Admin");
  return is_alerting ? alerting : std::min(alerting, own);
}

}  // namespace spanlog::policy
