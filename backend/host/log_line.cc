#include "host/log_line.h"

#include <cmath>
#include <cstdio>
#include <ctime>

#include "base/text.h"
#include "base/utf8.h"

namespace spanlog::host {
namespace {

constexpr std::string_view kLevels[] = {"trace", "debug", "info", "warn", "error"};
constexpr size_t kMaxText = 8 << 10;  // of one value, before escaping

// Control characters are escaped so that a log viewer's terminal is safe, too.
void AppendQuoted(std::string& out, std::string_view text) {
  bool cut = false;
  if (text.size() > kMaxText) {
    text = text.substr(0, kMaxText);
    cut = true;
  }
  const std::string valid = ToValidUtf8(text);
  out.push_back('"');
  for (size_t i = 0; i < valid.size(); ++i) {
    const unsigned char c = static_cast<unsigned char>(valid[i]);
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        if (c < 0x20 || c == 0x7f) {
          char escaped[8];
          std::snprintf(escaped, sizeof(escaped), "\\u%04x", c);
          out += escaped;
        } else {
          out.push_back(valid[i]);
        }
    }
  }
  if (cut) out += "…";
  out.push_back('"');
}

std::string Timestamp(int64_t unix_micros) {
  int64_t seconds = unix_micros / 1'000'000;
  int64_t micros = unix_micros % 1'000'000;
  if (micros < 0) {
    micros += 1'000'000;
    --seconds;
  }
  const time_t time = static_cast<time_t>(seconds);
  std::tm utc{};
  if (gmtime_r(&time, &utc) == nullptr || utc.tm_year < 0 || utc.tm_year > 8099) {
    return "1970-01-01T00:00:00.000000Z";
  }
  char text[96];
  std::snprintf(text, sizeof(text), "%04d-%02d-%02dT%02d:%02d:%02d.%06dZ", utc.tm_year + 1900,
                utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec,
                static_cast<int>(micros));
  return text;
}

std::string FieldText(const LogField& field) {
  std::string out = ",";
  // An @ key could overwrite one of the three that must be strings; `timestamp` is dropped by
  // Grafana.
  std::string key(field.key.substr(0, 128));
  while (!key.empty() && key.front() == '@') key.erase(0, 1);
  if (key.empty() || key == "timestamp") key.insert(0, "field_");
  AppendQuoted(out, key);
  out.push_back(':');
  if (const auto* text = std::get_if<std::string_view>(&field.value)) {
    AppendQuoted(out, *text);
  } else if (const auto* integer = std::get_if<int64_t>(&field.value)) {
    Append(out, *integer);
  } else if (const auto* real = std::get_if<double>(&field.value)) {
    if (std::isfinite(*real)) {
      out += DoubleToText(*real);
    } else {
      AppendQuoted(out, DoubleToText(*real));
    }
  } else {
    out += std::get<bool>(field.value) ? "true" : "false";
  }
  return out;
}

}  // namespace

std::string FormatLogLine(LogLevel level, std::string_view message,
                          absl::Span<const LogField> fields, int64_t unix_micros) {
  // The worst escaping makes six bytes of one: 8 KiB of message stay below the limit.
  std::string line;
  line.reserve(256 + message.size());
  Append(line, "{\"@level\":\"", kLevels[static_cast<size_t>(level)], "\",\"@message\":");
  AppendQuoted(line, message);
  Append(line, ",\"@timestamp\":\"", Timestamp(unix_micros), "\"");
  for (const LogField& field : fields) {
    const std::string text = FieldText(field);
    if (line.size() + text.size() + 2 <= kMaxLogLine) line += text;
  }
  line += "}\n";
  return line;
}

bool ParseLogLevel(std::string_view text, LogLevel& out) {
  for (size_t i = 0; i < std::size(kLevels); ++i) {
    if (!EqualsIgnoreCase(text, kLevels[i])) continue;
    out = static_cast<LogLevel>(i);
    return true;
  }
  return false;
}

}  // namespace spanlog::host
