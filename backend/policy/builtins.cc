#include "policy/builtins.h"

#include <algorithm>
#include <string>

#include "absl/strings/escaping.h"
#include "base/text.h"

namespace spanlog::policy {
namespace {

RegexRule Rule(std::string_view name, std::string_view pattern, Check check = Check::kNone) {
  return {std::string(name), std::string(pattern), check, true};
}

// Prefixes that providers give their keys. At the end of a text a key may be cut short.
constexpr std::string_view kPrefixed =
    R"(\b(?:(?:sk|pk|xai|pplx|tvly|nvapi|glpat|pypi|xox[abeoprs]|xapp)-|)"
    R"((?:sk|pk|rk|gsk|hf|r8|ghp|gho|ghs|ghu|ghr|github_pat|glsa|glc|npm|lsv2|dop_v1|shpat)_))"
    R"((?:[A-Za-z0-9_\-]{12,}|[A-Za-z0-9_\-]{4,}\z))";
constexpr std::string_view kOwnForm =
    R"(\b(?:(?:AKIA|ASIA)[0-9A-Z]{12,}|AIza[0-9A-Za-z_\-]{20,}|ya29\.[0-9A-Za-z_\-]{10,}|SG\.[\w\-]{16,}\.[\w\-]{16,}|)"
    R"(eyJ[A-Za-z0-9_\-]{8,}(?:\.[A-Za-z0-9_\-]*){0,2}))";
// name = value, name: "value", also with the quotes escaped.
constexpr std::string_view kAssigned =
    R"((?i)(?:api[_\- ]?key|secret(?:[_\- ]?key)?|access[_\- ]?(?:token|key)|auth[_\- ]?token|refresh[_\- ]?token|password|passwd|passphrase))"
    R"(\\?["']?\s*(?:[:=]|=>|is:)\s*\\?["']?([^\s"'\\,;}\[\]]{4,}))";
constexpr std::string_view kPrivateKey =
    R"(-----BEGIN [A-Z ]*PRIVATE KEY-----(?:[A-Za-z0-9+/=\s,:\-]|\\n|\\r)*(?:-----END [A-Z ]*PRIVATE KEY-----|\z))";

constexpr std::string_view kBearer = R"((?i)\bbearer\s+([A-Za-z0-9\-._~+/]{8,}=*))";
constexpr std::string_view kBasic = R"((?i)\bbasic\s+([A-Za-z0-9+/\-_]{6,}={0,2}))";
constexpr std::string_view kAuthorization =
    R"((?i)\bauthorization\\?["']?\s*[:=]\s*\\?["']?(?:(?:bearer|basic|token|digest|apikey)\s+)?([^\s"'\\,;\[\]]{6,}))";
constexpr std::string_view kCookie = R"((?i)\b(?:set-)?cookie\s*:\s*([^\r\n"\[\]]{6,}))";

// The @ also as it is written in URLs, HTML and JSON. Scripts that write without blanks are left
// out, or the words around an address would go with it.
constexpr std::string_view kEmail =
    R"([\p{Latin}\p{Greek}\p{Cyrillic}\d._%+\-]+(?:@|%40|&#64;|&#x40;|\\u0040))"
    R"((?:[\p{Latin}\p{Greek}\p{Cyrillic}\d\-]+\.)*(?:[\p{Latin}\p{Greek}\p{Cyrillic}\d\-]+\.[\p{Latin}\p{Greek}\p{Cyrillic}]{2,}|[\p{Latin}\p{Greek}\p{Cyrillic}\d\-.]*\z))";

constexpr std::string_view kInternational =
    R"((?:^|[^\w.,+])((?:\+|00[1-9])\d{0,3}[ \-./]?(?:\(\d{1,5}\)|\d)[\d \-./()]{5,16}\d)\b)";
constexpr std::string_view kNorthAmerican =
    R"((?:^|[^\w.,+\-])((?:1[\-. ])?(?:\(\d{3}\) ?|\d{3}[\-. ])\d{3}[\-. ]\d{4})(?:$|[^\w\-]))";
constexpr std::string_view kNational =
    R"((?:^|[^\w.,:+\-/])(0\d{2,4}[ /\-]\d{3,}(?:[ \-]?\d{2,}){0,4})(?:$|[^\w:\-/]))";

}  // namespace

std::vector<RegexRule> BuiltinRules(std::string_view name) {
  if (name == "apiKeys") {
    return {Rule("api key", kPrefixed, Check::kKeyLike), Rule("api key", kOwnForm),
            Rule("api key", kAssigned), Rule("private key", kPrivateKey)};
  }
  if (name == "bearerTokens") {
    return {Rule("token", kAuthorization, Check::kTokenLike),
            Rule("token", kBearer, Check::kTokenLike), Rule("token", kBasic, Check::kBasic),
            Rule("token", kCookie)};
  }
  if (name == "emails") return {Rule("e-mail", kEmail)};
  if (name == "phones") {
    return {Rule("phone", kInternational), Rule("phone", kNorthAmerican), Rule("phone", kNational)};
  }
  if (name == "cards") return {Rule("card", "", Check::kCard)};
  return {};
}

std::vector<std::string_view> BuiltinSecretNames(std::string_view name) {
  if (name == "apiKeys") {
    return {"password",  "passwd",     "passphrase",  "secret",       "apikey",    "secretkey",
            "accesskey", "privatekey", "accesstoken", "refreshtoken", "authtoken", "sessiontoken"};
  }
  if (name == "bearerTokens") {
    return {"authorization", "bearertoken", "idtoken", "cookie"};
  }
  return {};
}

std::string_view BuiltinNames() { return "apiKeys, bearerTokens, emails, phones, cards"; }

bool PassesCheck(Check check, std::string_view match) {
  if (check == Check::kKeyLike) {
    const auto upper = [](char c) { return c >= 'A' && c <= 'Z'; };
    return match.find_first_of("0123456789") != match.npos ||
           std::any_of(match.begin(), match.end(), upper);
  }
  if (check == Check::kTokenLike) {
    const bool has_sign = match.find_first_of("0123456789_~+=") != match.npos;
    const bool has_dot = match.substr(0, match.size() - 1).find('.') != match.npos;
    return has_sign || has_dot || match.size() >= 16;
  }
  if (check == Check::kBasic) {
    std::string decoded;
    const absl::string_view text(match.data(), match.size());
    return (absl::Base64Unescape(text, &decoded) || absl::WebSafeBase64Unescape(text, &decoded)) &&
           Contains(decoded, ":");
  }
  return true;
}

}  // namespace spanlog::policy
