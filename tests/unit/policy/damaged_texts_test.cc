// Whatever a store sends goes through the rules: damaged texts must cost no more than themselves.
#include <gtest/gtest.h>

#include <string>

#include "base/utf8.h"
#include "policy/builtins.h"
#include "policy/json_path.h"
#include "policy/media_texts.h"
#include "policy/redactor.h"

namespace spanlog::policy {
namespace {

constexpr std::string_view kSeeds[] = {
    R"([{"role":"user","parts":[{"type":"text","content":"mail jo\u0040x.org, \ud83d\ude00 \"4111 1111 1111 1111\""}]}])",
    R"({"a":{"password":"x","b":["{\"c\":\"{\\\"mail\\\":\\\"jo@x.org\\\"}\"}",1,2.5e3,true,null]},"n":4111111111111111})",
    R"("{\"id\":\"B-1\"}")",
    R"(level=info prompt="say \"hi\" to jo@x.org" api_key=sk-proj-Ab1Cd2Ef3Gh4Ij5 url=https://x/?m=jo%40x.org)",
    "Authorization: Bearer abc.def-123, +49 170 1234567 dGhlIGJhZGdlIGlzIEItNzc4MQ==",
    R"([{"image_url":{"url":"data:image/png;base64,iVBORw0KGgo="}},{"source":{"data":"MARK"}}])"};

Policy Everything() {
  Policy policy;
  for (const char* name : {"apiKeys", "bearerTokens", "emails", "phones", "cards"}) {
    for (RegexRule& rule : BuiltinRules(name)) policy.regexes.push_back(rule);
    for (const std::string_view secret : BuiltinSecretNames(name)) {
      policy.secret_names.emplace_back(secret);
    }
  }
  policy.regexes.push_back({"custom", R"("id":\s*"[^"]*")"});
  policy.attributes = {"prompt", "*.content"};
  policy.json_paths = {*ParseJsonPath("$..b[1]"), *ParseJsonPath("*.parts.*.type")};
  return policy;
}

// The same numbers in every run.
class Dice {
 public:
  size_t Below(size_t end) {
    state_ = state_ * 6364136223846793005ull + 1442695040888963407ull;
    return static_cast<size_t>(state_ >> 33) % end;
  }

 private:
  uint64_t state_ = 7;
};

TEST(DamagedTextsTest, AreReadToTheirEndAndStayValid) {
  const Redactor redactor(Everything());
  Dice dice;
  for (int round = 0; round < 3000; ++round) {
    std::string text(kSeeds[dice.Below(std::size(kSeeds))]);
    for (size_t change = dice.Below(4); change > 0 && !text.empty(); --change) {
      const size_t at = dice.Below(text.size());
      switch (dice.Below(4)) {
        case 0:
          text.resize(at);
          break;
        case 1:
          text.insert(at, 1, "{}[]\",:\\u@=4"[dice.Below(12)]);
          break;
        case 2:
          text.erase(at, 1 + dice.Below(5));
          break;
        default:
          text[at] = static_cast<char>(dice.Below(128));
      }
    }
    text = ToValidUtf8(text);
    Arena arena;
    bool removed = false;
    const std::string_view clean = redactor.Apply(text, arena, &removed);
    EXPECT_TRUE(IsValidUtf8(clean)) << text;
    EXPECT_EQ(removed, clean != text) << text;
    // What is clean stays as it is.
    bool again = false;
    const std::string_view twice = redactor.Apply(clean, arena, &again);
    EXPECT_EQ(redactor.Apply(twice, arena, &again), twice) << text << "\n" << clean;
    EXPECT_TRUE(IsValidUtf8(WithoutMedia(text, arena))) << text;
  }
}

}  // namespace
}  // namespace spanlog::policy
