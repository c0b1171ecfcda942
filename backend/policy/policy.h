// What a reader may see. Prompts hold personal data, so the rules run here, before
// anything leaves the process: frame, table, export and error alike.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace spanlog::policy {

// How much of the content a reader sees. Names, roles, times, tokens and error flags are no
// content.
enum class ContentLevel : uint8_t {
  kNone,      // no message rows and no content attributes
  kMetadata,  // rows stay, their texts are withheld
  kPreview,   // the first `preview_chars` characters
  kFull,
};

// What a match of a ready-made rule must be beside its pattern.
enum class Check : uint8_t {
  kNone,
  kKeyLike,    // a digit or a capital in it: "sk-learn-tutorial" is no key
  kTokenLike,  // a digit or a sign in it: "bearer certificates" is no token
  kBasic,      // base64 of "user:password": "basic understanding" is none
  kCard,       // the rule has no pattern: digits with a card's prefix, length and check digit
};

struct RegexRule {
  std::string name;     // shown in place of what it removed
  std::string pattern;  // RE2; of a ready-made rule with a group the group alone is removed
  Check check = Check::kNone;
  bool ready_made = false;
};

// jsonData.policy, checked. Immutable; shared between queries.
struct Policy {
  std::vector<RegexRule> regexes;         // in the order of the settings
  std::vector<std::string> attributes;    // keys whose values are withheld; `*` is a wildcard
  std::vector<std::string> secret_names;  // ends of names whose values are secrets, letters only
  std::vector<std::vector<std::string>> json_paths;  // steps; see ParseJsonPath
  std::map<std::string, ContentLevel> levels;        // by Grafana role, and "anonymous", "alerting"
  ContentLevel default_level = ContentLevel::kFull;
  size_t preview_chars = 80;
  bool media = true;
  bool audit = false;

  bool redacts() const {
    return !regexes.empty() || !attributes.empty() || !secret_names.empty() || !json_paths.empty();
  }
};

// InvalidArgument names the key and what it may be; a regular expression that RE2 refuses is quoted
// with RE2's reason. Empty text is the policy that allows everything.
//
//   redact: [{builtin: emails}, {regex: "sk-\\w+", name: key}, {attribute: user.email},
//            {jsonPath: "messages.*.content"}]
//   levels: {Viewer: preview, Editor: full, Admin: full, anonymous: metadata, alerting: none}
//   previewChars: 80
//   media: true
//   audit: false
absl::StatusOr<Policy> ParsePolicy(std::string_view json);

// The reader's level. An unknown role gets the strictest level that the policy names for any role,
// so that a new kind of user never sees more than the least trusted known one.
//
// Grafana 12 hands a FromAlert header of any HTTP request on, so a person can claim to be alerting:
// who is named and no admin (alerting itself comes as one) gets the stricter of both levels.
ContentLevel LevelFor(const Policy& policy, std::string_view role, std::string_view login,
                      bool from_alert);

// The word for a level: in the settings, in warnings and in the audit line.
constexpr std::string_view LevelName(ContentLevel level) {
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
