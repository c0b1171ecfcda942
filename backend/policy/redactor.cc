#include "policy/redactor.h"

#include <re2/re2.h>
#include <re2/set.h>

#include <algorithm>
#include <vector>

#include "base/text.h"
#include "base/wildcard.h"
#include "policy/hidden_texts.h"
#include "policy/json_edit.h"
#include "policy/rule.h"

namespace spanlog::policy {
namespace {

// JSON in a string of JSON in a string …: deeper than anything that is written on purpose.
constexpr int kMaxDepth = 6;
// Of the names around a value, and of their letters: what a rule names is shorter.
constexpr int kMostNames = 16;
constexpr size_t kLongestName = 256;

std::vector<std::string> Letters(const std::vector<std::string>& names) {
  std::vector<std::string> out;
  for (const std::string& name : names) {
    std::string letters;
    for (const char c : ToLower(name)) {
      if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) letters.push_back(c);
    }
    out.push_back(std::move(letters));
  }
  return out;
}

}  // namespace

struct Redactor::Rules {
  std::vector<Rule> regexes;
  std::unique_ptr<RE2::Set> any;  // of all that have a pattern; tells texts without a match quickly
  bool has_cards = false;
  std::vector<std::string> names;
  std::vector<std::string> attributes;
  std::vector<std::string> secret_names;
  std::vector<std::vector<std::string>> paths;

  bool empty() const {
    return regexes.empty() && attributes.empty() && secret_names.empty() && paths.empty();
  }
  bool by_key() const { return !attributes.empty() || !secret_names.empty(); }

  bool IsSecretName(std::string_view key) const {
    if (secret_names.empty() || key.size() > kLongestName) return false;
    const std::string letters = Letters({std::string(key)}).front();
    return std::any_of(secret_names.begin(), secret_names.end(),
                       [&](const std::string& name) { return EndsWith(letters, name); });
  }
  bool WithholdsKey(std::string_view key) const {
    return std::any_of(attributes.begin(), attributes.end(), [&](const std::string& pattern) {
      return MatchesKeyWildcard(key, pattern);
    });
  }

  bool MayMatch(std::string_view text) const {
    if (has_cards && text.find_first_of("0123456789") != text.npos) return true;
    if (any == nullptr) return false;
    RE2::Set::ErrorInfo error{};
    // Too large an automaton is no "no".
    return any->Match({text.data(), text.size()}, nullptr, &error) ||
           error.kind != RE2::Set::kNoError;
  }

  bool ReplaceAll(std::string_view text, bool is_json, std::string& out) const {
    if (regexes.empty() || !MayMatch(text)) return false;
    bool changed = false;
    for (const Rule& rule : regexes) {
      // Inside of JSON the ready-made rules have seen every text; across texts they would break it.
      if (is_json && rule.ready_made) continue;
      std::string next;
      if (!ReplaceMatches(changed ? std::string_view(out) : text, rule, next)) continue;
      out = std::move(next);
      changed = true;
    }
    return changed;
  }

  // `name=value` in a line, for rules by key.
  bool WithholdPairs(std::string_view text, std::string& out) const {
    if (!by_key()) return false;
    size_t copied = 0;
    bool any_pair = false;
    for (size_t at = text.find('='); at != text.npos; at = text.find('=', at + 1)) {
      size_t begin = at;
      while (begin > copied && IsNameChar(text[begin - 1])) --begin;
      const std::string_view name = text.substr(begin, at - begin);
      if (name.empty() || (!WithholdsKey(name) && !IsSecretName(name))) continue;
      const size_t end = EndOfPairValue(text, at + 1);
      if (end == at + 1) continue;
      const bool quoted = text[at + 1] == '"';
      Append(out, text.substr(copied, at + 1 - copied), quoted ? "\"" : "", kRemoved,
             quoted ? "\"" : "");
      copied = end;
      any_pair = true;
      at = end - 1;
    }
    if (any_pair) out += text.substr(copied);
    return any_pair;
  }

  bool Rewrite(std::string_view text, int depth, std::string& out) const;
};

namespace {

template <typename Rules>
class Edits final : public JsonEdits {
 public:
  Edits(const Rules& rules, int depth) : rules_(rules), depth_(depth) {}

  bool Withholds(const std::vector<JsonStep>& path, char first) const override {
    for (const auto& rule : rules_.paths) {
      if (MatchesJsonPath(rule, path)) return true;
    }
    if (!rules_.by_key()) return false;
    // {"user":{"email":…}} is user.email, whatever is around it.
    std::string key;
    bool is_member = true;
    int names = 0;
    for (auto step = path.rbegin(); step != path.rend(); ++step) {
      if (step->position >= 0) {
        is_member = is_member && !key.empty();
        continue;
      }
      if (key.empty() && first != '{' && rules_.IsSecretName(step->name)) return true;
      if (++names > kMostNames) return false;
      key = key.empty() ? step->name : Concat(step->name, ".", key);
      if (is_member && rules_.WithholdsKey(key)) return true;
      if (key.size() > kLongestName) return false;
    }
    return false;
  }

  bool Edit(std::string_view text, std::string& out) const override {
    return rules_.Rewrite(text, depth_ + 1, out);
  }

 private:
  const Rules& rules_;
  const int depth_;
};

}  // namespace

bool Redactor::Rules::Rewrite(std::string_view text, int depth, std::string& out) const {
  const std::string_view trimmed = TrimSpace(text);
  if (trimmed.empty()) return false;
  bool changed = false;
  bool is_json = false;
  if (depth < kMaxDepth && (trimmed.front() == '{' || trimmed.front() == '[')) {
    const JsonResult result = EditJson(text, Edits<Rules>(*this, depth), kRemoved, out);
    is_json = result != JsonResult::kNotJson;
    changed = result == JsonResult::kChanged;
    if (!is_json) out.clear();
  } else if (depth < kMaxDepth && IsJsonString(trimmed)) {
    std::string inside;
    if (Rewrite(DecodeJsonString(trimmed.substr(1, trimmed.size() - 2)), depth + 1, inside)) {
      out.assign(1, '"');
      AppendJsonEncoded(out, inside);
      out.push_back('"');
      changed = true;
    }
    is_json = true;
  } else if (depth < kMaxDepth) {
    std::string hidden;
    const std::string decoded = FromBase64(trimmed);
    if (!decoded.empty() && Rewrite(decoded, depth + 1, hidden)) {
      out = "[encoded text removed]";
      return true;
    }
  }
  std::string next;
  if (!is_json && WithholdPairs(text, next)) {
    out = std::move(next);
    changed = true;
  }
  next.clear();
  if (ReplaceAll(changed ? std::string_view(out) : text, is_json, next)) {
    out = std::move(next);
    changed = true;
  }
  return changed;
}

Redactor::Redactor(const Policy& policy) : rules_(std::make_unique<Rules>()) {
  RE2::Options options(RE2::Quiet);
  auto any = std::make_unique<RE2::Set>(options, RE2::UNANCHORED);
  bool has_pattern = false;
  for (const RegexRule& rule : policy.regexes) {
    Rule compiled;
    compiled.replacement = Concat("[", rule.name, " removed]");
    compiled.check = rule.check;
    compiled.ready_made = rule.ready_made;
    if (rule.check == Check::kCard) {
      rules_->has_cards = true;
    } else {
      compiled.regex = std::make_unique<RE2>(rule.pattern, options);
      if (rule.ready_made && compiled.regex->NumberOfCapturingGroups() > 0) compiled.group = 1;
      any->Add(rule.pattern, nullptr);
      has_pattern = true;
    }
    rules_->regexes.push_back(std::move(compiled));
    if (std::find(rules_->names.begin(), rules_->names.end(), rule.name) == rules_->names.end()) {
      rules_->names.push_back(rule.name);
    }
  }
  if (has_pattern && any->Compile()) rules_->any = std::move(any);
  rules_->attributes = policy.attributes;
  rules_->secret_names = Letters(policy.secret_names);
  rules_->paths = policy.json_paths;
}

Redactor::~Redactor() = default;

bool Redactor::WithholdsKey(std::string_view key) const {
  return rules_->WithholdsKey(key) || rules_->IsSecretName(key);
}

std::string_view Redactor::Apply(std::string_view text, Arena& arena, bool* removed) const {
  if (text.empty() || rules_->empty()) return text;
  std::string out;
  if (!rules_->Rewrite(text, 0, out)) return text;
  *removed = true;
  return arena.Copy(out);
}

void Redactor::ApplyTo(std::string_view key, Value& value, Arena& arena, bool* removed) const {
  if (rules_->empty() || value.type == ValueType::kEmpty) return;
  const bool is_map = value.type == ValueType::kJson && StartsWith(value.text(), "{");
  if (rules_->WithholdsKey(key) || (!is_map && rules_->IsSecretName(key))) {
    if (value.type != ValueType::kString || value.text() != kRemoved) *removed = true;
    value = Value::String(kRemoved);
    return;
  }
  std::string out;
  if (value.type == ValueType::kInt) {
    if (!rules_->Rewrite(Concat(value.integer), 0, out)) return;
  } else if (value.text().empty() || !rules_->Rewrite(value.text(), 0, out)) {
    return;
  }
  *removed = true;
  const std::string_view copy = arena.Copy(out);
  value = value.type == ValueType::kJson ? Value::Json(copy) : Value::String(copy);
}

void Redactor::NamesIn(std::string_view text, std::set<std::string, std::less<>>& names) const {
  constexpr std::string_view kEnd = " removed]", kEncoded = "encoded text";
  size_t longest = kEncoded.size();
  for (const std::string& name : rules_->names) longest = std::max(longest, name.size());
  if (Contains(text, kRemoved)) names.emplace("values");
  for (size_t at = text.find(kEnd); at != text.npos; at = text.find(kEnd, at + 1)) {
    // No farther back than a name can begin.
    std::string_view name = text.substr(0, at);
    name.remove_prefix(name.size() - std::min(name.size(), longest + 1));
    const size_t begin = name.rfind('[');
    if (begin == name.npos) continue;
    name.remove_prefix(begin + 1);
    if (name == kEncoded ||
        std::find(rules_->names.begin(), rules_->names.end(), name) != rules_->names.end()) {
      names.emplace(name);
    }
  }
}

}  // namespace spanlog::policy
