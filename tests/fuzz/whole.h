// The way from a trace and its records to the frame, and the rules that the frame must keep.
#pragma once

#include <memory>
#include <string_view>

#include "model/log_record.h"
#include "model/trace.h"

namespace spanlog::fuzz {

// Reads the messages, weaves, filters, encodes and exports; Requires what design says of the
// result. `choice` decides options. The trace must have been made sane.
void RunWhole(std::shared_ptr<const Trace> trace, std::shared_ptr<const LogBatch> logs,
              uint64_t choice);

// Requires that `file` is a frame which Grafana's trace view can show.
void CheckFrame(std::string_view file);

// Some number that depends on all bytes.
uint64_t HashOf(std::string_view bytes);

}  // namespace spanlog::fuzz
