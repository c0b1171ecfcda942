// One message per event, as semconv 1.28 to 1.36 have it: gen_ai.<role>.message and
// gen_ai.choice. Log records carry it in their body, span events in one attribute or several.
#pragma once

#include <optional>
#include <string_view>

#include "genai/dialect.h"
#include "genai/json.h"
#include "genai/parts.h"
#include "model/log_record.h"

namespace spanlog::genai {

// Who speaks in an event of this name, or nothing for other events. A role that no convention
// knows (gen_ai.<x>.message) speaks for the user.
std::optional<Speaker> SpeakerOfEvent(std::string_view event_name);

// The body of a record: parsed where it is JSON, else its text. The wrapper that collectors
// write around it ({"body":…,"attributes":…,"traceid":…}) is taken off.
struct RecordBody {
  std::optional<ParsedJson> json;
  std::string_view text;
};
RecordBody ReadRecordBody(const LogRecord& record, Arena& arena);

// Adds the messages of one event body. An empty body means that content capture is off.
void ReadEventBody(const RecordBody& body, const Speaker& speaker, Sink& sink);

// Adds the messages of one list of events that are JSON themselves:
// [{"event.name":"gen_ai.user.message","content":…}, …].
void ReadEventList(const ParsedJson& list, Sink& sink);

}  // namespace spanlog::genai
