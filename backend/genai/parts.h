// Reads messages and their parts from JSON, in whichever provider's shape: OpenTelemetry
// parts, OpenAI messages and content parts, Anthropic and Bedrock blocks, Gemini contents,
// Vercel AI SDK parts, LangChain messages. The shapes do not collide, so one reader does for all.
#pragma once

#include <optional>
#include <string_view>

#include "genai/dialect.h"
#include "genai/json.h"
#include "genai/shapes.h"
#include "model/message.h"

namespace spanlog::genai {

// The hint of reasoning that the provider shows to nobody.
inline constexpr std::string_view kEncryptedHint =
    "The provider encrypted this part of the reasoning.";

// What the parts of one message share.
struct Speaker {
  Role role = Role::kUser;
  Direction direction = Direction::kInput;
  std::string_view name;
  std::string_view finish_reason;
  int choice = -1;
  std::string_view tool_id;  // of a tool's message
  std::string_view tool_name;
  bool failed = false;  // the message says that its tool did
};

// Lives for one document. Adds one message per part to the sink, in order; what the cut went
// through is marked. A redaction marker becomes a message without text (Sink::Add).
class PartReader {
 public:
  PartReader(const ParsedJson& document, Sink& sink) : document_(document), sink_(sink) {}

  // A list of messages (lists in lists too, as LangChain sends), or one message. A message
  // without a role is the user's in an input and the assistant's in an output. Several outputs
  // are choices.
  void ReadMessages(const JsonValue& list, Direction direction);

  // One message. `speaker` holds what is known besides the message itself.
  void ReadMessage(const JsonValue& message, Speaker speaker);

  // The content of one message: a text, a list of parts, or one part.
  void ReadContent(const JsonValue& content, const Speaker& speaker);
  void ReadPart(const JsonValue& part, const Speaker& speaker);

  // OpenAI, flat (name, arguments | args | input), Vercel or LangChain call.
  void ReadToolCall(const JsonValue& call, const Speaker& speaker);

 private:
  void AddText(const JsonValue& text, PartKind kind, const Speaker& speaker);
  void AddResult(const JsonValue& part, const JsonValue* result, const Speaker& speaker);
  void AddWholeResult(const JsonValue& content, const Speaker& speaker);
  // Adds that the part's content was not captured; nothing where the cut took it. Returns true.
  bool AddAbsent(const JsonValue& part, PartKind kind, const Speaker& speaker);
  void AddMedia(const JsonValue& part, std::string_view modality, const Speaker& speaker);
  bool ReadTypedPart(std::string_view type, const JsonValue& part, const Speaker& speaker);
  bool ReadUiPart(std::string_view type, const JsonValue& part, const Speaker& speaker);
  // A call, and its result where it has returned.
  void ReadInvocation(const JsonValue& invocation, const Speaker& speaker);
  bool ReadKeyedPart(const JsonValue& part, bool is_typed, const Speaker& speaker);
  bool ReadReasoning(const JsonValue& part, const Speaker& speaker);
  void AddEncrypted(const Speaker& speaker);
  bool ReadMessageInText(std::string_view text, const Speaker& speaker);
  void ReadBody(const JsonValue& message, const Speaker& speaker);
  std::string_view Text(const JsonValue* value);
  Message& Finish(Message& message, const Speaker& speaker);
  void MarkCut(Message& message, const JsonValue* value);

  const ParsedJson& document_;
  Sink& sink_;
};

// Reads a JSON text of messages. False when it is no JSON.
bool ReadMessageText(std::string_view json, Direction direction, Sink& sink);

}  // namespace spanlog::genai
