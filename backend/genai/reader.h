// Reads LLM messages and usage out of a trace and its records, whichever dialect
// carried them. The dialects are a table: genai/dialects.h.
#pragma once

#include "model/log_record.h"
#include "model/message.h"
#include "model/trace.h"

namespace spanlog::genai {

// Never fails: what it does not understand stays a plain record. The result's views point into
// `trace`, `logs` and its own arena.
//
// The messages are merged (the same text of one call found in several places is one message, the
// longest uncut copy wins) and healed (a text that the store cut is completed from an agreeing
// copy).
Reading Read(const Trace& trace, const LogBatch& logs);

}  // namespace spanlog::genai
