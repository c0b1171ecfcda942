// A run as a document to read, to paste or to feed to another program: for the terminal and for the
// plugin's `transcript` resource.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "weave/woven.h"

namespace spanlog::exports {

enum class Format {
  kText,       // "text": a readable transcript; safe for a terminal
  kMarkdown,   // "markdown"
  kJsonLines,  // "jsonl": one message per line as OpenAI's chat API has them
};

std::optional<Format> ParseFormat(std::string_view word);
std::string_view FormatWord(Format format);
std::string_view ContentType(Format format);

// Valid UTF-8, ends with a line end. Best with a trace woven with `history: delta`, where each
// message of a conversation is there once. Thread-safe.
std::string Export(const weave::Woven& woven, Format format);

}  // namespace spanlog::exports
