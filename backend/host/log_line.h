// One log line as Grafana reads it from a plugin's stderr (hclog's JSON form):
//
//   {"@level":"warn","@message":"text","@timestamp":"2026-01-02T15:04:05.123456Z","key":"value"}
//
// Grafana's reader asserts that the three @ values are strings and panics, Grafana and all, when
// one is not (hashicorp/go-plugin, log_entry.go; issue 38). A line over 64 KiB is torn apart.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "absl/types/span.h"

namespace spanlog::host {

enum class LogLevel : uint8_t { kTrace, kDebug, kInfo, kWarn, kError };

struct LogField {
  std::string_view key;
  std::variant<std::string_view, int64_t, double, bool> value;
};

inline constexpr size_t kMaxLogLine = 56 << 10;

// The line with its line break: valid JSON, valid UTF-8, at most kMaxLogLine bytes, whatever the
// arguments hold. Long texts are cut; fields that do not fit are left out.
std::string FormatLogLine(LogLevel level, std::string_view message,
                          absl::Span<const LogField> fields, int64_t unix_micros);

// "trace", "debug", "info", "warn", "error" in any case; false for anything else.
bool ParseLogLevel(std::string_view text, LogLevel& out);

}  // namespace spanlog::host
