#include "genai/fields.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace spanlog::genai {
namespace {

Attribute Text(std::string_view key, std::string_view text) { return {key, Value::String(text)}; }

TEST(FieldsTest, FindsDotsOnSpansExactly) {
  const std::vector<Attribute> attributes = {Text("gen_ai_system", "no"),
                                             Text("gen_ai.system", "openai")};
  const Fields fields{Attributes(attributes)};
  EXPECT_EQ(fields.Text("gen_ai.system"), "openai");
  EXPECT_FALSE(fields.Has("gen_ai.system_name"));
}

TEST(FieldsTest, FindsEveryKeyOfManyAndNoOther) {
  std::vector<std::string> keys = {"a", ".", "ai"};
  for (int i = 0; i < 600; ++i) keys.push_back("gen_ai.prompt." + std::to_string(i) + ".content");
  std::vector<Attribute> attributes;
  for (const std::string& key : keys) attributes.push_back(Text(key, key));
  const Fields fields{Attributes(attributes)};
  for (const std::string& key : keys) EXPECT_EQ(fields.Text(key), key);
  EXPECT_FALSE(fields.Has(""));
  EXPECT_FALSE(fields.Has("gen_ai.prompt.600.content"));
}

TEST(FieldsTest, TakesTheFirstOfSeveralEqualKeys) {
  const std::vector<Attribute> attributes = {Text("other", "0"), Text("twice", "1"),
                                             Text("twice", "2")};
  EXPECT_EQ(Fields{Attributes(attributes)}.Text("twice"), "1");
}

TEST(FieldsTest, TellsKeysWithTheSameMarkApart) {
  // Two keys of one length that differ where the mark does not look.
  const std::vector<Attribute> attributes = {Text("abcdefghijklmnop", "1")};
  ASSERT_EQ(Key("abcdefghijklmnop").mark(), Key("xbcdefghijklmnop").mark());
  const Fields one{Attributes(attributes)};
  EXPECT_FALSE(one.Has("xbcdefghijklmnop"));
  const std::vector<Attribute> both = {Text("abcdefghijklmnop", "1"),
                                       Text("xbcdefghijklmnop", "2")};
  const Fields two{Attributes(both)};
  EXPECT_EQ(two.Text("abcdefghijklmnop"), "1");
  EXPECT_EQ(two.Text("xbcdefghijklmnop"), "2");
  EXPECT_FALSE(two.Has("zbcdefghijklmnop"));
}

TEST(FieldsTest, FindsAPrefixOnlyAtTheBeginningOfAKey) {
  const std::vector<Attribute> attributes = {
      Text("gen_ai.provider.name", "x"), Text("my.gen_ai.prompt.0.role", "x"),
      Text("gen_ai.completion.0.role", "x"), Text("short", "x")};
  const Fields fields{Attributes(attributes)};
  EXPECT_TRUE(fields.HasPrefix("gen_ai.completion."));
  EXPECT_FALSE(fields.HasPrefix("gen_ai.prompt."));
  EXPECT_FALSE(fields.HasPrefix("llm.prompts."));
}

class RecordFieldsTest : public ::testing::Test {
 protected:
  Fields Of(const std::vector<Attribute>& metadata) {
    record_.metadata = metadata;
    return Fields(record_, stream_);
  }
  LogRecord record_;
  LogStream stream_;
  Arena arena_;
};

TEST_F(RecordFieldsTest, FindsUnderscoresForDots) {
  const std::vector<Attribute> metadata = {Text("gen_ai_usage_input_tokens", "12"),
                                           Text("gen_ai_usage_input_tokens_x", "13")};
  int64_t tokens = 0;
  EXPECT_TRUE(Of(metadata).Int("gen_ai.usage.input_tokens", tokens));
  EXPECT_EQ(tokens, 12);
  // An underscore in the name asked for is no dot in the name stored.
  const std::vector<Attribute> dotted = {Text("gen.ai.x", "1")};
  EXPECT_FALSE(Of(dotted).Has("gen_ai.x"));
}

TEST_F(RecordFieldsTest, FindsEverySpellingAndWhatLokiRenamed) {
  const std::vector<Attribute> metadata = {Text("a_b_c_d", "1"), Text("x_extracted", "2"),
                                           Text("n_s_long_name_extracted", "3")};
  const Fields fields = Of(metadata);
  for (const char* key : {"a.b.c.d", "a-b/c:d", "a_b.c_d", "a_b_c_d"})
    EXPECT_EQ(fields.Text(key), "1");
  EXPECT_EQ(fields.Text("x"), "2");
  EXPECT_EQ(fields.Text("n.s.long_name"), "3");
  EXPECT_FALSE(fields.Has("a b_c_d"));
}

TEST_F(RecordFieldsTest, PrefersMetadataThenParsedThenLineThenLabels) {
  const std::vector<Attribute> labels = {Text("level", "label"), Text("only", "label")};
  const std::vector<Attribute> parsed = {Text("level", "parsed"), Text("half", "parsed")};
  stream_.labels = labels;
  record_.parsed = parsed;
  const std::vector<Attribute> metadata = {Text("level", "metadata")};
  const Fields fields = Of(metadata);
  EXPECT_EQ(fields.Text("level"), "metadata");
  EXPECT_EQ(fields.Text("half"), "parsed");
  EXPECT_EQ(fields.Text("only"), "label");
}

TEST_F(RecordFieldsTest, FindsEveryKeyOfManyInTheirOrder) {
  std::vector<std::string> keys;
  for (int i = 0; i < 300; ++i) keys.push_back("gen_ai_key_" + std::to_string(i));
  std::vector<Attribute> metadata, labels;
  for (const std::string& key : keys) {
    metadata.push_back(Text(key, key));
    labels.push_back(Text(key, "label"));
  }
  labels.push_back(Text("only_label", "label"));
  stream_.labels = labels;
  const Fields fields = Of(metadata);
  for (int i = 0; i < 300; ++i)
    EXPECT_EQ(fields.Text("gen_ai.key." + std::to_string(i)), keys[static_cast<size_t>(i)]);
  EXPECT_EQ(fields.Text("only.label"), "label");
  EXPECT_FALSE(fields.Has("gen_ai.key.300"));
}

TEST_F(RecordFieldsTest, PrefersANameItselfToItsExtractedCopy) {
  const std::vector<Attribute> metadata = {Text("level_extracted", "copy"), Text("level", "own")};
  EXPECT_EQ(Of(metadata).Text("level"), "own");
  EXPECT_EQ(Of(metadata).Text("level.extracted"), "copy");
}

TEST_F(RecordFieldsTest, TakesLokisExtractedCopy) {
  const std::vector<Attribute> metadata = {Text("severity_text_extracted", "WARN")};
  EXPECT_EQ(Of(metadata).Text("severity.text"), "WARN");
}

TEST_F(RecordFieldsTest, PutsAFlattenedMapTogether) {
  const std::vector<Attribute> metadata = {
      Text("gen_ai_tool_call_arguments_location", "Paris \"centre\""),
      Text("gen_ai_tool_call_arguments_days", "3"),
      Text("gen_ai_tool_call_arguments_zip", "01234"),
      Text("gen_ai_tool_call_arguments_deep", "true"),
      Text("gen_ai_tool_call_arguments_list", "[1,\"a\"]"),
      Text("gen_ai_tool_call_argumentsx", "other")};
  EXPECT_EQ(Of(metadata).FlattenedMap("gen_ai.tool.call.arguments", arena_),
            R"({"location":"Paris \"centre\"","days":3,"zip":"01234","deep":true,"list":[1,"a"]})");
  EXPECT_EQ(Of(metadata).FlattenedMap("gen_ai.tool.call.result", arena_), "");
}

TEST_F(RecordFieldsTest, WritesNumbersOut) {
  const std::vector<Attribute> metadata = {{"score", Value::Double(0.25)},
                                           {"count", Value::Int(7)},
                                           {"flag", Value::Bool(true)},
                                           Text("text", "12.7")};
  const Fields fields = Of(metadata);
  EXPECT_EQ(fields.AnyText("score", arena_), "0.25");
  EXPECT_EQ(fields.AnyText("count", arena_), "7");
  EXPECT_EQ(fields.AnyText("flag", arena_), "true");
  int64_t whole = 0;
  double real = 0;
  EXPECT_TRUE(fields.Int("text", whole));
  EXPECT_EQ(whole, 12);
  EXPECT_TRUE(fields.Double("text", real));
  EXPECT_DOUBLE_EQ(real, 12.7);
  EXPECT_FALSE(fields.Int("nothing", whole));
}

}  // namespace
}  // namespace spanlog::genai
