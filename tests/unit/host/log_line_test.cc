#include "host/log_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <re2/re2.h>
#include <unistd.h>

#include <limits>
#include <nlohmann/json.hpp>
#include <string>

#include "base/utf8.h"
#include "host/log.h"

namespace spanlog::host {
namespace {

using nlohmann::json;

constexpr int64_t kMicros = 1'795'257'691'000'042;

std::string Line(std::string_view message, std::vector<LogField> fields = {}) {
  return FormatLogLine(LogLevel::kWarn, message, fields, kMicros);
}

// What Grafana's reader needs; anything else can crash it.
json CheckLine(const std::string& line) {
  EXPECT_LE(line.size(), kMaxLogLine);
  EXPECT_EQ(line.find('\n'), line.size() - 1) << "one line break, at the end";
  EXPECT_TRUE(IsValidUtf8(line));
  for (const char c : line.substr(0, line.size() - 1)) {
    EXPECT_GE(static_cast<unsigned char>(c), 0x20) << "a control character in " << line;
  }
  const json object = json::parse(line, nullptr, false);
  EXPECT_TRUE(object.is_object()) << line;
  for (const char* key : {"@level", "@message", "@timestamp"}) {
    EXPECT_TRUE(object.contains(key) && object[key].is_string()) << key << " in " << line;
  }
  return object;
}

TEST(LogLineTest, HasTheFormThatGrafanaParses) {
  EXPECT_EQ(
      Line("hello", {{"n", int64_t{1}}, {"s", std::string_view("x")}, {"b", true}, {"d", 0.5}}),
      "{\"@level\":\"warn\",\"@message\":\"hello\",\"@timestamp\":\"2026-11-21T10:41:31.000042Z\","
      "\"n\":1,\"s\":\"x\",\"b\":true,\"d\":0.5}\n");
}

TEST(LogLineTest, StaysOneValidLineWhateverTheTextsHold) {
  std::string every_byte;
  for (int c = 0; c < 256; ++c) every_byte.push_back(static_cast<char>(c));
  const std::string texts[] = {"",
                               "new\nline\r\n",
                               std::string("nul\0x", 5),
                               "quote\" back\\slash",
                               "\x1b[31mred",
                               "bad \xff\xfe",
                               "\xed\xa0\x80 surrogate",
                               "\u2028\u2029",
                               "{\"@level\":1}",
                               "panic: no",
                               "[ERROR] no",
                               "日本\U0001f600",
                               "%s%n%d",
                               every_byte,
                               std::string(100'000, '\x01'),
                               std::string(1'000'000, 'x'),
                               std::string(200'000, '"'),
                               std::string(9000, '\xf0')};
  for (const std::string& text : texts) {
    CheckLine(Line(text));
    CheckLine(Line("x", {{text, std::string_view(text)}}));
    CheckLine(Line(text, {{"a", std::string_view(text)},
                          {"b", std::string_view(text)},
                          {"c", std::string_view(text)},
                          {"d", std::string_view(text)},
                          {"e", std::string_view(text)},
                          {"f", std::string_view(text)}}));
  }
}

TEST(LogLineTest, KeepsTextsAsTheyAre) {
  const json object =
      CheckLine(Line("a\n\"b\"\\ é日\U0001f600\t", {{"k", std::string_view("v\x7f\x01")}}));

  EXPECT_EQ(object["@message"], "a\n\"b\"\\ é日\U0001f600\t");
  EXPECT_EQ(object["k"], "v\x7f\x01");
}

TEST(LogLineTest, NoFieldCanTakeThePlaceOfTheThreeThatMustBeText) {
  const json object = CheckLine(Line("m", {{"@level", int64_t{1}},
                                           {"@message", true},
                                           {"@@timestamp", 1.5},
                                           {"@", int64_t{2}},
                                           {"timestamp", int64_t{3}}}));

  EXPECT_EQ(object["@level"], "warn");
  EXPECT_EQ(object["@message"], "m");
  EXPECT_EQ(object["level"], 1);
  EXPECT_EQ(object["field_timestamp"], 3);
}

TEST(LogLineTest, NumbersThatJsonLacksAreText) {
  const json object = CheckLine(Line("m", {{"a", std::numeric_limits<double>::quiet_NaN()},
                                           {"b", -std::numeric_limits<double>::infinity()},
                                           {"c", std::numeric_limits<int64_t>::min()}}));

  EXPECT_TRUE(object["a"].is_string());
  EXPECT_TRUE(object["b"].is_string());
  EXPECT_EQ(object["c"], std::numeric_limits<int64_t>::min());
}

TEST(LogLineTest, TheTimestampAlwaysHasSixDigitsAndAZone) {
  const re2::RE2 form(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z)");
  for (const int64_t micros :
       {int64_t{0}, int64_t{-1}, kMicros, int64_t{999'999}, std::numeric_limits<int64_t>::max(),
        std::numeric_limits<int64_t>::min()}) {
    const json object = CheckLine(FormatLogLine(LogLevel::kInfo, "m", {}, micros));
    EXPECT_TRUE(re2::RE2::FullMatch(object["@timestamp"].get<std::string>(), form)) << object;
  }
}

TEST(LogLineTest, ReadsLevelsInAnyCaseAndNothingElse) {
  LogLevel level = LogLevel::kInfo;
  EXPECT_TRUE(ParseLogLevel("DEBUG", level));
  EXPECT_EQ(level, LogLevel::kDebug);
  EXPECT_FALSE(ParseLogLevel("loud", level));
  EXPECT_FALSE(ParseLogLevel("", level));
  EXPECT_EQ(level, LogLevel::kDebug);
}

TEST(LogTest, WritesOnlyLinesOfTheLevelAndAbove) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  SetLogFile(ends[1]);
  SetLogLevel(LogLevel::kWarn);

  Log(LogLevel::kInfo, "not this");
  Log(LogLevel::kError, "this", {{"k", std::string_view("v")}});

  SetLogFile(STDERR_FILENO);
  SetLogLevel(LogLevel::kInfo);
  close(ends[1]);
  std::string text(4096, '\0');
  text.resize(read(ends[0], text.data(), text.size()));
  close(ends[0]);
  EXPECT_THAT(text, testing::StartsWith(R"({"@level":"error","@message":"this")"));
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1);
}

}  // namespace
}  // namespace spanlog::host
