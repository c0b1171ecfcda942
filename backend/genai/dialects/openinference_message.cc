#include "genai/dialects/openinference_message.h"

#include <string>

#include "base/text.h"
#include "genai/absent.h"
#include "genai/dialects/indexed.h"
#include "genai/media.h"
#include "genai/parts.h"

namespace spanlog::genai {
namespace {

// Reads one message. `first` is what the carrier had before.
class MessageReader {
 public:
  MessageReader(Attributes message, Direction direction, int choice, std::string_view finish,
                Sink& sink)
      : message_(message), sink_(sink), first_(sink.carrier_messages()) {
    speaker_.direction = direction;
    speaker_.choice = choice;
    speaker_.finish_reason = finish;
    speaker_.role = ParseRole(Field("message.role"))
                        .value_or(direction == Direction::kInput ? Role::kUser : Role::kAssistant);
    speaker_.name = Field("message.name");
    speaker_.tool_id = Field("message.tool_call_id");
  }

  void Read() {
    const std::string_view called = Field("message.function_call_name");
    if (speaker_.role == Role::kTool) {
      ReadResult(speaker_.name.empty() ? called : speaker_.name);
      return;
    }
    // Anthropic's results are in the user's messages, beside what the user says.
    if (!speaker_.tool_id.empty()) {
      ReadResult(speaker_.name);
    } else {
      ReadText(Field("message.content"));
    }
    ReadContents();
    if (!called.empty()) {
      AddCall(called, {}, Field("message.function_call_arguments_json"));
    }
    // Calls are among the contents, for their order, as well as beside them.
    for (const auto& [index, call] : ByIndex(message_, "message.tool_calls.")) {
      const std::string_view id = FindText(call, "tool_call.id");
      if (id.empty() ? content_calls_ == 0 : !sink_.HasToolCall(id, first_)) ReadCall(call);
    }
  }

 private:
  std::string_view Field(std::string_view key) const { return FindText(message_, key); }

  Message& Finish(Message& row) {
    row.name = speaker_.name;
    if (speaker_.direction == Direction::kOutput) {
      row.choice = speaker_.choice;
      row.finish_reason = speaker_.finish_reason;
    }
    if (row.status == MessageStatus::kRedacted && row.hint != kEncryptedHint)
      row.hint = kOpenInferenceHiddenHint;
    return row;
  }

  // A content that the API takes as a list may be written as the list's JSON.
  bool ReadParts(std::string_view content) {
    if (content.empty() || content.front() != '[') return false;
    const std::optional<ParsedJson> parsed = ParseJson(content, sink_.arena());
    if (!parsed || !AreParts(parsed->root)) return false;
    PartReader(*parsed, sink_).ReadContent(parsed->root, speaker_);
    return true;
  }

  void ReadText(std::string_view content) {
    if (content.empty() || ReadParts(content)) return;
    Finish(sink_.Add(speaker_.role, PartKind::kText, speaker_.direction, content));
  }

  void ReadResult(std::string_view name) {
    std::string_view content = Field("message.content");
    if (content.empty() && speaker_.role == Role::kTool) content = ContentsText();
    Speaker tool = speaker_;
    tool.role = Role::kTool;
    tool.tool_name = name;
    const std::optional<ParsedJson> parsed = content.empty() || content.front() != '['
                                                 ? std::nullopt
                                                 : ParseJson(content, sink_.arena());
    if (parsed && AreParts(parsed->root)) {
      PartReader(*parsed, sink_).ReadContent(parsed->root, tool);
      return;
    }
    Message& row = sink_.AddToolResult(name, speaker_.tool_id, content, speaker_.direction);
    if (row.status == MessageStatus::kRedacted) row.hint = kOpenInferenceHiddenHint;
  }

  // A tool's content is one result, a line per part.
  std::string_view ContentsText() {
    std::string text;
    for (const auto& [index, part] : ByIndex(message_, "message.contents.")) {
      std::string_view line = FindText(part, "message_content.text");
      if (line.empty()) line = MediaLine(part);
      if (line.empty()) continue;
      if (!text.empty()) text += '\n';
      text += line;
    }
    return sink_.arena().Own(std::move(text));
  }

  void ReadContents() {
    for (const auto& [index, part] : ByIndex(message_, "message.contents.")) {
      const std::string_view type = FindText(part, "message_content.type");
      const std::string_view text = FindText(part, "message_content.text");
      if (!text.empty()) {
        const bool is_reasoning = type == "reasoning";
        Finish(sink_.Add(is_reasoning ? Role::kAssistant : speaker_.role,
                         is_reasoning ? PartKind::kReasoning : PartKind::kText, speaker_.direction,
                         text));
      } else if (type == "tool_use" || !FindText(part, "tool_call.function.name").empty()) {
        ReadCall(part);
        ++content_calls_;
      } else if (type == "reasoning") {
        ReadEncrypted(part);
      } else if (const std::string_view line = MediaLine(part); !line.empty()) {
        Finish(sink_.Add(speaker_.role, PartKind::kMedia, speaker_.direction, line));
      }
    }
  }

  void ReadEncrypted(Attributes part) {
    if (FindText(part, "message_content.data").empty() &&
        FindText(part, "message_content.encrypted_content").empty()) {
      return;
    }
    Message& row = sink_.AddAbsent(Role::kAssistant, speaker_.direction, MessageStatus::kRedacted,
                                   kEncryptedHint);
    row.kind = PartKind::kReasoning;
    Finish(row);
  }

  void ReadCall(Attributes call) {
    AddCall(FindText(call, "tool_call.function.name"), FindText(call, "tool_call.id"),
            FindText(call, "tool_call.function.arguments"));
  }

  void AddCall(std::string_view name, std::string_view id, std::string_view arguments) {
    Finish(sink_.AddToolCall(name, id, arguments, speaker_.direction)).name = {};
  }

  // A part in OpenAI's shape, so that one reader names all media. A redaction marker stays one.
  std::string_view MediaLine(Attributes part) {
    std::string_view kind = "image";
    std::string_view url = FindText(part, "message_content.image.image.url");
    if (url.empty()) {
      kind = "audio";
      url = FindText(part, "message_content.audio.audio.url");
    }
    const std::string_view mime = FindText(part, "message_content.audio.audio.mime_type");
    const std::string_view said = FindText(part, "message_content.audio.audio.transcript");
    if (url.empty() && said.empty()) return {};
    if (FindAbsentMarker(url) != nullptr) return url;
    std::vector<JsonMember> members;
    for (const auto& [key, text] : {std::pair<std::string_view, std::string_view>{"url", url},
                                    {"mime_type", mime},
                                    {"transcript", said}}) {
      JsonValue value;
      value.type = JsonType::kString;
      value.text = text;
      members.push_back({key, value});
    }
    JsonValue media;
    media.type = JsonType::kObject;
    media.members = members;
    return MediaText(media, kind, sink_.arena());
  }

  Attributes message_;
  Sink& sink_;
  size_t first_;
  size_t content_calls_ = 0;
  Speaker speaker_;
};

}  // namespace

void ReadOpenInferenceMessage(Attributes message, Direction direction, int choice,
                              std::string_view finish_reason, Sink& sink) {
  MessageReader(message, direction, choice, finish_reason, sink).Read();
}

bool Speaks(Attributes message) {
  if (!FindText(message, "message.content").empty()) return true;
  for (const auto& [index, part] : ByIndex(message, "message.contents.")) {
    if (FindText(part, "message_content.type") != "reasoning" &&
        !FindText(part, "message_content.text").empty()) {
      return true;
    }
  }
  return false;
}

}  // namespace spanlog::genai
