#include <gtest/gtest.h>

#include "export/export.h"
#include "run_testing.h"

namespace spanlog::exports {
namespace {

TEST(TranscriptTest, ReadsAsAConversation) {
  RunBuilder run = AgentRun();
  run.woven().notices.push_back({weave::NoticeSeverity::kWarning, "one\ntwo"});
  EXPECT_EQ(Export(run.woven(), Format::kText), R"(travel: invoke_agent travel · 1.2 s
trace 0af7651916cd43dd8448eb211c80319c
! one two

── chat gpt-4o · 1.2 s ──

system
    Be brief.

user
    Weather in Paris?

assistant calls get_weather (call_1)
    {"city":"Paris"}

── chat gpt-4o · 1.2 s ──

result of get_weather (call_1)
    rain <b>

assistant
    It rains.

    ```
    bring umbrella
    ```
)");
}

TEST(TranscriptTest, TellsTokensCostAndErrorsOfACall) {
  RunBuilder run;
  const std::vector<weave::Tag> tags = {{"spanlog.own.tokens.input", Value::Int(12'431)},
                                        {"spanlog.own.tokens.output", Value::Int(300)},
                                        {"spanlog.own.cost_usd", Value::Double(0.043)},
                                        {weave::kSummaryKey, Value::String("1 LLM")}};
  weave::Row& row = run.Span("a", "", "chat");
  row.tags = tags;
  row.status = StatusCode::kError;
  row.status_message = "rate limit";
  run.Message("a", "user", "hi");
  const std::string text = Export(run.woven(), Format::kText);
  EXPECT_NE(text.find("travel: chat · 1.2 s · 1 LLM\n"), std::string::npos) << text;
  EXPECT_NE(text.find("── chat · 1.2 s · 12.4k→300 tokens · $0.0430 · error: rate limit ──"),
            std::string::npos)
      << text;
}

TEST(TranscriptTest, SaysThatAToolFailed) {
  RunBuilder run;
  run.Span("a", "", "chat");
  run.Message("a", "tool", "no such city",
              {{weave::kToolResultKey, Value::String("no such city")},
               {weave::kToolNameKey, Value::String("get_weather")},
               {weave::kToolFailedKey, Value::Bool(true)}});
  EXPECT_NE(Export(run.woven(), Format::kText).find("result of get_weather (failed)\n"),
            std::string::npos);
}

TEST(TranscriptTest, SaysWhatIsMissingOfAMessage) {
  RunBuilder run;
  run.Span("a", "", "chat");
  run.Message(
      "a", "user", "(content not captured)",
      {{weave::kStatusKey, Value::String("off")}, {"message.hint", Value::String("set X=true")}});
  run.History("a", "12 earlier messages");
  const std::string text = Export(run.woven(), Format::kText);
  EXPECT_NE(text.find("user (off)\n    (content not captured)\n    set X=true\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("\n(12 earlier messages)\n"), std::string::npos) << text;
}

TEST(TranscriptTest, SaysHowAnAnswerEndedOnlyWhereThatIsOdd) {
  RunBuilder run;
  run.Span("a", "", "chat");
  run.Message("a", "assistant", "x", {{weave::kFinishReasonKey, Value::String("STOP")}});
  run.Message("a", "assistant", "y", {{weave::kFinishReasonKey, Value::String("length")}});
  const std::string text = Export(run.woven(), Format::kText);
  EXPECT_NE(text.find("\nassistant\n    x"), std::string::npos) << text;
  EXPECT_NE(text.find("\nassistant (finished: length)\n    y"), std::string::npos) << text;
}

TEST(TranscriptTest, LetsNoControlCharacterThrough) {
  RunBuilder run;
  run.Span("a", "", "chat \x1b]0;title\x07");
  run.Message("a", "user", "\x1b[2J\x1b[31mred\r\x08\u009b1m");
  const std::string text = Export(run.woven(), Format::kText);
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_EQ(text.find('\x07'), std::string::npos);
  EXPECT_EQ(text.find('\r'), std::string::npos);
  EXPECT_EQ(text.find("\u009b"), std::string::npos);
  EXPECT_NE(text.find("␛[31mred␍␈"), std::string::npos) << text;
}

TEST(TranscriptTest, SaysThatThereAreNoMessages) {
  RunBuilder run;
  run.Span("a", "", "GET /");
  run.Record("a", "info", "x");
  run.Record("a", "info", "y");
  const std::string text = Export(run.woven(), Format::kText);
  EXPECT_NE(
      text.find("No LLM messages were found in this trace. 2 log records that are no messages "
                "are left out."),
      std::string::npos)
      << text;
}

}  // namespace
}  // namespace spanlog::exports
