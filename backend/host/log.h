// The process's log: lines for Grafana on stderr. Never a secret, never a header's value.
#pragma once

#include <initializer_list>
#include <string_view>

#include "host/log_line.h"

namespace spanlog::host {

// Lines below `level` are not written. Default: info.
void SetLogLevel(LogLevel level);
bool LogEnabled(LogLevel level);

// Thread-safe; one write per line. A line that cannot be written is lost without a word.
void Log(LogLevel level, std::string_view message, std::initializer_list<LogField> fields = {});

// For tests: another file than stderr.
void SetLogFile(int fd);

// What gRPC, protobuf and a dying C++ runtime have to say goes the same way: their own plain lines
// would be read as one endless error.
void CaptureLibraryLogs();

}  // namespace spanlog::host
