// The writers behind Export, one file each.
#pragma once

#include <string>

#include "export/conversation.h"
#include "weave/woven.h"

namespace spanlog::exports {

std::string TranscriptText(const weave::Woven& woven, const Conversation& conversation);
std::string TranscriptMarkdown(const weave::Woven& woven, const Conversation& conversation);
std::string MessageLines(const Conversation& conversation);

}  // namespace spanlog::exports
