#include "policy/apply.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace spanlog::policy {
namespace {

constexpr std::string_view kSecret = "the quick brown fox SECRET jumps over the lazy dog";

// A woven trace with the same secret in every place that a text can be.
weave::Woven EveryPlace() {
  static const Attribute attribute[] = {{"gen_ai.input.messages", Value::String(kSecret)}};
  static const Attribute event_attribute[] = {{"gen_ai.event.content", Value::String(kSecret)}};
  static const SpanEvent events[] = {{1, "gen_ai.user.message", event_attribute}};
  static const std::string_view texts[] = {kSecret};
  static const weave::Tag tags[] = {
      {weave::kMessageKey, Value::String(kSecret), weave::TagFormat::kText},
      {"anything",
       Value::String("a field of a record that is longer than any label would be, with "
                     "the SECRET inside it and more words after it to be long"),
       {}},
      {weave::kRoleKey, Value::String("user"), {}}};
  weave::Woven woven;
  weave::Row span;
  span.span_id = "1";
  span.operation_name = "chat gpt";
  span.attributes = attribute;
  span.events = events;
  weave::Row message;
  message.kind = weave::RowKind::kMessage;
  message.span_id = "2";
  message.parent_span_id = "1";
  message.operation_name = kSecret;
  message.tags = tags;
  message.stack_traces = texts;
  woven.rows = {span, message};
  return woven;
}

std::string AllText(const weave::Woven& woven) {
  std::string text;
  const auto add = [&](std::string_view piece) { text += std::string(piece) + "\n"; };
  for (const weave::Row& row : woven.rows) {
    add(row.operation_name);
    add(row.status_message);
    for (const Attributes attributes : {row.attributes, row.resource, row.scope_attributes}) {
      for (const Attribute& attribute : attributes) add(attribute.value.text());
    }
    for (const SpanEvent& event : row.events) {
      add(event.name);
      for (const Attribute& attribute : event.attributes) add(attribute.value.text());
    }
    for (const weave::Tag& tag : row.tags) add(tag.value.text());
    for (const std::string_view stack : row.stack_traces) add(stack);
  }
  for (const weave::Notice& notice : woven.notices) add(notice.text);
  return text;
}

std::string Filtered(const Policy& policy, ContentLevel level) {
  weave::Woven woven = EveryPlace();
  Apply(policy, Redactor(policy), level, woven);
  return AllText(woven);
}

TEST(ApplyTest, ChangesNothingForAFullReaderWithoutRules) {
  EXPECT_EQ(Filtered(Policy(), ContentLevel::kFull), AllText(EveryPlace()));
}

TEST(ApplyTest, LeavesNoContentAnywhereBelowPreview) {
  for (const ContentLevel level : {ContentLevel::kNone, ContentLevel::kMetadata}) {
    EXPECT_EQ(Filtered(Policy(), level).find("SECRET"), std::string::npos)
        << LevelName(level) << "\n"
        << Filtered(Policy(), level);
  }
}

TEST(ApplyTest, KeepsRolesAndNamesAtMetadata) {
  EXPECT_NE(Filtered(Policy(), ContentLevel::kMetadata).find("chat gpt"), std::string::npos);
  EXPECT_NE(Filtered(Policy(), ContentLevel::kMetadata).find("user"), std::string::npos);
}

TEST(ApplyTest, ShowsOnlyTheHeadAtPreview) {
  Policy policy;
  policy.preview_chars = 9;
  const std::string text = Filtered(policy, ContentLevel::kPreview);
  EXPECT_NE(text.find("the quick… [withheld by policy]"), std::string::npos);
  EXPECT_EQ(text.find("SECRET"), std::string::npos);
}

TEST(ApplyTest, RedactsBeforeItCutsThePreview) {
  Policy policy;
  policy.preview_chars = 22;  // ends inside the secret
  policy.regexes = {{"secret", "SECRET"}};
  EXPECT_EQ(Filtered(policy, ContentLevel::kPreview).find("SE"), std::string::npos);
}

TEST(ApplyTest, RemovesWhatARuleNamesFromEveryPlaceAndSaysSo) {
  Policy policy;
  policy.regexes = {{"secret", "SECRET"}};
  const std::string text = Filtered(policy, ContentLevel::kFull);
  EXPECT_EQ(text.find("SECRET"), std::string::npos);
  EXPECT_NE(text.find("[secret removed]"), std::string::npos);
  EXPECT_NE(text.find("removed: secret"), std::string::npos);
}

constexpr ContentLevel kHiding[] = {ContentLevel::kNone, ContentLevel::kMetadata,
                                    ContentLevel::kPreview};

// One message row and one span row, to be filled by a test.
struct TwoRows {
  weave::Tag tags[1] = {{weave::kMessageKey, Value::String("What is my balance of SECRET?"),
                         weave::TagFormat::kText}};
  weave::Row span;
  weave::Row message;

  std::string Filtered(ContentLevel level, Policy policy = {}) {
    policy.preview_chars = 5;
    weave::Woven woven;
    span.span_id = "1";
    message.kind = weave::RowKind::kMessage;
    message.span_id = "2";
    message.parent_span_id = "1";
    if (message.tags.empty()) message.tags = tags;
    woven.rows = {span, message};
    Apply(policy, Redactor(policy), level, woven);
    return AllText(woven);
  }
};

TEST(ApplyTest, FindsContentUnderNamesThatNobodyKnows) {
  for (const ContentLevel level : kHiding) {
    static const Attribute attributes[] = {
        {"my.own.copy", Value::String("What is my balance of SECRET?")},
        {"my.own.head", Value::String("What is my balance of SEC…")},
        {"my.long", Value::String("something that is longer than any label would ever be, with a "
                                  "SECRET in it")}};
    TwoRows rows;
    rows.span.attributes = attributes;
    rows.span.resource = attributes;
    rows.span.scope_attributes = attributes;
    EXPECT_EQ(rows.Filtered(level).find("SEC"), std::string::npos) << LevelName(level) << "\n"
                                                                   << rows.Filtered(level);
  }
}

TEST(ApplyTest, FindsContentInNamesOfSpansAndEvents) {
  for (const ContentLevel level : kHiding) {
    static const SpanEvent events[] = {{1, "What is my balance of SECRET?", {}}};
    TwoRows rows;
    rows.span.operation_name = "What is my balance of SEC…";
    rows.span.status_message = "could not answer: SECRET";
    rows.span.events = events;
    weave::Woven woven;
    const std::string text = rows.Filtered(level);
    EXPECT_EQ(text.find("SEC"), std::string::npos) << LevelName(level) << "\n" << text;
  }
}

TEST(ApplyTest, KeepsFactsThatAreNoContent) {
  static const Attribute attributes[] = {
      {"gen_ai.request.model", Value::String("a-model-with-a-name-that-is-longer-than-sixty-four-"
                                             "bytes-for-whatever-reason")},
      {"llm.token_count.prompt", Value::Int(12)},
      {"llm.input_messages.0.message.role", Value::String("user")},
      {"http.method", Value::String("GET")}};
  TwoRows rows;
  rows.span.attributes = attributes;
  const std::string text = rows.Filtered(ContentLevel::kMetadata);
  for (const char* fact : {"for-whatever-reason", "user", "GET"}) {
    EXPECT_NE(text.find(fact), std::string::npos) << text;
  }
}

TEST(ApplyTest, WithholdsNumbersUnderContentKeysToo) {
  static const Attribute attributes[] = {{"gen_ai.tool.call.arguments.pin", Value::Int(7781)},
                                         {"llm.token_count.prompt", Value::Int(12)}};
  weave::Woven woven;
  weave::Row row;
  row.attributes = attributes;
  woven.rows = {row};
  Apply(Policy(), Redactor(Policy()), ContentLevel::kMetadata, woven);
  EXPECT_EQ(woven.rows[0].attributes[0].value.text(), kWithheld);
  EXPECT_EQ(woven.rows[0].attributes[1].value.integer, 12);
}

TEST(ApplyTest, ARecordsFieldsAreJudgedEvenWhenTheyAreNamedAsOurs) {
  static const weave::Tag tags[] = {
      {weave::kMessageKey, Value::String("x"), {}},
      {"message.body", Value::String("SECRET"), {}},
      {"tool.note",
       Value::String("a note with a SECRET that is longer than any label would ever "
                     "be in a lifetime"),
       {}},
      {"sql", Value::String("note = SECRET"), {}},
      {"log.original",
       Value::String("a line with a SECRET that is longer than any label would ever "
                     "be in a lifetime"),
       {}}};
  TwoRows rows;
  rows.message.tags = tags;
  EXPECT_EQ(rows.Filtered(ContentLevel::kMetadata).find("SECRET"), std::string::npos);
}

TEST(ApplyTest, AtNoneTheRootSaysHowMuchIsWithheld) {
  weave::Woven woven = EveryPlace();
  Apply(Policy(), Redactor(Policy()), ContentLevel::kNone, woven);
  ASSERT_EQ(woven.rows.size(), 1u);
  ASSERT_EQ(woven.rows[0].warnings.size(), 1u);
  EXPECT_EQ(woven.rows[0].warnings[0],
            "1 log record or message is withheld by the datasource's content policy.");
}

TEST(ApplyTest, EachRowSaysWhatWasWithheld) {
  weave::Woven woven = EveryPlace();
  Policy policy;
  policy.regexes = {{"fox", "fox"}};
  Apply(policy, Redactor(policy), ContentLevel::kMetadata, woven);
  for (const weave::Row& row : woven.rows) {
    ASSERT_FALSE(row.tags.empty());
    EXPECT_EQ(row.tags.back().key, kPolicyKey);
    EXPECT_EQ(row.tags.back().value.text(), "content level metadata; removed: fox");
  }
}

TEST(ApplyTest, SwitchesMediaOffInRowsAndRawAttributes) {
  static const weave::Tag tags[] = {
      {weave::kMessageKey, Value::String("[image https://x/SECRET.png]"), weave::TagFormat::kText},
      {"message.kind", Value::String("media"), {}}};
  static const Attribute attributes[] = {
      {"gen_ai.input.messages",
       Value::String(R"([{"role":"user","parts":[{"type":"uri","modality":"image",)"
                     R"("uri":"https://x/SECRET.png"},{"type":"text","content":"look"}]}])")}};
  Policy policy;
  policy.media = false;
  TwoRows rows;
  rows.span.attributes = attributes;
  rows.message.tags = tags;
  rows.message.operation_name = "[image https://x/SECRET.png]";
  const std::string text = rows.Filtered(ContentLevel::kFull, policy);
  EXPECT_EQ(text.find("SECRET"), std::string::npos) << text;
  EXPECT_NE(text.find("look"), std::string::npos) << text;
  EXPECT_NE(text.find("media withheld"), std::string::npos) << text;
}

TEST(ApplyTest, ARedactedJsonTextStaysPrettyPrinted) {
  static const weave::Tag tags[] = {
      {weave::kMessageKey, Value::String(R"({"mail":"jo\u0040x.org"})"), weave::TagFormat::kPlain}};
  Policy policy;
  policy.regexes = {{"mail", "[a-z]+@[a-z.]+"}};
  weave::Woven woven;
  weave::Row row;
  row.kind = weave::RowKind::kMessage;
  row.tags = tags;
  woven.rows = {row};
  Apply(policy, Redactor(policy), ContentLevel::kFull, woven);
  EXPECT_EQ(woven.rows[0].tags[0].value.text(), R"({"mail":"[mail removed]"})");
  EXPECT_EQ(woven.rows[0].tags[0].format, weave::TagFormat::kPlain);
}

// Took minutes when the attributes were read again for each row.
TEST(ApplyTest, AttributesThatManyRowsShareAreReadOnce) {
  constexpr size_t kMany = 3'000;
  weave::Woven woven;
  std::vector<Attribute> attributes(kMany, {"note", Value::String("badge B-1")});
  weave::Row row;
  row.resource = woven.arena->CopyArray(attributes);
  woven.rows.assign(kMany, row);
  Policy policy;
  policy.regexes = {{"badge", R"(B-\d+)"}};
  Apply(policy, Redactor(policy), ContentLevel::kFull, woven);
  for (const weave::Row& filtered : woven.rows) {
    ASSERT_EQ(filtered.resource.size(), kMany);
    ASSERT_EQ(filtered.resource.back().value.text(), "badge [badge removed]");
    ASSERT_EQ(filtered.resource.data(), woven.rows[0].resource.data());
    ASSERT_EQ(filtered.tags.back().value.text(), "removed: badge") << "each row says so";
  }
}

}  // namespace
}  // namespace spanlog::policy
