#include "policy/builtins.h"

namespace spanlog::policy {

std::vector<RegexRule> BuiltinRules(std::string_view name) {
  if (name == "apiKeys") {
    return {
        // Provider keys have prefixes of their own; the rest is long enough not to be a word.
        {"api key",
         R"(\b(?:sk|pk|rk|sk-ant|sk-proj|sk-lf|pk-lf|xox[abprs]|ghp|gho|ghs|ghu|glpat|hf|gsk|AKIA|ASIA|AIza|ya29|eyJ)[-_.]?[A-Za-z0-9][A-Za-z0-9_\-.]{14,})"},
        {"api key",
         R"((?i)\b(?:api[_-]?key|secret|access[_-]?token|password)["']?\s*[:=]\s*["']?[^\s"',;}]{6,})"},
        {"private key",
         R"(-----BEGIN [A-Z ]*PRIVATE KEY-----[A-Za-z0-9+/=\s]+-----END [A-Z ]*PRIVATE KEY-----)"},
    };
  }
  if (name == "bearerTokens") {
    return {{"token", R"((?i)\b(?:bearer|basic)\s+[A-Za-z0-9\-._~+/]{8,}=*)"}};
  }
  if (name == "emails") {
    return {{"e-mail", R"([A-Za-z0-9._%+\-]+@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)*\.[A-Za-z]{2,})"}};
  }
  if (name == "phones") {
    return {{"phone", R"(\+\d{1,3}[ \-./]?(?:\(\d{1,5}\)|\d)[\d \-./]{5,14}\d)"},
            {"phone", R"(\(\d{3}\) ?\d{3}[\-. ]\d{4}\b|\b\d{3}[\-. ]\d{3}[\-. ]\d{4}\b)"}};
  }
  if (name == "cards") {
    return {{"card", R"(\b[3-6]\d{3}(?:[ \-]?\d{4}){3}\b)"},
            {"card", R"(\b3[47]\d{2}[ \-]?\d{6}[ \-]?\d{5}\b)"}};
  }
  return {};
}

std::string_view BuiltinNames() { return "apiKeys, bearerTokens, emails, phones, cards"; }

}  // namespace spanlog::policy
