// What a reader may see. Prompts hold personal data, so the rules run here, before
// anything leaves the process: frame, table, export and error alike.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace spanlog::policy {

// How much of the content a reader sees. Names, roles, times, tokens and errors are no content.
enum class ContentLevel : uint8_t {
  kNone,      // no message rows and no content attributes
  kMetadata,  // rows stay, their texts are withheld
  kPreview,   // the first `preview_chars` characters
  kFull,
};

struct RegexRule {
  std::string name;     // shown in place of what it removed
  std::string pattern;  // RE2
};

// jsonData.policy, checked. Immutable; shared between queries.
struct Policy {
  std::vector<RegexRule> regexes;        // built-in sets first
  std::vector<std::string> attributes;   // keys whose values are withheld; `*` is a wildcard
  std::vector<std::string> json_paths;   // dotted paths inside JSON values: messages.*.content
  std::map<std::string, ContentLevel> levels;  // by Grafana role, and "anonymous", "alerting"
  ContentLevel default_level = ContentLevel::kFull;
  size_t preview_chars = 80;
  bool media = true;
  bool audit = false;

  bool redacts() const { return !regexes.empty() || !attributes.empty() || !json_paths.empty(); }
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
ContentLevel LevelFor(const Policy& policy, std::string_view role, std::string_view login,
                      bool from_alert);

std::string_view LevelName(ContentLevel level);

}  // namespace spanlog::policy
