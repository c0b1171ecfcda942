#include "export/export.h"

#include "export/conversation.h"
#include "export/formats.h"

namespace spanlog::exports {

std::string_view FormatWord(Format format) {
  switch (format) {
    case Format::kText:
      return "text";
    case Format::kMarkdown:
      return "markdown";
    case Format::kJsonLines:
      break;
  }
  return "jsonl";
}

std::optional<Format> ParseFormat(std::string_view word) {
  for (const Format format : {Format::kText, Format::kMarkdown, Format::kJsonLines}) {
    if (FormatWord(format) == word) return format;
  }
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
  return "application/x-ndjson; charset=utf-8";
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
