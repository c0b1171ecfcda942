// JSON strings and numbers written straight into a column.
#pragma once

#include <cstdint>
#include <string_view>

#include "frame/buffer.h"
#include "frame/escape.h"

namespace spanlog::frame {

// Appends the escaped text without quotes. REQUIRES: valid UTF-8.
void AppendJsonText(Buffer& out, std::string_view text, Escape escape = Escape::kJson);

// The same with quotes around.
void AppendJsonString(Buffer& out, std::string_view text, Escape escape = Escape::kJson);

// A whole number as a JSON number, or as a string where a browser's double would round it.
void AppendJsonInt(Buffer& out, int64_t value);

// The shortest number that reads back the same; NaN and infinities, which JSON has not, as strings.
void AppendJsonReal(Buffer& out, double value);

// A number without the rules above, for values that are known to be harmless.
void AppendDecimal(Buffer& out, int64_t value);

// Nanoseconds as milliseconds in decimal, exact: 1700000000000.123456.
void AppendMillis(Buffer& out, int64_t ns);

}  // namespace spanlog::frame
