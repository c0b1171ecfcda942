#include "genai/dialects/openllmetry_message.h"

#include <optional>

#include "genai/dialects/indexed.h"
#include "genai/json_find.h"
#include "genai/parts.h"

namespace spanlog::genai {
namespace {

constexpr std::string_view kFilteredHint = "The provider's content filter held this back.";

class MessageReader {
 public:
  MessageReader(Attributes message, Direction direction, int choice, Sink& sink)
      : message_(message), sink_(sink) {
    speaker_.direction = direction;
    speaker_.choice = choice;
    speaker_.role = direction == Direction::kInput ? Role::kUser : Role::kAssistant;
    speaker_.finish_reason = Field("finish_reason");
    speaker_.tool_id = Field("tool_call_id");
    speaker_.tool_name = Field("name");
  }

  void Read(bool texts_are_json) {
    std::string_view content = Field("content");
    if (const std::optional<Role> role = ParseRole(Field("role"))) {
      speaker_.role = *role;
    } else if (content.empty()) {
      content = TextUnderItsRole();
    }
    if (texts_are_json) content = UnquotedJson(content, sink_.arena());
    if (IsThought(message_)) {
      Add(Role::kAssistant, PartKind::kReasoning, content);
      return;
    }
    for (const std::string_view key : {"reasoning", "reasoning_content"}) {
      if (const std::string_view thought = Field(key); !thought.empty()) ReadThought(thought);
    }
    const auto calls = ByIndex(message_, "tool_calls.");
    const std::string_view called = Field("function_call.name");
    if (content == "FILTERED" && speaker_.finish_reason == "content_filter") {
      Finish(sink_.AddAbsent(speaker_.role, speaker_.direction, MessageStatus::kRedacted,
                             kFilteredHint));
    } else if (speaker_.role == Role::kTool || !speaker_.tool_id.empty()) {
      ReadResult(content);
    } else if (!IsNothing(content, !calls.empty() || !called.empty())) {
      ReadContent(content);
    }
    if (const std::string_view refusal = Field("refusal"); !refusal.empty()) {
      Add(speaker_.role, PartKind::kText, refusal);
    }
    for (const auto& [index, call] : calls) {
      Finish(sink_.AddToolCall(FindText(call, "name"), FindText(call, "id"),
                               FindText(call, "arguments"), speaker_.direction));
    }
    if (!called.empty()) {
      Finish(sink_.AddToolCall(called, {}, Field("function_call.arguments"), speaker_.direction));
    }
  }

 private:
  std::string_view Field(std::string_view key) const { return FindText(message_, key); }

  void Finish(Message& row) const {
    row.choice = speaker_.choice;
    row.finish_reason = speaker_.finish_reason;
  }
  void Add(Role role, PartKind kind, std::string_view text) {
    Finish(sink_.Add(role, kind, speaker_.direction, text));
  }

  // Completions: gen_ai.prompt.0.user = "…".
  std::string_view TextUnderItsRole() {
    for (const std::string_view key : {"user", "system", "assistant"}) {
      const std::string_view text = Field(key);
      if (text.empty()) continue;
      speaker_.role = *ParseRole(key);
      return text;
    }
    return {};
  }

  // LangChain's instrumentation writes the empty content beside calls as JSON.
  static bool IsNothing(std::string_view content, bool has_calls) {
    return content.empty() || (has_calls && IsOneOf(content, {"\"\"", "[]", "null"}));
  }

  // Several parts (an image beside a text), and all of Anthropic's and Bedrock's, come as the JSON
  // of the API's content list.
  std::optional<ParsedJson> Parts(std::string_view text) {
    if (text.empty() || text.front() != '[') return std::nullopt;
    std::optional<ParsedJson> parsed = ParseJson(text, sink_.arena());
    if (parsed && !AreParts(parsed->root)) parsed.reset();
    return parsed;
  }

  void ReadContent(std::string_view content) {
    if (const std::optional<ParsedJson> parts = Parts(content)) {
      PartReader(*parts, sink_).ReadContent(parts->root, speaker_);
    } else {
      Add(speaker_.role, PartKind::kText, content);
    }
  }

  void ReadResult(std::string_view content) {
    Speaker tool = speaker_;
    tool.role = Role::kTool;
    if (const std::optional<ParsedJson> parts = Parts(content)) {
      PartReader(*parts, sink_).ReadContent(parts->root, tool);
    } else {
      sink_.AddToolResult(tool.tool_name, tool.tool_id, content, speaker_.direction);
    }
  }

  // A text, or the list of summaries of an OpenAI response.
  void ReadThought(std::string_view thought) {
    const std::optional<ParsedJson> parsed =
        thought.front() == '[' ? ParseJson(thought, sink_.arena()) : std::nullopt;
    bool any = false;
    if (parsed) {
      for (const JsonValue& item : parsed->root.items) {
        const std::string_view text = item.GetText("text");
        if (text.empty()) continue;
        Add(Role::kAssistant, PartKind::kReasoning, text);
        any = true;
      }
    }
    if (!any) Add(Role::kAssistant, PartKind::kReasoning, thought);
  }

  Attributes message_;
  Sink& sink_;
  Speaker speaker_;
};

}  // namespace

void ReadOpenLlmetryMessage(Attributes message, Direction direction, int choice,
                            bool texts_are_json, Sink& sink) {
  MessageReader(message, direction, choice, sink).Read(texts_are_json);
}

bool IsThought(Attributes message) {
  return IsOneOf(FindText(message, "role"), {"thinking", "reasoning"});
}

}  // namespace spanlog::genai
