// Levels in all their spellings.
#pragma once

#include <cstdint>
#include <string_view>

#include "model/log_record.h"

namespace spanlog::stores {

// OpenTelemetry's severity number: 1-4 trace, 5-8 debug, 9-12 info, 13-16 warn, 17-20 error, 21-24
// fatal.
Level LevelOfSeverityNumber(int64_t number);

// A level word ("warning", "ERR", "Information", "I"), or one of OpenTelemetry's finer ones
// ("INFO2").
Level LevelOfText(std::string_view text);

// A number in a field named level or severity: 0-7 is syslog's scale (GELF), from 10 on it is
// pino's and bunyan's (10 trace … 60 fatal), from 5,000 on logback's (5000 trace … 40000 error).
Level LevelOfNumber(int64_t number);

// Python's levelno: 10 debug, 20 info, 30 warning, 40 error, 50 critical.
Level LevelOfPythonNumber(int64_t number);

// The first level word that stands alone near the start of a plain line: "12:00:01 WARN  [main] …".
Level LevelInPlainText(std::string_view line);

}  // namespace spanlog::stores
