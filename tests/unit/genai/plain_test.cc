// Records of no dialect: never without a text of their own.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "builders.h"

namespace spanlog::genai {
namespace {

using testing::Build;
using testing::S;

TEST(PlainTest, LeavesARecordWithAnyTextAlone) {
  Build build;
  build.AddRecord(0, "", "GET /index.html", {{"message", S("other")}});
  EXPECT_EQ(build.Read().records[0].title, "");
}

TEST(PlainTest, NamesAnEmptyLineAfterItsFirstTellingField) {
  Build build;
  build.AddRecord(0, "", " ", {{"scope_name", S("app")}, {"msg", S("started")}});
  build.AddRecord(0, "order.placed", "", {{"trace_id", S("1")}, {"order_id", S("17")}});
  build.AddRecord(0, "", "", {{"exception_message", S("no route to host")}});
  build.AddRecord(0, "", "", {{"detected_level", S("info")}});
  const Reading reading = build.Read();
  EXPECT_EQ(reading.records[0].title, "started");
  EXPECT_EQ(reading.records[1].title, "order.placed order_id=17");
  EXPECT_EQ(reading.records[2].title, "no route to host");
  EXPECT_EQ(reading.records[3].title, "");
  EXPECT_TRUE(reading.messages.empty());
}

}  // namespace
}  // namespace spanlog::genai
