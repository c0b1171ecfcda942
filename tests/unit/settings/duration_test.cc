#include <gtest/gtest.h>

#include "settings/settings.h"

namespace spanlog::settings {
namespace {

constexpr int64_t kSecond = 1'000'000'000;

TEST(DurationTest, ReadsGoAndGrafanaWords) {
  const std::pair<const char*, int64_t> cases[] = {
      {"-5m", -300 * kSecond},
      {"5m", 300 * kSecond},
      {"+5m", 300 * kSecond},
      {"1h30m", 5400 * kSecond},
      {"10s", 10 * kSecond},
      {"500ms", kSecond / 2},
      {"1.5h", 5400 * kSecond},
      {"0", 0},
      {" 2d ", 172800 * kSecond},
      {"1w", 604800 * kSecond},
      {"1M", 30 * 86400 * kSecond},
      {"-1h0.5s", -3600 * kSecond - kSecond / 2},
      {"100us", 100'000},
      {"100\u00b5s", 100'000},
      {"7ns", 7},
      {".5s", kSecond / 2},
  };
  for (const auto& [text, ns] : cases) {
    const auto parsed = ParseDuration(text);
    ASSERT_TRUE(parsed.ok()) << text << ": " << parsed.status();
    EXPECT_EQ(*parsed, ns) << text;
  }
}

TEST(DurationTest, RefusesWhatIsNoDuration) {
  for (const char* text : {"", "-", "5", "m", "5x", "5m3", "five minutes", "--5m", "1e3s", "nan",
                           "5 m", "..5s", "1.2.3s", "9999999999999h", "999y"}) {
    const auto parsed = ParseDuration(text);
    EXPECT_FALSE(parsed.ok()) << text << " gave " << *parsed;
    EXPECT_NE(parsed.status().message().find("write it like 30s"), absl::string_view::npos)
        << parsed.status();
  }
}

}  // namespace
}  // namespace spanlog::settings
