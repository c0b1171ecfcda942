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
    return AllText(
        Diagnose(*world.trace, SpanTree(*world.trace), world.logs.get(), *world.reading, counts));
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

TEST_F(DoctorTest, PassesOnWhatTheStoresAndTheMessagesSay) {
  world.trace->warnings = {"2 spans had no times"};
  world.logs->warnings = {"Loki answered 500 twice"};
  world.reading->findings = {"1 message carries no content."};
  EXPECT_THAT(Findings(), HasSubstr("2 spans had no times\n"));
  EXPECT_THAT(Findings(), HasSubstr("Loki answered 500 twice\n"));
  EXPECT_THAT(Findings(), HasSubstr("1 message carries no content.\n"));
}

TEST_F(DoctorTest, SaysThatParentsFormedACircle) {
  world.AddSpan(1, 2, "a", 0, 10);
  world.AddSpan(2, 1, "b", 0, 10);
  EXPECT_THAT(Findings(), HasSubstr("1 parent link closed a cycle"));
}

TEST_F(DoctorTest, CountsRecordsWithoutTraceIdsAndRecordsFarAway) {
  WeaveCounts counts;
  counts.without_trace_id = 1;
  counts.moved_to_edge = 2;
  EXPECT_THAT(Findings(counts), HasSubstr("1 log record carries no trace id"));
  EXPECT_THAT(Findings(counts), HasSubstr("2 log records lie far outside the trace and are drawn"));
}

TEST_F(DoctorTest, SaysNothingOfRecordsWhenNoneWereAskedFor) {
  world.AddSpan(1, 0, "root", 0, 10);
  EXPECT_EQ(Findings(), "");
}

}  // namespace
}  // namespace spanlog::weave
