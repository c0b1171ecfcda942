#include "policy/builtins.h"

#include <gtest/gtest.h>

#include "policy/redactor.h"

namespace spanlog::policy {
namespace {

std::string Redact(std::string_view builtin, std::string_view text) {
  Policy policy;
  policy.regexes = BuiltinRules(builtin);
  Arena arena;
  bool removed = false;
  return std::string(Redactor(policy).Apply(text, arena, &removed));
}

TEST(BuiltinsTest, FindKeysOfProviders) {
  EXPECT_EQ(Redact("apiKeys", "use sk-proj-abcdefghijklmnop1234 now"), "use [api key removed] now");
  EXPECT_EQ(Redact("apiKeys", "ghp_abcdefghijklmnopqrstuvwxyz0123"), "[api key removed]");
  EXPECT_EQ(Redact("apiKeys", "password = hunter2secret"), "[api key removed]");
}

TEST(BuiltinsTest, FindTokensMailsPhonesAndCards) {
  EXPECT_EQ(Redact("bearerTokens", "Authorization: Bearer abc.def-ghi123"),
            "Authorization: [token removed]");
  EXPECT_EQ(Redact("emails", "write to jo.doe+x@mail.example.org, please"),
            "write to [e-mail removed], please");
  EXPECT_EQ(Redact("phones", "call +49 170 1234567 today"), "call [phone removed] today");
  EXPECT_EQ(Redact("cards", "4111 1111 1111 1111"), "[card removed]");
}

TEST(BuiltinsTest, LeaveOrdinaryTextAlone) {
  for (const char* name : {"apiKeys", "bearerTokens", "emails", "phones", "cards"}) {
    EXPECT_EQ(Redact(name, "2 flights at 08:10 for €612, order 1795251586682169088 ok"),
              "2 flights at 08:10 for €612, order 1795251586682169088 ok")
        << name;
  }
}

}  // namespace
}  // namespace spanlog::policy
