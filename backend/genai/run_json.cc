#include "genai/run_json.h"

#include <algorithm>

#include "base/text.h"
#include "genai/json_find.h"
#include "genai/parts.h"

namespace spanlog::genai {
namespace {

constexpr int kMaxDepth = 8;

// Where messages are, outermost name first: `inputs` may hold `messages`, never the other way
// round.
constexpr std::string_view kWrappings[] = {
    "messages", "generations", "choices", "candidates", "contents", "message", "data", "inputs",
    "outputs",  "input",       "output",  "response",   "result",   "kwargs",  "args"};

// An item of an OpenAI response, or a LangChain message by its type.
bool HasMessageType(const JsonValue& value) {
  const std::string_view type = value.GetText("type");
  if (IsOneOf(type, {"function_call", "custom_tool_call"})) return value.Get("name") != nullptr;
  if (IsOneOf(type, {"function_call_output", "custom_tool_call_output"})) {
    return value.Get("call_id") != nullptr;
  }
  if (type == "reasoning") {
    return First(value, {"summary", "content", "encrypted_content"}) != nullptr;
  }
  if (!ParseRole(type) && type != "message") return false;
  return value.Get("content") != nullptr || ObjectAt(value, {"data"}) != nullptr;
}

// Gemini's answer: {"content": {"parts": …}, "finishReason": …}.
bool IsCandidate(const JsonValue& value) {
  const JsonValue* content = ObjectAt(value, {"content"});
  return content != nullptr && content->Get("parts") != nullptr;
}

bool IsMessage(const JsonValue& value) {
  if (!value.is_object()) return false;
  if (value.Get("lc") != nullptr && ObjectAt(value, {"kwargs"}) != nullptr) {
    const JsonValue* id = value.Get("id");
    return id != nullptr && !id->items.empty() && Contains(id->items.back().text, "Message");
  }
  const JsonValue* role = value.Get("role");
  if (role != nullptr && role->is_string()) {
    if (value.Get("text") != nullptr && ParseRole(role->text)) return true;
    for (const std::string_view key : {"content", "contents", "parts", "tool_calls", "toolCalls",
                                       "function_call", "refusal", "audio"}) {
      if (value.Get(key) != nullptr) return true;
    }
    return false;
  }
  return HasMessageType(value) || IsCandidate(value);
}

// A generation of LangChain, or a choice of the completions API, that is only a text.
bool IsGeneratedText(const JsonValue& value) {
  return value.GetText("type") == "Generation" || value.Get("generation_info") != nullptr ||
         (value.Get("finish_reason") != nullptr && value.Get("index") != nullptr);
}

bool HasMessages(const JsonValue& value, int depth);

const JsonValue* WrappedMessages(const JsonValue& object, int depth) {
  for (const std::string_view key : kWrappings) {
    const JsonValue* inner = object.Get(key);
    if (inner != nullptr && HasMessages(*inner, depth + 1)) return inner;
  }
  return nullptr;
}

bool HasMessages(const JsonValue& value, int depth) {
  if (depth > kMaxDepth) return false;
  if (value.is_array()) {
    return std::any_of(value.items.begin(), value.items.end(), [&](const JsonValue& item) {
      return IsRoleAndText(item) || HasMessages(item, depth + 1);
    });
  }
  if (!value.is_object()) return false;
  return IsMessage(value) || WrappedMessages(value, depth) != nullptr ||
         (IsGeneratedText(value) && !value.GetText("text").empty());
}

class RunReader {
 public:
  RunReader(const ParsedJson& document, Direction direction, Sink& sink)
      : reader_(document, sink), direction_(direction) {}

  void Read(const JsonValue& value, int depth) {
    if (depth > kMaxDepth) return;
    if (value.is_array()) {
      ReadList(value, depth);
    } else if (IsMessage(value)) {
      reader_.ReadMessages(value, direction_);
    } else if (const JsonValue* inner = WrappedMessages(value, depth)) {
      ReadSystem(value);
      Read(*inner, depth + 1);
    } else if (IsGeneratedText(value)) {
      reader_.ReadMessages(value, direction_);
    }
  }

  // Anthropic, OpenAI's responses and Gemini take the system text beside the messages.
  void ReadSystem(const JsonValue& request) {
    const JsonValue* system =
        First(request, {"system", "instructions", "system_instruction", "systemInstruction"});
    if (system == nullptr) return;
    if (const JsonValue* parts = system->Get("parts")) system = parts;
    if (!system->is_string() && !system->is_array() && !IsPart(*system)) return;
    Speaker speaker;
    speaker.role = Role::kSystem;
    reader_.ReadContent(*system, speaker);
  }

 private:
  static bool IsListed(const JsonValue& item) {
    return IsMessage(item) || IsRoleAndText(item) || ObjectAt(item, {"message"}) != nullptr ||
           (item.is_object() && IsGeneratedText(item));
  }

  void ReadList(const JsonValue& list, int depth) {
    // Read as a whole where every item is one message, since only so choices are known as such.
    if (std::all_of(list.items.begin(), list.items.end(), IsListed)) {
      reader_.ReadMessages(list, direction_);
      return;
    }
    for (const JsonValue& item : list.items) {
      if (IsListed(item)) {
        reader_.ReadMessages(item, direction_);
      } else {
        Read(item, depth + 1);
      }
    }
  }

  PartReader reader_;
  Direction direction_;
};

// {"instructions": "…", "input": "…"} and {"prompt": "…", "model": …}: a request with plain texts.
bool ReadPlainRequest(const ParsedJson& document, Direction direction, Sink& sink) {
  const JsonValue& request = document.root;
  const JsonValue* input = First(request, {"input", "prompt", "contents"});
  if (direction != Direction::kInput || input == nullptr || !input->is_string() ||
      First(request, {"instructions", "model", "config"}) == nullptr) {
    return false;
  }
  RunReader(document, direction, sink).ReadSystem(request);
  Speaker speaker;
  PartReader(document, sink).ReadContent(*input, speaker);
  return true;
}

// LangChain's completion models: {"prompts": ["…"]}.
bool ReadPrompts(const ParsedJson& document, Direction direction, Sink& sink) {
  const JsonValue* prompts = document.root.Get("prompts");
  if (prompts == nullptr || prompts->items.empty() || direction != Direction::kInput ||
      !std::all_of(prompts->items.begin(), prompts->items.end(),
                   [](const JsonValue& prompt) { return prompt.is_string(); })) {
    return false;
  }
  PartReader(document, sink).ReadMessages(*prompts, direction);
  return true;
}

}  // namespace

bool ReadRunMessages(const ParsedJson& document, Direction direction, Sink& sink) {
  if (ReadPrompts(document, direction, sink) || ReadPlainRequest(document, direction, sink)) {
    return true;
  }
  if (!HasMessages(document.root, 0)) return false;
  RunReader(document, direction, sink).Read(document.root, 0);
  return true;
}

Message* ReadRun(std::string_view text, Role role, Direction direction, bool unwrap, Sink& sink) {
  if (text.empty()) return nullptr;
  const std::optional<ParsedJson> parsed = ParseJson(text, sink.arena());
  if (parsed && ReadRunMessages(*parsed, direction, sink)) return nullptr;
  if (unwrap && parsed && parsed->health == JsonHealth::kClean &&
      parsed->root.members.size() == 1 && parsed->root.members[0].value.is_string()) {
    text = parsed->root.members[0].value.text;
  }
  return &sink.Add(role, PartKind::kText, direction, text);
}

}  // namespace spanlog::genai
