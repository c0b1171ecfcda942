// One message per line as OpenAI's chat API has them, for datasets and replays.
#include <nlohmann/json.hpp>

#include "export/formats.h"

namespace spanlog::exports {
namespace {

using Json = nlohmann::ordered_json;

// Collects the parts of one message: an assistant's reasoning, text and tool calls are one.
class Writer {
 public:
  void Add(const Section& section, const Entry& entry) {
    switch (entry.kind) {
      case EntryKind::kHistory:
      case EntryKind::kError:
      case EntryKind::kEvaluation:  // says something about messages, is none
        return;
      case EntryKind::kReasoning:
        Join(section, entry, "reasoning_content");
        message_["reasoning_content"] = Content(entry);
        break;
      case EntryKind::kToolCall:
        Join(section, entry, "");
        message_["tool_calls"].push_back(Call(entry));
        break;
      case EntryKind::kToolResult:
        Begin(section, entry, "tool");
        if (!entry.tool_id.empty()) message_["tool_call_id"] = entry.tool_id;
        message_["content"] = Content(entry);
        break;
      case EntryKind::kText:
        if (entry.role == "assistant") {
          Join(section, entry, "content");
        } else {
          Begin(section, entry, entry.role);
        }
        message_["content"] = Content(entry);
        break;
    }
    if (!entry.finish_reason.empty()) message_["finish_reason"] = entry.finish_reason;
    if (!entry.status.empty() && entry.status != "full") message_["status"] = entry.status;
  }

  std::string Finish() {
    End();
    return std::move(out_);
  }

 private:
  // What was not captured is no content.
  static Json Content(const Entry& entry) {
    return entry.absent ? Json(nullptr) : Json(entry.text);
  }

  static Json Call(const Entry& entry) {
    Json call = Json::object();
    if (!entry.tool_id.empty()) call["id"] = entry.tool_id;
    call["type"] = "function";
    call["function"] = {{"name", entry.tool_name}, {"arguments", entry.arguments}};
    return call;
  }

  void Begin(const Section& section, const Entry& entry, std::string_view role) {
    End();
    section_ = &section;
    choice_ = entry.choice;
    message_ = {{"role", role}, {"content", nullptr}};
    const std::string_view name =
        entry.kind == EntryKind::kToolResult ? entry.tool_name : entry.name;
    if (!name.empty()) message_["name"] = name;
    if (section.call != nullptr) message_["span_id"] = section.call->span_id;
  }

  // Goes on with the assistant's message, unless it has this part already.
  void Join(const Section& section, const Entry& entry, const char* part) {
    const bool same = !message_.is_null() && section_ == &section && choice_ == entry.choice &&
                      message_["role"] == "assistant" &&
                      (*part == '\0' || !message_.contains(part) || message_[part].is_null());
    // What comes after the tool calls is another message.
    const bool after_calls = same && *part != '\0' && message_.contains("tool_calls");
    if (!same || after_calls) Begin(section, entry, "assistant");
  }

  void End() {
    if (message_.is_null()) return;
    out_ += message_.dump(-1, ' ', false, Json::error_handler_t::replace);
    out_ += '\n';
    message_ = nullptr;
  }

  std::string out_;
  Json message_ = nullptr;
  const Section* section_ = nullptr;
  int64_t choice_ = -1;
};

}  // namespace

std::string MessageLines(const Conversation& conversation) {
  Writer writer;
  for (const Section& section : conversation.sections) {
    for (const Entry& entry : section.entries) writer.Add(section, entry);
  }
  return writer.Finish();
}

}  // namespace spanlog::exports
