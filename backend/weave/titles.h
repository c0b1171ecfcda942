// What stands on a row: one line, its lane and its words.
#pragma once

#include <string>
#include <string_view>

#include "base/arena.h"
#include "model/log_record.h"
#include "model/message.h"

namespace spanlog::weave {

// "error" … "trace", "log" when the level is unknown.
std::string_view LevelWord(Level level);

// "system", "user", "assistant", "reasoning", "tool", "evaluation".
std::string_view RoleWord(const Message& message);

// "full", "healed", …
std::string_view StatusWord(MessageStatus status);

// "log, span attribute": every place the text was found.
std::string_view SourcesText(uint8_t sources, Arena& arena);

// The row's words for a message, without its role.
std::string_view MessageTitle(const Message& message, size_t max_chars, Arena& arena);

// "13.50" with two decimals, up to 15 of them.
std::string FixedText(double value, int decimals);

// A time difference for people: "350 ms", "1.5 s", "2 h 5 min".
std::string DurationText(int64_t ns);

// 950 -> "950", 12431 -> "12.4k", 3100000 -> "3.1M".
std::string CountText(int64_t count);

}  // namespace spanlog::weave
