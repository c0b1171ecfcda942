// Texts that the trace store cut: found, completed from a copy elsewhere, or made readable.
#pragma once

#include "model/message.h"
#include "model/trace.h"

namespace spanlog::genai {

// Marks texts that are a whole attribute of their span and as long as Tempo leaves a cut one
// (max_attribute_bytes, 2048; nothing in the attribute says that it was cut). Cuts inside JSON are
// seen where the JSON is read. Before merging.
void MarkCutAttributes(const Trace& trace, Reading& reading);

// After merging: what is still cut is completed from any message of the trace that begins with
// it (a later call's history repeats it, say). What stays cut is made valid JSON where it is JSON,
// and loses half a character at its end.
void HealMessages(Reading& reading);

}  // namespace spanlog::genai
