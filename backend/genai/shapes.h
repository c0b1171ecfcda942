// Words and shapes by which providers' messages and parts are known.
#pragma once

#include <optional>
#include <string_view>

#include "base/arena.h"
#include "genai/json.h"
#include "model/message.h"

namespace spanlog::genai {

// system, developer -> system; user, human -> user; assistant, model, ai -> assistant;
// tool, function -> tool. Nothing for any other word.
std::optional<Role> ParseRole(std::string_view word);

// The text of a value: a string as it is, anything else as its source, in which letters that the
// emitter wrote as \uXXXX are letters again; empty for null and absence.
std::string_view TextOf(const JsonValue* value, Arena& arena);

// The text of a tool result that is a list of text blocks: the texts, a line each. Anything else,
// as a list with other blocks or of a tool's own objects, as TextOf does.
std::string_view BlocksText(const JsonValue& value, Arena& arena);

// One part of a message's content in a provider's shape: its type, or its key, is a known one.
bool IsPart(const JsonValue& value);

// A list of parts, texts between them too. Emitters write such lists as the JSON text of a content;
// other JSON there is somebody's words.
bool AreParts(const JsonValue& list);

// The last word of "FinishReason.STOP" and the like.
std::string_view FinishReasonOf(std::string_view text);

// LangGraph's message as a pair: ["user", "hi"].
bool IsRoleAndText(const JsonValue& list);

}  // namespace spanlog::genai
