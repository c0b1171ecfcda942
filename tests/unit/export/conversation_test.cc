#include "export/conversation.h"

#include <gtest/gtest.h>

#include "run_testing.h"

namespace spanlog::exports {
namespace {

// "chat1: user, assistant | chat2: …", for a glance at the order.
std::string Outline(const Conversation& conversation) {
  std::string out;
  for (const Section& section : conversation.sections) {
    if (!out.empty()) out += " | ";
    Append(out, section.call == nullptr ? "none" : section.call->span_id,
           section.continued ? "+" : "", ":");
    for (const Entry& entry : section.entries) {
      Append(out, " ",
             entry.kind == EntryKind::kToolCall     ? "call"
             : entry.kind == EntryKind::kToolResult ? "result"
             : entry.kind == EntryKind::kError      ? "error"
                                                    : entry.role);
    }
  }
  return out;
}

TEST(ConversationTest, ShowsEachMessageOnceWhereItWasSaid) {
  RunBuilder run = AgentRun();
  EXPECT_EQ(Outline(ReadConversation(run.woven())),
            "chat1: system user call | chat2: result assistant");
}

TEST(ConversationTest, ShowsWhatOnlyAToolSpanTells) {
  RunBuilder run;
  run.Span("agent", "", "invoke_agent");
  run.Span("tool", "agent", "execute_tool");
  run.ToolCall("tool", "tool", "search", "c", "{}");
  run.ToolResult("tool", "search", "c", "found");
  EXPECT_EQ(Outline(ReadConversation(run.woven())), "tool: call result");
}

TEST(ConversationTest, SplitsWhatAnAgentSaysAroundItsCalls) {
  RunBuilder run;
  run.Span("agent", "", "invoke_agent");
  run.Message("agent", "user", "question");
  run.Span("chat", "agent", "chat");
  run.Message("chat", "assistant", "draft");
  run.Message("agent", "assistant", "answer");
  EXPECT_EQ(Outline(ReadConversation(run.woven())),
            "agent: user | chat: assistant | agent+: assistant");
}

TEST(ConversationTest, KeepsTheMessagesOfInterleavedCallsTogether) {
  RunBuilder run;
  run.Span("a", "", "chat");
  run.Span("b", "", "chat");
  run.Message("a", "user", "1");
  run.Message("b", "user", "2");
  run.Message("a", "assistant", "3");
  run.Message("b", "assistant", "4");
  EXPECT_EQ(Outline(ReadConversation(run.woven())), "a: user assistant | b: user assistant");
}

TEST(ConversationTest, ShowsErrorsAndCountsOtherRecords) {
  RunBuilder run;
  run.Span("a", "", "chat");
  run.Record("a", "info", "started");
  run.Record("a", "error", "boom");
  run.Record("gone", "error", "lost");
  const Conversation conversation = ReadConversation(run.woven());
  EXPECT_EQ(Outline(conversation), "a: error | none: error");
  EXPECT_EQ(conversation.other_records, 1u);
}

TEST(ConversationTest, KeepsARepeatedAnswerOfTheModel) {
  RunBuilder run;
  run.Span("a", "", "chat");
  run.Message("a", "assistant", "same");
  run.Span("b", "", "chat");
  run.Message("b", "assistant", "same");
  EXPECT_EQ(Outline(ReadConversation(run.woven())), "a: assistant | b: assistant");
}

TEST(ConversationTest, ReadsEveryPartOfAMessage) {
  RunBuilder run;
  run.Span("a", "", "chat");
  run.Message("a", "assistant", "hi",
              {{weave::kFinishReasonKey, Value::String("length")},
               {weave::kStatusKey, Value::String("cut")},
               {"message.name", Value::String("bob")},
               {"message.hint", Value::String("raise it")},
               {"message.choice", Value::Int(2)}});
  run.Message("a", "reasoning", "hm");
  run.Message("a", "assistant", "ping()", {{weave::kToolNameKey, Value::String("ping")}});
  const Conversation conversation = ReadConversation(run.woven());
  const Entry& entry = conversation.sections[0].entries[0];
  EXPECT_EQ(entry.text, "hi");
  EXPECT_EQ(entry.finish_reason, "length");
  EXPECT_EQ(entry.status, "cut");
  EXPECT_EQ(entry.name, "bob");
  EXPECT_EQ(entry.hint, "raise it");
  EXPECT_EQ(entry.choice, 2);
  EXPECT_EQ(conversation.sections[0].entries[1].kind, EntryKind::kReasoning);
  EXPECT_EQ(conversation.sections[0].entries[2].kind, EntryKind::kToolCall) << "without arguments";
}

TEST(ConversationTest, ReadsATraceWithoutRows) {
  const Conversation conversation = ReadConversation(weave::Woven());
  EXPECT_EQ(conversation.root, nullptr);
  EXPECT_TRUE(conversation.sections.empty());
}

}  // namespace
}  // namespace spanlog::exports
