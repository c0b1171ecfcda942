// Takes what the policy's rules name out of a trace and its records before anything is
// read from them: titles, cut texts, merged copies and exports are then made of redacted texts
// only.
#pragma once

#include "model/log_record.h"
#include "model/trace.h"
#include "policy/redactor.h"

namespace spanlog::policy {

// In place; new texts live in the arenas of `trace` and `logs`. Ids that are numbers stay. True
// when anything was removed.
bool Redact(const Redactor& redactor, Trace& trace, LogBatch& logs);

}  // namespace spanlog::policy
