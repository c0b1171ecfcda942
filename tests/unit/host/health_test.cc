#include "host/health.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/errors.h"

namespace spanlog::host {
namespace {

using ::testing::HasSubstr;

const StoreHealth kTempo{"Tempo", absl::OkStatus()};
const StoreHealth kLoki{"Loki", absl::OkStatus()};

nlohmann::json Details(const HealthReport& report) {
  const nlohmann::json details = nlohmann::json::parse(report.details_json, nullptr, false);
  EXPECT_TRUE(details.is_object()) << report.details_json;
  EXPECT_TRUE(details["message"].is_string() && details["verboseMessage"].is_string());
  return details;
}

TEST(HealthTest, IsGoodWhenBothStoresAnswer) {
  const HealthReport report = ReportOf(kTempo, kLoki);
  EXPECT_TRUE(report.ok);
  EXPECT_EQ(report.message, "Tempo and Loki answer.");
  EXPECT_EQ(Details(report)["traces"]["status"], "ok");
  EXPECT_EQ(Details(report)["logs"]["store"], "Loki");
}

TEST(HealthTest, SaysThatThereAreNoLogsWhenNoLogStoreIsSet) {
  const HealthReport report = ReportOf(kTempo, StoreHealth{});
  EXPECT_TRUE(report.ok);
  EXPECT_THAT(report.message, HasSubstr("Tempo answers. No log store is configured"));
  EXPECT_EQ(Details(report)["logs"]["status"], "not configured");
}

TEST(HealthTest, NamesTheStoreThatFailedAndWhy) {
  const absl::Status refused =
      DownstreamError(absl::StatusCode::kUnavailable, "cannot connect to 10.0.0.1:3100: refused");
  const HealthReport logs = ReportOf(kTempo, {"Loki", refused});
  EXPECT_FALSE(logs.ok);
  EXPECT_EQ(logs.message, "Loki: cannot connect to 10.0.0.1:3100: refused.");
  EXPECT_EQ(Details(logs)["verboseMessage"], "Tempo answers.");
  EXPECT_EQ(Details(logs)["logs"]["status"], "error");

  const HealthReport traces = ReportOf(
      {"Tempo", UpstreamHttpError("Tempo", "Checking the store", 401, "no org id")}, kLoki);
  EXPECT_FALSE(traces.ok);
  EXPECT_THAT(traces.message, HasSubstr("Checking the store: Tempo answered 401: no org id"));
  EXPECT_EQ(Details(traces)["verboseMessage"], "Loki answers.");

  const HealthReport both = ReportOf({"Tempo", refused}, {"Loki", refused});
  EXPECT_THAT(both.message, HasSubstr("Tempo: cannot connect"));
  EXPECT_THAT(both.message, HasSubstr("Loki: cannot connect"));
}

TEST(HealthTest, SaysThatNoTraceStoreIsSet) {
  const HealthReport report = ReportOf(StoreHealth{}, kLoki);
  EXPECT_FALSE(report.ok);
  EXPECT_THAT(report.message, HasSubstr("No trace store is configured"));
}

TEST(HealthTest, SaysWhatIsWrongWithTheSettings) {
  const HealthReport report = ReportOf(absl::InvalidArgumentError("jsonData.timeout \xff is bad"));
  EXPECT_FALSE(report.ok);
  EXPECT_EQ(report.message, "jsonData.timeout \uFFFD is bad.");
  Details(report);
}

}  // namespace
}  // namespace spanlog::host
