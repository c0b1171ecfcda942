#include "policy/builtins.h"

#include <gtest/gtest.h>

#include "policy/redactor.h"

namespace spanlog::policy {
namespace {

std::string Redact(std::string_view builtin, std::string_view text) {
  Policy policy;
  policy.regexes = BuiltinRules(builtin);
  for (const std::string_view name : BuiltinSecretNames(builtin)) {
    policy.secret_names.emplace_back(name);
  }
  Arena arena;
  bool removed = false;
  return std::string(Redactor(policy).Apply(text, arena, &removed));
}

TEST(BuiltinsTest, FindKeysOfProviders) {
  EXPECT_EQ(Redact("apiKeys", "use sk-proj-abcdefghijklmnop1234 now"), "use [api key removed] now");
  for (const char* key :
       {"ghp_abcdefghijklmnopqrstuvwxyz0123", "sk-ant-api03-AbCdEfGhIjKl", "AKIAIOSFODNN7EXAMPLE",
        "AIzaSyA1234567890abcdefghijklmnopqrst", "glsa_AbCdEf0123456789_abcd",
        "xoxb-1234-5678-abcdef", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc_DEF-123",
        "github_pat_11ABCDEFG0abcdefghij", "hf_AbCdEfGhIjKlMnOpQr", "lsv2_pt_0123456789abcdef",
        "sk_live_abcdefghijkl0123"}) {
    EXPECT_EQ(Redact("apiKeys", key), "[api key removed]") << key;
  }
}

TEST(BuiltinsTest, FindKeysThatAreCutAtTheEnd) {
  EXPECT_EQ(Redact("apiKeys", "the key is sk-proj-Ab1"), "the key is [api key removed]");
  EXPECT_EQ(Redact("emails", "write to jo.doe@exam"), "write to [e-mail removed]");
  EXPECT_EQ(Redact("apiKeys", "-----BEGIN RSA PRIVATE KEY-----\nMIIEow"), "[private key removed]");
}

TEST(BuiltinsTest, FindValuesOfSecretNames) {
  EXPECT_EQ(Redact("apiKeys", "password = hunter2secret"), "password = [api key removed]");
  EXPECT_EQ(Redact("apiKeys", R"(said {\"api_key\": \"abc123\"} twice)"),
            R"(said {\"api_key\": \"[api key removed]\"} twice)");
  EXPECT_EQ(Redact("apiKeys", R"({"db_password":"x","n":1})"),
            R"({"db_password":"[removed]","n":1})");
  EXPECT_EQ(Redact("apiKeys", R"({"password":{"type":"string"}})"),
            R"({"password":{"type":"string"}})");
  EXPECT_EQ(Redact("apiKeys", "level=info client_secret=\"a b\" user=jo"),
            "level=info client_secret=\"[removed]\" user=jo");
  EXPECT_EQ(Redact("bearerTokens", R"({"headers":{"Authorization":["Bearer abcdefgh1"]}})"),
            R"({"headers":{"Authorization":"[removed]"}})");
}

TEST(BuiltinsTest, FindTokens) {
  EXPECT_EQ(Redact("bearerTokens", "Authorization: Bearer abc.def-ghi123"),
            "Authorization: Bearer [token removed]");
  EXPECT_EQ(Redact("bearerTokens", "sent bearer  abcdef0123456789 to it"),
            "sent bearer  [token removed] to it");
  EXPECT_EQ(Redact("bearerTokens", "with basic dXNlcjpwYXNzd29yZA== then"),
            "with basic [token removed] then");
}

TEST(BuiltinsTest, FindMailAddressesHoweverTheSignIsWritten) {
  EXPECT_EQ(Redact("emails", "write to jo.doe+x@mail.example.org, please"),
            "write to [e-mail removed], please");
  EXPECT_EQ(Redact("emails", "GET /u?mail=jo%40example.org&x=1"),
            "GET /u?mail=[e-mail removed]&x=1");
  EXPECT_EQ(Redact("emails", "jürgen@müller.de"), "[e-mail removed]");
  EXPECT_EQ(Redact("emails", "请联系jo@example.com谢谢"), "请联系[e-mail removed]谢谢");
  EXPECT_EQ(Redact("emails", R"({"a":"jo\u0040example.org"})"), R"({"a":"[e-mail removed]"})");
  EXPECT_EQ(Redact("emails", R"(repr 'jo\u0040example.org')"), "repr '[e-mail removed]'");
}

TEST(BuiltinsTest, FindPhoneNumbers) {
  for (const char* number : {"+49 170 1234567", "+1-202-555-0143", "(202) 555-0143", "202-555-0143",
                             "0170 1234567", "+44 (20) 7946 0958", "0049 30 123456"}) {
    EXPECT_EQ(Redact("phones", std::string("call ") + number + " today"),
              "call [phone removed] today")
        << number;
  }
}

TEST(BuiltinsTest, FindCardsByPrefixLengthAndCheckDigit) {
  for (const char* card :
       {"4111 1111 1111 1111", "4111-1111-1111-1111", "4111111111111111", "378282246310005",
        "5555.5555.5555.4444", "6011111111111117", "3530111333300000", "30569309025904"}) {
    EXPECT_EQ(Redact("cards", card), "[card removed]") << card;
  }
  EXPECT_EQ(Redact("cards", "order 12345 4111 1111 1111 1111, paid"),
            "order 12345 [card removed], paid");
  EXPECT_EQ(Redact("cards", R"({"card":4111111111111111,"n":1})"),
            R"({"card":"[card removed]","n":1})");
}

TEST(BuiltinsTest, LeaveNumbersThatAreNoCards) {
  for (const char* text :
       {"4111111111111112", "1795251586682169088", "a4111111111111111f", "41111111111111111111"}) {
    EXPECT_EQ(Redact("cards", text), text);
  }
}

TEST(BuiltinsTest, LeaveOrdinaryTextAlone) {
  for (const char* name : {"apiKeys", "bearerTokens", "emails", "phones", "cards"}) {
    for (const char* text :
         {"2 flights at 08:10 for €612, order 1795251586682169088 ok",
          "a basic understanding of bearer certificates and the sk-learn-tutorial-page",
          "skateboarding_competition_winners and pkg_config_path_value",
          "2026-11-21T13:45:00Z took 0.0017012345 s at user@host:~$ ssh",
          "550e8400-e29b-41d4-a716-446655440000 and 0af7651916cd43dd8448eb211c80319c",
          R"({"gen_ai.usage.input_tokens":1234567,"p":[0.0017012345,1e+10]})"}) {
      EXPECT_EQ(Redact(name, text), text) << name;
    }
  }
}

}  // namespace
}  // namespace spanlog::policy
