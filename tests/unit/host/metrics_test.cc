#include "base/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <re2/re2.h>

#include <sstream>

#include "host/process_metrics.h"

namespace spanlog {
namespace {

using ::testing::HasSubstr;

// Each line is a comment or `name{labels} value`.
void CheckText(const std::string& text) {
  const re2::RE2 line_form(
      R"re([a-zA-Z_:][a-zA-Z0-9_:]*(\{[a-z_]+="([^"\\]|\\.)*"(,[a-z_]+="([^"\\]|\\.)*")*\})? ([-+0-9.e]+|\+Inf|NaN))re");
  std::istringstream lines(text);
  std::string line;
  while (std::getline(lines, line)) {
    if (line.rfind("# HELP ", 0) == 0 || line.rfind("# TYPE ", 0) == 0) continue;
    EXPECT_TRUE(re2::RE2::FullMatch(line, line_form)) << line;
  }
}

TEST(MetricsTest, WriteCountersAndGaugesByLabel) {
  Metrics metrics;
  metrics.queries.With({"trace", "ok"}).Add();
  metrics.queries.With({"trace", "ok"}).Add(2);
  metrics.queries.With({"search", "error"}).Add();
  metrics.queries_in_flight.Only().Add(3);
  metrics.queries_in_flight.Only().Add(-1);

  const std::string text = metrics.Text();

  CheckText(text);
  EXPECT_THAT(text, HasSubstr("# TYPE spanlog_queries_total counter\n"));
  EXPECT_THAT(text, HasSubstr("spanlog_queries_total{kind=\"trace\",status=\"ok\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("spanlog_queries_total{kind=\"search\",status=\"error\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("spanlog_queries_in_flight 2\n"));
}

TEST(MetricsTest, HistogramsAreCumulative) {
  Metrics metrics;
  for (const double seconds : {0.0005, 0.001, 0.3, 100.0, -1.0}) {
    metrics.upstream_seconds.With({"Tempo"}).Observe(seconds);
  }

  const std::string text = metrics.Text();

  CheckText(text);
  EXPECT_THAT(
      text,
      HasSubstr("spanlog_upstream_duration_seconds_bucket{store=\"Tempo\",le=\"0.001\"} 2\n"));
  EXPECT_THAT(
      text, HasSubstr("spanlog_upstream_duration_seconds_bucket{store=\"Tempo\",le=\"0.5\"} 3\n"));
  EXPECT_THAT(text,
              HasSubstr("spanlog_upstream_duration_seconds_bucket{store=\"Tempo\",le=\"30\"} 3\n"));
  EXPECT_THAT(
      text, HasSubstr("spanlog_upstream_duration_seconds_bucket{store=\"Tempo\",le=\"+Inf\"} 4\n"));
  EXPECT_THAT(text, HasSubstr("spanlog_upstream_duration_seconds_count{store=\"Tempo\"} 4\n"));
  EXPECT_THAT(text, HasSubstr("spanlog_upstream_duration_seconds_sum{store=\"Tempo\"} 100.3015\n"));
}

TEST(MetricsTest, LabelValuesAreEscaped) {
  Metrics metrics;
  metrics.errors.With({"a\"b\\c\nd"}).Add();
  CheckText(metrics.Text());
  EXPECT_THAT(metrics.Text(), HasSubstr("{source=\"a\\\"b\\\\c\\nd\"} 1"));
}

TEST(MetricsTest, TheProcessKnowsItsMemoryTimeFilesAndVersion) {
  std::string text;
  host::AppendProcessMetrics("1.2.3", text);
  CheckText(text);
  for (const char* name : {"spanlog_build_info{version=\"1.2.3\"} 1", "process_cpu_seconds_total ",
                           "process_resident_memory_bytes ", "process_open_fds ",
                           "process_threads ", "process_start_time_seconds "}) {
    EXPECT_THAT(text, HasSubstr(name));
  }
}

}  // namespace
}  // namespace spanlog
