#include "policy/apply.h"

#include <gtest/gtest.h>

#include <string>

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
      {"anything", Value::String("a field of a record that is longer than any label would be, with "
                                 "the SECRET inside it and more words after it to be long"), {}},
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
    for (const Attribute& attribute : row.attributes) add(attribute.value.text);
    for (const SpanEvent& event : row.events) {
      for (const Attribute& attribute : event.attributes) add(attribute.value.text);
    }
    for (const weave::Tag& tag : row.tags) add(tag.value.text);
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
        << LevelName(level) << "\n" << Filtered(Policy(), level);
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
  EXPECT_NE(text.find("parts removed"), std::string::npos);
}

}  // namespace
}  // namespace spanlog::policy
