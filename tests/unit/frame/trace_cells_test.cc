// The JSON cells of the trace frame.
#include <array>
#include <cmath>
#include <limits>

#include "base/text.h"
#include "frame_testing.h"

namespace spanlog::frame {
namespace {

using weave::Tag;
using weave::TagFormat;

Json TagsOf(absl::Span<const Tag> tags) {
  weave::Row row = LogRow("log", "a");
  row.tags = tags;
  return JsonCell(ReadBack(WovenOf({SpanRow("a"), row})), "tags", 1);
}

TEST(TraceCellsTest, KeepsTheTypeOfEveryValue) {
  const std::array<Tag, 9> tags = {{{"string", Value::String("x")},
                                    {"bool", Value::Bool(true)},
                                    {"int", Value::Int(-7)},
                                    {"large", Value::Int(int64_t{1} << 62)},
                                    {"double", Value::Double(0.25)},
                                    {"nan", Value::Double(std::nan(""))},
                                    {"infinite", Value::Double(-INFINITY)},
                                    {"json", Value::Json(R"({"a":[1]})")},
                                    {"empty", Value()}}};
  EXPECT_EQ(TagsOf(tags), Json::parse(R"([{"key":"string","value":"x"},{"key":"bool","value":true},
      {"key":"int","value":-7},{"key":"large","value":"4611686018427387904"},
      {"key":"double","value":0.25},{"key":"nan","value":"NaN"},
      {"key":"infinite","value":"-Infinity"},{"key":"json","value":"{\"a\":[1]}"},
      {"key":"empty","value":""}])"));
}

TEST(TraceCellsTest, GivesBytesAsTheirBase64) {
  Value bytes = Value::String("AAEC");
  bytes.type = ValueType::kBytes;
  const std::array<Tag, 1> tags = {{{"b", bytes}}};
  EXPECT_EQ(TagsOf(tags)[0]["value"], "AAEC");
}

TEST(TraceCellsTest, EscapesMarkupOnlyWhereTheViewReadsIt) {
  const std::string text = "<tool_call> a && \"b\" </tool_call>\n日本語 🎉";
  const std::string html = "&lt;tool_call&gt; a &amp;&amp; \"b\" &lt;/tool_call&gt;\n日本語 🎉";
  const std::array<Tag, 3> tags = {{{"plain", Value::String(text)},
                                    {"text", Value::String(text), TagFormat::kText},
                                    {"code", Value::String(text), TagFormat::kCode}}};
  const Json cell = TagsOf(tags);
  EXPECT_EQ(cell[0], (Json{{"key", "plain"}, {"value", text}}));
  EXPECT_EQ(cell[1], (Json{{"key", "text"}, {"value", html}, {"type", "text"}}));
  EXPECT_EQ(cell[2], (Json{{"key", "code"}, {"value", html}, {"type", "code"}}));
}

TEST(TraceCellsTest, EscapesKeys) {
  const std::array<Tag, 1> tags = {{{"a\"b\n", Value::String("v")}}};
  EXPECT_EQ(TagsOf(tags)[0]["key"], "a\"b\n");
}

TEST(TraceCellsTest, LeavesOutAPairThatTheCellHasAlready) {
  const std::array<Attribute, 3> attributes = {
      {{"k", Value::String("v")}, {"k", Value::String("v")}, {"k", Value::String("w")}}};
  const std::array<Attribute, 2> scope = {{{"k", Value::String("w")}, {"n", Value::Int(1)}}};
  const std::array<Tag, 4> tags = {{{"n", Value::Int(1)},
                                    {"n", Value::Int(2)},
                                    {"n", Value::String("1")},
                                    {"k", Value::Json("v"), TagFormat::kText}}};
  weave::Row row = SpanRow("a");
  row.attributes = attributes;
  row.scope_attributes = scope;
  row.tags = tags;
  EXPECT_EQ(JsonCell(ReadBack(WovenOf({row})), "tags"), Json::parse(R"([{"key":"k","value":"v"},
      {"key":"k","value":"w"},{"key":"n","value":1},{"key":"n","value":2},
      {"key":"n","value":"1"}])"));
}

TEST(TraceCellsTest, ForgetsThePairsOfTheRowBefore) {
  const std::array<Tag, 1> tags = {{{"k", Value::String("v")}}};
  weave::Row row = SpanRow("a");
  row.tags = tags;
  const FrameColumns frame = ReadBack(WovenOf({row, row}));
  EXPECT_EQ(JsonCell(frame, "tags", 1).size(), 1u);
}

TEST(TraceCellsTest, LeavesOutRepeatsAmongThousandsOfKeys) {
  std::vector<std::string> keys;
  for (int i = 0; i < 5'000; ++i) keys.push_back("key" + std::to_string(i));
  std::vector<Attribute> attributes;
  for (int round = 0; round < 2; ++round) {
    for (const std::string& key : keys) attributes.push_back({key, Value::Int(1)});
  }
  weave::Row row = SpanRow("a");
  row.attributes = attributes;
  EXPECT_EQ(JsonCell(ReadBack(WovenOf({row})), "tags").size(), 5'000u);
}

TEST(TraceCellsTest, WritesSharedResourcesOnEveryRow) {
  const std::array<Attribute, 2> resource = {
      {{"service.name", Value::String("agent")}, {"host", Value::String("h")}}};
  weave::Row row = SpanRow("a");
  row.resource = resource;
  weave::Row shorter = row;
  shorter.resource = Attributes(resource.data(), 1);
  weave::Row none = row;
  none.resource = {};
  const FrameColumns frame = ReadBack(WovenOf({row, shorter, row, none, shorter}));
  const Json whole =
      Json::parse(R"([{"key":"service.name","value":"agent"},{"key":"host","value":"h"}])");
  EXPECT_EQ(JsonCell(frame, "serviceTags", 0), whole);
  EXPECT_EQ(JsonCell(frame, "serviceTags", 1), Json::array({whole[0]}));
  EXPECT_EQ(JsonCell(frame, "serviceTags", 2), whole);
  EXPECT_EQ(JsonCell(frame, "serviceTags", 3), Json::array());
  EXPECT_EQ(JsonCell(frame, "serviceTags", 4), Json::array({whole[0]}));
}

TEST(TraceCellsTest, WritesSpanEventsWithTheirFieldsAndMilliseconds) {
  const std::array<Attribute, 1> fields = {{{"exception.type", Value::String("E")}}};
  const std::array<SpanEvent, 2> events = {
      {{1'700'000'000'123'456'789, "exception", fields}, {1'700'000'000'000'000'000, "", {}}}};
  weave::Row row = SpanRow("a");
  row.events = events;
  EXPECT_EQ(JsonCell(ReadBack(WovenOf({row})), "logs"), Json::parse(R"([
      {"timestamp":1700000000123.456789,"name":"exception",
       "fields":[{"key":"exception.type","value":"E"}]},
      {"timestamp":1700000000000,"name":"","fields":[]}])"));
}

TEST(TraceCellsTest, WritesLinksOfSpans) {
  const std::array<Attribute, 1> attributes = {{{"why", Value::String("batch")}}};
  const std::array<SpanLink, 1> links = {{{TraceId{1, 2}, 0xABC, "vendor=1", attributes}}};
  weave::Row row = SpanRow("a");
  row.links = links;
  EXPECT_EQ(JsonCell(ReadBack(WovenOf({row})), "references"), Json::parse(R"([
      {"traceID":"00000000000000010000000000000002","spanID":"0000000000000abc",
       "tags":[{"key":"why","value":"batch"},{"key":"trace_state","value":"vendor=1"}]}])"));
}

TEST(TraceCellsTest, NamesTheOwnTraceInLinksAsInItsRows) {
  const std::array<SpanLink, 1> links = {{{TraceId{0, 0xab}, 0xC, "", {}}}};
  weave::Row child = SpanRow("000000000000000b", "000000000000000a");
  child.links = links;
  weave::Woven woven = WovenOf({SpanRow("000000000000000a"), child});
  woven.trace_id = "00000000000000ab";
  EXPECT_EQ(JsonCell(ReadBack(woven), "references", 1)[0]["traceID"], "00000000000000ab");
}

// The view would hang such a row below the span it links to, and never end when that one is below
// it.
TEST(TraceCellsTest, MakesLinksIntoTheFrameATagWhereTheParentIsMissing) {
  const TraceId own = *ParseTraceId("0af7651916cd43dd8448eb211c80319c");
  const std::array<SpanLink, 2> links = {{{own, 0xB, "", {}}, {TraceId{1, 2}, 0xC, "", {}}}};
  for (const char* parent : {"", "00000000000000ff"}) {
    weave::Row orphan = SpanRow("000000000000000a", parent);
    orphan.links = links;
    const weave::Woven woven = WovenOf({orphan, SpanRow("000000000000000b", "000000000000000a")});
    const FrameColumns frame = ReadBack(woven);
    const Json references = JsonCell(frame, "references");
    ASSERT_EQ(references.size(), 1u);
    EXPECT_EQ(references[0]["spanID"], "000000000000000c");
    EXPECT_EQ(JsonCell(frame, "tags"),
              Json::parse(R"([{"key":"spanlog.links","value":"000000000000000b"}])"));
  }
}

TEST(TraceCellsTest, KeepsLinksIntoTheFrameWhereTheParentIsThere) {
  const TraceId own = *ParseTraceId("0af7651916cd43dd8448eb211c80319c");
  const std::array<SpanLink, 1> links = {{{own, 0xA, "", {}}}};
  weave::Row child = SpanRow("000000000000000b", "000000000000000a");
  child.links = links;
  const FrameColumns frame = ReadBack(WovenOf({SpanRow("000000000000000a"), child}));
  EXPECT_EQ(JsonCell(frame, "references", 1)[0]["spanID"], "000000000000000a");
}

TEST(TraceCellsTest, GivesLogSpansNoReferences) {
  const std::array<SpanLink, 1> links = {{{TraceId{1, 2}, 3, "", {}}}};
  weave::Row row = LogRow("log", "a");
  row.links = links;
  EXPECT_EQ(JsonCell(ReadBack(WovenOf({SpanRow("a"), row})), "references", 1), Json::array());
}

TEST(TraceCellsTest, WritesWarningsAsTextAndStackTracesAsMarkup) {
  const std::array<std::string_view, 2> warnings = {"a <b>", "\"c\""};
  const std::array<std::string_view, 1> stacks = {"at Foo.<init>(Foo.java)\n"};
  weave::Row row = SpanRow("a");
  row.warnings = warnings;
  row.stack_traces = stacks;
  const FrameColumns frame = ReadBack(WovenOf({row}));
  EXPECT_EQ(JsonCell(frame, "warnings"), Json::parse(R"(["a <b>","\"c\""])"));
  EXPECT_EQ(JsonCell(frame, "stackTraces"), Json::parse(R"(["at Foo.&lt;init&gt;(Foo.java)\n"])"));
}

// Took minutes when each pair was compared with all in its slot.
TEST(TraceCellsTest, LeavesOutWhatACellOfManyPairsHasAlready) {
  constexpr int kMany = 50'000;
  std::vector<std::string> keys;
  for (int i = 0; i < kMany; ++i) {
    keys.push_back(Concat("aaaaaaaa", 10'000'000 + i, "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"));
  }
  std::vector<Tag> tags;
  for (int round = 0; round < 2; ++round) {
    for (const std::string& key : keys) tags.push_back({key, Value::Int(1), {}});
  }
  tags.push_back({keys[0], Value::Int(2), {}});
  tags.push_back({keys[0], Value::Double(std::nan("")), {}});
  tags.push_back({keys[0], Value::Double(-std::nan("")), {}});
  tags.push_back({keys[0], Value::Double(0.0), {}});
  tags.push_back({keys[0], Value::Double(-0.0), {}});
  tags.push_back({keys[0], Value::Bool(true), {}});
  tags.push_back({keys[0], Value::Bool(false), {}});
  tags.push_back({keys[0], Value::Json("1"), {}});
  tags.push_back({keys[0], Value::String("1"), {}});
  tags.push_back({keys[0], Value(), {}});
  tags.push_back({keys[0], Value(), {}});
  EXPECT_EQ(TagsOf(tags).size(), kMany + 7u);
}

}  // namespace
}  // namespace spanlog::frame
