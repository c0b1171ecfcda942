#include "host/audit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <nlohmann/json.hpp>
#include <string>

#include "host/log.h"

namespace spanlog::host {
namespace {

nlohmann::json Line(const settings::Query& query, const query::Reader& reader) {
  int ends[2];
  if (pipe(ends) != 0) return nullptr;
  SetLogFile(ends[1]);
  AuditRead("ds-1", query, reader, policy::ContentLevel::kPreview);
  SetLogFile(STDERR_FILENO);
  close(ends[1]);
  char buffer[4096];
  const ssize_t size = read(ends[0], buffer, sizeof(buffer));
  close(ends[0]);
  return nlohmann::json::parse(std::string(buffer, static_cast<size_t>(size > 0 ? size : 0)),
                               nullptr, false);
}

settings::Query TraceQuery() {
  settings::Query query;
  query.trace_id = *ParseTraceId("abc1");
  return query;
}

TEST(AuditTest, SaysWhoReadWhichTraceAtWhichLevel) {
  query::Reader reader;
  reader.login = "jo";
  reader.role = "Viewer";
  reader.org_id = 7;
  const nlohmann::json line = Line(TraceQuery(), reader);
  EXPECT_EQ(line["@message"], "content read");
  EXPECT_EQ(line["@level"], "info");
  EXPECT_EQ(line["who"], "jo");
  EXPECT_EQ(line["role"], "Viewer");
  EXPECT_EQ(line["orgId"], 7);
  EXPECT_EQ(line["dsUid"], "ds-1");
  EXPECT_EQ(line["kind"], "trace");
  EXPECT_EQ(line["trace"], "0000000000000000000000000000abc1");
  EXPECT_EQ(line["level"], "preview");
}

TEST(AuditTest, NamesReadersWithoutALogin) {
  query::Reader reader;
  EXPECT_EQ(Line(TraceQuery(), reader)["who"], "anonymous");
  reader.from_alert = true;
  EXPECT_EQ(Line(TraceQuery(), reader)["who"], "alerting");
  reader.login = "mallory";  // who only says to be alerting
  EXPECT_EQ(Line(TraceQuery(), reader)["who"], "mallory");
}

TEST(AuditTest, LeavesOutWhatASearchLooksFor) {
  settings::Query query;
  query.kind = settings::QueryKind::kSearch;
  query.text = "{ span.x = \"SECRET\" }";
  const nlohmann::json line = Line(query, {});
  EXPECT_EQ(line["kind"], "search");
  EXPECT_EQ(line.dump().find("SECRET"), std::string::npos);
}

}  // namespace
}  // namespace spanlog::host
