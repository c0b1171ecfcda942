#include "export/export.h"

#include "export/conversation.h"
#include "export/formats.h"

namespace spanlog::exports {

std::optional<Format> ParseFormat(std::string_view word) {
  if (word == "text") return Format::kText;
  if (word == "markdown") return Format::kMarkdown;
  if (word == "jsonl") return Format::kJsonLines;
  return std::nullopt;
}

std::string_view ContentType(Format format) {
  switch (format) {
    case Format::kText:
      return "text/plain; charset=utf-8";
    case Format::kMarkdown:
      return "text/markdown; charset=utf-8";
    case Format::kJsonLines:
      break;
  }
  return "application/jsonl; charset=utf-8";
}

std::string Export(const weave::Woven& woven, Format format) {
  const Conversation conversation = ReadConversation(woven);
  switch (format) {
    case Format::kText:
      return TranscriptText(woven, conversation);
    case Format::kMarkdown:
      return TranscriptMarkdown(woven, conversation);
    case Format::kJsonLines:
      break;
  }
  return MessageLines(conversation);
}

}  // namespace spanlog::exports
