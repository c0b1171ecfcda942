#include "frame/json_text.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>

namespace spanlog::frame {
namespace {

std::string Text(std::string_view text, Escape escape = Escape::kJson) {
  Buffer out;
  AppendJsonString(out, text, escape);
  return std::string(out.view());
}

template <typename Append, typename Value>
std::string Written(Append append, Value value) {
  Buffer out;
  append(out, value);
  return std::string(out.view());
}

TEST(JsonTextTest, EscapesWhatJsonMustEscape) {
  EXPECT_EQ(Text("say \"hi\"\\"), R"("say \"hi\"\\")");
  EXPECT_EQ(Text("a\nb\rc\td"), R"("a\nb\rc\td")");
  EXPECT_EQ(Text(std::string_view("\0\x01\x1f\b\f", 5)), R"("\u0000\u0001\u001f\u0008\u000c")");
  EXPECT_EQ(Text(""), "\"\"");
}

TEST(JsonTextTest, EscapesTheSeparatorsThatEndALineInOldBrowsers) {
  EXPECT_EQ(Text("a\u2028b\u2029c"), R"("a\u2028b\u2029c")");
  EXPECT_EQ(Text("“quoted” — … →"), "\"“quoted” — … →\"");  // these begin with the same byte
  EXPECT_EQ(Text("\xE2\x80"), "\"\xE2\x80\"");
}

TEST(JsonTextTest, KeepsEverythingElseAsItIs) {
  EXPECT_EQ(Text("日本語 🎉 e\u0301 \x7f"), "\"日本語 🎉 e\u0301 \x7f\"");
  EXPECT_EQ(Text("<b>&amp;'</b>"), "\"<b>&amp;'</b>\"");
}

TEST(JsonTextTest, MakesMarkupReadAsWritten) {
  EXPECT_EQ(Text("<b>x</b> &amp; \"q\"\n", Escape::kHtml),
            R"("&lt;b&gt;x&lt;/b&gt; &amp;amp; \"q\"\n")");
}

// The fast path works on blocks of 16 bytes: every special character at every place around its
// borders must come out, and what is around it too.
TEST(JsonTextTest, FindsEverySpecialCharacterAtEveryPlace) {
  for (const Escape escape : {Escape::kJson, Escape::kHtml}) {
    for (int special = 0; special < 128; ++special) {
      for (const size_t length : {1u, 15u, 16u, 17u, 33u}) {
        for (size_t at = 0; at < length; ++at) {
          std::string text(length, 'x');
          text[at] = static_cast<char>(special);
          std::string expected = text;
          if (escape == Escape::kHtml) {
            const std::string entity = special == '<'   ? "&lt;"
                                       : special == '>' ? "&gt;"
                                       : special == '&' ? "&amp;"
                                                        : std::string(1, text[at]);
            expected = text.substr(0, at) + entity + text.substr(at + 1);
          }
          const auto json = nlohmann::json::parse(Text(text, escape), nullptr, false);
          ASSERT_TRUE(json.is_string()) << special << " at " << at << " of " << length;
          ASSERT_EQ(json.get<std::string>(), expected) << special << " at " << at;
        }
      }
    }
  }
}

// A separator lies in two blocks, or its end in the last block, which is looked at from its own
// end.
TEST(JsonTextTest, EscapesALineSeparatorAtEveryPlace) {
  for (const Escape escape : {Escape::kJson, Escape::kHtml}) {
    for (size_t before = 0; before < 50; ++before) {
      for (size_t after = 0; after < 50; ++after) {
        const std::string ahead(before, 'x'), behind(after, 'y');
        ASSERT_EQ(Text(ahead + "\u2028" + behind, escape),
                  "\"" + ahead + "\\u2028" + behind + "\"");
        ASSERT_EQ(Text(ahead + "\u2019" + behind, escape), "\"" + ahead + "\u2019" + behind + "\"");
      }
    }
  }
}

// Whatever else is in the same block, each of two special characters is escaped where it stands.
TEST(JsonTextTest, EscapesTwoCharactersOfOneTextAtEveryPlace) {
  for (const std::string first : {"<", "\"", "\n", "\u2029", "\u201C"}) {
    for (const std::string second : {"&", "\\", "\x01", "\u2028", "\u2014", "\xC3\xA9"}) {
      for (size_t before = 0; before < 20; ++before) {
        for (size_t between = 0; between < 20; ++between) {
          const std::string ahead(before, 'x'), middle(between, 'y'), behind(33, 'z');
          const auto alone = [](const std::string& text) {
            const std::string quoted = Text(text, Escape::kHtml);
            return quoted.substr(1, quoted.size() - 2);
          };
          ASSERT_EQ(alone(ahead + first + middle + second + behind),
                    ahead + alone(first) + middle + alone(second) + behind);
        }
      }
    }
  }
}

TEST(JsonTextTest, GrowsForATextThatIsAllEscapes) {
  const std::string text(10'000, '\x01');
  EXPECT_EQ(nlohmann::json::parse(Text(text)).get<std::string>(), text);
}

TEST(JsonTextTest, WritesWholeNumbersThatABrowserCannotHoldAsText) {
  EXPECT_EQ(Written(AppendJsonInt, int64_t{9007199254740991}), "9007199254740991");
  EXPECT_EQ(Written(AppendJsonInt, int64_t{9007199254740992}), "\"9007199254740992\"");
  EXPECT_EQ(Written(AppendJsonInt, int64_t{-9007199254740991}), "-9007199254740991");
  EXPECT_EQ(Written(AppendJsonInt, int64_t{1} << 62), "\"4611686018427387904\"");
  EXPECT_EQ(Written(AppendJsonInt, std::numeric_limits<int64_t>::min()),
            "\"-9223372036854775808\"");
}

TEST(JsonTextTest, WritesNumbersThatJsonHasNotAsText) {
  EXPECT_EQ(Written(AppendJsonReal, std::nan("")), "\"NaN\"");
  EXPECT_EQ(Written(AppendJsonReal, INFINITY), "\"Infinity\"");
  EXPECT_EQ(Written(AppendJsonReal, -INFINITY), "\"-Infinity\"");
  EXPECT_EQ(Written(AppendJsonReal, 13.5), "13.5");
  EXPECT_EQ(Written(AppendJsonReal, 1e21), "1e+21");
  EXPECT_EQ(Written(AppendJsonReal, 0.1), "0.1");
}

TEST(JsonTextTest, WritesNanosecondsAsExactMilliseconds) {
  EXPECT_EQ(Written(AppendMillis, int64_t{1700000000123456789}), "1700000000123.456789");
  EXPECT_EQ(Written(AppendMillis, int64_t{1700000000123400000}), "1700000000123.4");
  EXPECT_EQ(Written(AppendMillis, int64_t{1700000000123000001}), "1700000000123.000001");
  EXPECT_EQ(Written(AppendMillis, int64_t{1700000000123000000}), "1700000000123");
  EXPECT_EQ(Written(AppendMillis, int64_t{0}), "0");
  EXPECT_EQ(Written(AppendMillis, int64_t{-1}), "-0.000001");
  EXPECT_EQ(Written(AppendMillis, std::numeric_limits<int64_t>::min()), "-9223372036854.775808");
}

}  // namespace
}  // namespace spanlog::frame
