// Every recorded case through the ladder, against what was logged.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "base/text.h"
#include "stores/loki/loki.h"
#include "support/fake_loki.h"
#include "support/fixture.h"

namespace spanlog::stores {
namespace {

using nlohmann::json;
using testing::Asked;
using testing::Case;
using testing::FakeClient;
using testing::FakeLoki;

struct Fetched {
  absl::StatusOr<LogBatch> batch;
  std::vector<std::string> problems;
};

LogSearch SearchOf(const Case& recorded) {
  LogSearch search;
  search.trace_id = recorded.trace_id();
  search.max_records = 10000;
  std::set<std::string> services;
  search.start_ns = std::numeric_limits<int64_t>::max();
  search.end_ns = 0;
  for (const json& span : recorded.Spans()) {
    if (!span["service"].is_null()) services.insert(span["service"].get<std::string>());
    search.start_ns = std::min(search.start_ns, span["start_ns"].get<int64_t>());
    search.end_ns = std::max(search.end_ns, span["end_ns"].get<int64_t>());
    if (span.value("llm", false)) search.has_model_calls = true;
  }
  search.services.assign(services.begin(), services.end());
  if (search.end_ns == 0) {  // no spans among the facts
    search.start_ns =
        recorded.meta["start_ns"].is_null() ? 0 : recorded.meta["start_ns"].get<int64_t>();
    search.end_ns = recorded.meta["end_ns"].is_null() ? 0 : recorded.meta["end_ns"].get<int64_t>();
    search.services = recorded.meta["services"].get<std::vector<std::string>>();
  }
  if (recorded.name == "claude-code-no-trace-ids") {
    search.attributes = {{"session.id", "5f0c9a1e-7d11-4c55-9a54-0d5f3f0f1a2b"},
                         {"prompt.id", "7c4d6d5e-0000-4000-8000-f24e5c58f0c9"}};
  }
  return search;
}

Fetched Fetch(const Case& recorded, bool categorise, int max_entries) {
  FakeLoki server;
  server.Load(recorded);
  server.categorise = categorise;
  server.max_entries = max_entries;
  auto client = std::make_shared<FakeClient>(
      [&](const Asked& asked) -> absl::StatusOr<http::Response> { return server.Reply(asked); });
  settings::LogSettings settings;
  settings.upstream.url = "http://loki:3100";
  Loki loki(settings, client);
  return {loki.FetchLogs(SearchOf(recorded), {}), server.problems};
}

std::string_view LevelName(Level level) {
  static constexpr std::string_view kNames[] = {"",     "trace", "debug", "info",
                                                "warn", "error", "fatal"};
  return kNames[static_cast<int>(level)];
}

class LokiFixtureTest : public ::testing::TestWithParam<std::string> {
 protected:
  void ExpectRecords(const Fetched& fetched, const Case& recorded) {
    EXPECT_THAT(fetched.problems, ::testing::IsEmpty());
    ASSERT_TRUE(fetched.batch.ok()) << fetched.batch.status();
    const LogBatch& batch = *fetched.batch;
    EXPECT_THAT(batch.warnings, ::testing::IsEmpty());
    const std::string id = recorded.trace_id().Hex();

    const json& facts = recorded.meta["facts"];
    if (facts.contains("logs_per_span")) {  // too many to be listed
      ExpectCounts(batch, facts);
      return;
    }
    std::vector<json> wanted;
    for (const json& log : recorded.meta["facts"].value("logs", json::array())) {
      if (!log.value("stored_in_loki", false)) continue;
      if (recorded.meta["trace_ids"].size() > 1 && log["trace_id"] != id) continue;
      wanted.push_back(log);
    }
    ASSERT_EQ(batch.records.size(), wanted.size()) << ::testing::PrintToString(batch.tried);
    for (size_t i = 1; i < batch.records.size(); ++i) {
      EXPECT_LE(batch.records[i - 1].time_ns, batch.records[i].time_ns);
    }
    // Records of one instant come in the store's order; time, span and line name each.
    std::multimap<std::tuple<int64_t, uint64_t, std::string>, const LogRecord*> found;
    for (const LogRecord& record : batch.records) {
      found.emplace(std::tuple(record.time_ns, record.span_id, std::string(record.line)), &record);
    }
    for (const json& log : wanted) {
      const uint64_t span =
          log["span_id"].is_null() ? 0 : ParseSpanId(log["span_id"].get<std::string>());
      const LogRecord* record = nullptr;
      auto [at, end] =
          found.equal_range(std::tuple(log["ts_ns"].get<int64_t>(), span, log.value("line", "")));
      if (at != end) {
        record = at->second;
        found.erase(at);
      } else if (log.contains("line_sha256")) {  // a long line is not written out in the facts
        for (auto one = found.begin(); one != found.end(); ++one) {
          if (std::get<0>(one->first) != log["ts_ns"].get<int64_t>() ||
              std::get<1>(one->first) != span)
            continue;
          record = one->second;
          found.erase(one);
          break;
        }
      }
      ASSERT_NE(record, nullptr) << log.dump();
      ExpectRecord(*record, log);
    }
  }

  void ExpectCounts(const LogBatch& batch, const json& facts) {
    EXPECT_EQ(batch.records.size(), facts["stored"]["loki_entries"].get<size_t>());
    std::map<uint64_t, size_t> per_span;
    std::set<std::pair<int64_t, std::string_view>> distinct;
    for (const LogRecord& record : batch.records) {
      ++per_span[record.span_id];
      distinct.emplace(record.time_ns, record.line);
    }
    for (const auto& [span, count] : facts["logs_per_span"].items()) {
      EXPECT_EQ(per_span[ParseSpanId(span)], count.get<size_t>()) << span;
    }
    EXPECT_EQ(distinct.size(), batch.records.size());
  }

  void ExpectRecord(const LogRecord& record, const json& log) {
    SCOPED_TRACE(log.dump(-1, ' ', false, json::error_handler_t::replace));
    if (!log["trace_id"].is_null()) {
      EXPECT_EQ(record.trace_id.Hex(), log["trace_id"].get<std::string>());
    }
    const int64_t severity = log.value("severity_number", int64_t{0});
    if (severity > 0) {
      EXPECT_EQ(static_cast<int>(record.level), (severity + 3) / 4);
    } else if (log.contains("level") && log["level"].is_string()) {
      EXPECT_EQ(LevelName(record.level), log["level"].get<std::string>());
    } else if (log.value("detected_level", "") == "unknown") {
      EXPECT_EQ(record.level, Level::kUnknown);
    }
    if (log.contains("scope") && log["scope"].is_string()) {
      EXPECT_EQ(record.scope_name, log["scope"].get<std::string>());
    }
    if (log.contains("event_name") && log["event_name"].is_string()) {
      EXPECT_EQ(record.event_name, log["event_name"].get<std::string>());
    }
    // What a classic line says is what its program logged.
    if (log.value("ts_source", "") == "push" && log.contains("text") && log["text"].is_string()) {
      EXPECT_EQ(record.text, log["text"].get<std::string>());
    }
  }
};

TEST_P(LokiFixtureTest, FindsEveryRecordOnceWithItsSpanAndLevel) {
  const Case recorded = testing::LoadCase(GetParam());
  ExpectRecords(Fetch(recorded, true, 5000), recorded);
}

TEST_P(LokiFixtureTest, FindsTheSameInALokiThatMergesMetadataIntoLabels) {
  const Case recorded = testing::LoadCase(GetParam());
  ExpectRecords(Fetch(recorded, false, 5000), recorded);
}

TEST_P(LokiFixtureTest, FindsTheSameInSmallPages) {
  const Case recorded = testing::LoadCase(GetParam());
  // Some cases have many records of one instant; a page must be able to hold them.
  ExpectRecords(Fetch(recorded, true, 300), recorded);
}

INSTANTIATE_TEST_SUITE_P(All, LokiFixtureTest, ::testing::ValuesIn(testing::CaseNames()),
                         [](const auto& info) {
                           std::string name = info.param;
                           for (char& c : name) {
                             if (c == '-') c = '_';
                           }
                           return name;
                         });

}  // namespace
}  // namespace spanlog::stores
