// One Loki answer as the log store makes a batch of it.
#pragma once

#include <memory>
#include <string_view>

#include "model/log_record.h"

namespace spanlog::fuzz {

// Null when the answer is refused.
std::shared_ptr<LogBatch> ReadLoki(std::string_view body, const TraceId& wanted);

}  // namespace spanlog::fuzz
