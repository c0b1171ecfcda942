// Headings that the readable formats share.
#pragma once

#include <string>

#include "export/conversation.h"

namespace spanlog::exports {

// "travel: invoke_agent · 12.3 s · 3 LLM · 12.4k→1.1k · $0.043".
std::string RunHeading(const Conversation& conversation);

// "chat gpt-4o · 1.2 s · 1.2k→300 tokens · $0.0040".
std::string SectionHeading(const Section& section);

// "user", "assistant calls get_weather (call_1)", "tool get_weather (call_1)", … with what is to be
// known of the text: "(cut)", "(finished: length)".
std::string EntryHeading(const Entry& entry);

// What follows the heading: the arguments of a tool call, else the text.
std::string_view EntryBody(const Entry& entry);

// Said at the end: what the transcript leaves out; empty when it leaves out nothing.
std::string Omissions(const Conversation& conversation);

}  // namespace spanlog::exports
