// What is missing from the messages of a trace and what a person can do about it.
#pragma once

#include "genai/ancestry.h"
#include "model/log_record.h"
#include "model/message.h"
#include "model/trace.h"

namespace spanlog::genai {

// Fills Reading::findings, the most important first. After merging and healing.
void AddFindings(const Trace& trace, const Ancestry& ancestry, const LogBatch& logs,
                 Reading& reading);

}  // namespace spanlog::genai
