#include "stores/loki/streams_parser.h"

#include <string>

#include "gtest/gtest.h"
#include "stores/loki/response_reader.h"
#include "support/cut_body.h"

namespace spanlog::stores {
namespace {

std::string Answer(const std::string& streams) {
  return R"({"status":"success","data":{"resultType":"streams","result":[)" + streams +
         R"(],"stats":{"summary":{"execTime":0.01,"splits":3}}}})";
}

// However it is cut.
bool IsOwnSpelling(const std::string& body) {
  Arena arena;
  int read = 0;
  for (size_t size = 1; size <= body.size(); ++size) {
    testing::CutBody cut(body, size);
    PieceBuffer pieces(cut);
    ParsedStreams parsed;
    const bool is_read = ParseStreams(pieces, arena, parsed);
    EXPECT_TRUE(is_read || pieces.TakeWhole() == body) << body;
    read += is_read;
  }
  EXPECT_TRUE(read == 0 || read == static_cast<int>(body.size())) << body;
  return read > 0;
}

TEST(StreamsParserTest, ReadsStreamsRecordsAndTheirMetadata) {
  const std::string body =
      Answer(R"({"stream":{"app":"a\"b","env":"x"},"values":[["1700000000000000001","line\n1",)"
             R"({"structuredMetadata":{"trace_id":"abc","k":"\u4e0a"},"parsed":{"level":"info"}}],)"
             R"(["1700000000000000002","two"]]},{"stream":{},"values":[]})");
  Arena arena;
  WholeBody whole(body);
  PieceBuffer pieces(whole);
  ParsedStreams parsed;
  ASSERT_TRUE(ParseStreams(pieces, arena, parsed));
  ASSERT_EQ(parsed.labels.size(), 2u);
  EXPECT_EQ(FindText(parsed.labels[0], "app"), "a\"b");
  ASSERT_EQ(parsed.records.size(), 2u);
  EXPECT_EQ(parsed.records[0].time_ns, 1700000000000000001);
  EXPECT_EQ(parsed.records[0].line, "line\n1");
  EXPECT_EQ(FindText(parsed.records[0].metadata, "k"), "上");
  EXPECT_EQ(FindText(parsed.records[0].parsed, "level"), "info");
  EXPECT_EQ(parsed.records[1].line, "two");
  EXPECT_TRUE(parsed.records[1].metadata.empty());
}

TEST(StreamsParserTest, LeavesOtherSpellingsToTheGeneralReader) {
  EXPECT_TRUE(IsOwnSpelling(Answer("")));
  const char* const others[] = {
      R"({"values":[["1","x"]],"stream":{}})",            // another order
      R"({"stream":{"a":1},"values":[]})",                // a number
      R"({"stream":{},"values":[[1,"x"]]})",              // a time that is none
      R"({"stream":{},"values":[["1","x",{"a":"b"}]]})",  // bare metadata
      R"({"stream":{},"values":[["1","x",{"structuredMetadata":{"a":{"b":1}}}]]})",  // nested
      R"({"stream":{},"values":[["1","x"],]})",                                      // no JSON
      R"({"stream":{},"values":[["1","\ud83d"]]})",                                  // broken text
  };
  for (const char* other : others) EXPECT_FALSE(IsOwnSpelling(Answer(other))) << other;
  EXPECT_FALSE(IsOwnSpelling(R"({"status":"error","error":"no"})"));
  EXPECT_FALSE(IsOwnSpelling(Answer("") + "x"));
  EXPECT_FALSE(IsOwnSpelling(Answer("\"\xFF\"")));
  EXPECT_FALSE(IsOwnSpelling(""));
}

TEST(StreamsParserTest, ReadsWhatTheGeneralReaderReads) {
  const std::string body = Answer(
      R"({"stream":{"app":"a"},"values":[["20","second \\ \t \u00e9",{"structuredMetadata":{"x":""}}],)"
      R"(["10","first",{}],["0","",{"parsed":{}}]]},{"stream":{"app":"b"},"values":[["15","between"]]})");
  ASSERT_TRUE(IsOwnSpelling(body));
  LokiAnswers general;
  ASSERT_TRUE(general.AddAnyAnswer(body).ok());
  for (size_t size = 1; size <= body.size(); ++size) {
    LokiAnswers own;
    testing::CutBody cut(body, size);
    ASSERT_TRUE(own.Add(cut).ok());
    ASSERT_EQ(own.size(), general.size());
    for (size_t i = 0; i < own.size(); ++i) {
      const LogRecord& a = own.batch().records[i];
      const LogRecord& b = general.batch().records[i];
      EXPECT_EQ(a.time_ns, b.time_ns);
      EXPECT_EQ(a.line, b.line);
      EXPECT_EQ(a.stream, b.stream);
      EXPECT_EQ(a.metadata.size(), b.metadata.size());
    }
  }
}

TEST(StreamsParserTest, ABodyWhoseRestFailedToComeGivesNoRecords) {
  const std::string body = Answer(R"({"stream":{},"values":[["1","x"]]})");
  for (const std::string& came :
       {body, body.substr(0, body.size() / 2), Answer(R"({"stream":{"a":1},"values":[]})")}) {
    LokiAnswers answers;
    testing::CutBody cut(came, 10, absl::DataLossError("cut on the way"));
    EXPECT_EQ(answers.Add(cut).status(), absl::DataLossError("cut on the way"));
    EXPECT_EQ(answers.size(), 0u);
  }
}

}  // namespace
}  // namespace spanlog::stores
