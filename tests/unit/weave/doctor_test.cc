#include "weave/doctor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "builders.h"

namespace spanlog::weave {
namespace {

using ::testing::HasSubstr;

std::string AllText(const std::vector<Notice>& notices) {
  std::string text;
  for (const Notice& notice : notices) text += notice.text + "\n";
  return text;
}

struct DoctorTest : public ::testing::Test {
  std::string Findings(const WeaveCounts& counts = {}) const {
    return AllText(Diagnose(*world.trace, SpanTree(*world.trace), world.logs.get(), *world.reading,
                            counts));
  }
  World world;
};

TEST_F(DoctorTest, HasNothingToSayAboutAHealthyRun) {
  world.AddSpan(1, 0, "root", 0, 10);
  world.AddRecord(1, 1, "line");
  EXPECT_EQ(Findings(), "");
}

TEST_F(DoctorTest, PassesOnTheStoresWordsAboutAPartialTrace) {
  world.trace->partial = true;
  world.trace->partial_message = "Trace exceeds maximum size of 20000 bytes";
  EXPECT_THAT(Findings(), HasSubstr("Trace exceeds maximum size of 20000 bytes"));
}

TEST_F(DoctorTest, SaysWhatWasTriedWhenNoRecordWasFound) {
  world.logs->tried = {"{service_name=~\"a\"} | trace_id=\"1\""};
  EXPECT_THAT(Findings(), HasSubstr("Tried: {service_name=~\"a\"} | trace_id=\"1\""));
}

TEST_F(DoctorTest, SaysThatTheLimitWasReachedAndHowToRaiseIt) {
  world.logs->limit_reached = true;
  world.AddRecord(1, 1, "line");
  EXPECT_THAT(Findings(), HasSubstr("logs.maxRecords"));
}

TEST_F(DoctorTest, ExplainsSpansWhoseParentIsMissing) {
  world.AddSpan(2, 99, "orphan", 0, 10);
  EXPECT_THAT(Findings(), HasSubstr("1 span names a parent"));
}

TEST_F(DoctorTest, CountsWhatTheLevelFilterHid) {
  WeaveCounts counts;
  counts.hidden_by_level = 3;
  EXPECT_THAT(Findings(counts), HasSubstr("3 log records are below"));
}

}  // namespace
}  // namespace spanlog::weave
