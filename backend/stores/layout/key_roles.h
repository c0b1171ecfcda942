// Which fields of a log record say what: the spellings that loggers, pipelines and Loki use.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace spanlog::stores {

enum class KeyRole : uint8_t {
  kNone,
  kTraceId,  // hex, or one of the wrapped forms of layout/ids.h
  kSpanId,
  kPlainTrace,      // "trace": an id, unless it is another thing of that name
  kPlainSpan,       // "span"
  kDatadogTrace,    // decimal
  kDatadogSpan,     // decimal
  kTraceparent,     // W3C: 00-<trace>-<span>-01; B3: <trace>-<span>-1; Jaeger: <trace>:<span>:0:1
  kSeverityNumber,  // OpenTelemetry's 1 to 24
  kSeverityText,
  kLevel,  // text, or pino's, syslog's or Python's number
  kPythonLevel,
  kDetectedLevel,  // Loki's guess
  kMessage,
  kService,
  kEventName,
  kScopeName,
};

// Case, `_`, `-` and `.` do not matter: trace_id, traceId, TraceID and trace.id are one key.
KeyRole RoleOf(std::string_view key);

// Among the message keys of one line the one with the lowest rank is the message.
int MessageRank(std::string_view key);

// A datasource's own names for the id keys, compared as loosely; they come before the built-in
// ones.
struct OwnKeys {
  std::vector<std::string> trace_id;
  std::vector<std::string> span_id;
};
KeyRole RoleOf(std::string_view key, const OwnKeys& own);

// RoleOf that remembers its answers: the records of a query have the same few keys again and again.
// Not thread-safe.
class KeyRoles {
 public:
  // Keeps a reference.
  explicit KeyRoles(const OwnKeys& own) : own_(own) {}

  KeyRole Of(std::string_view key) {
    if (key.empty() || key.size() > kLongest) return RoleOf(key, own_);
    Known& known = known_[SlotOf(key)];
    const bool is_known =
        known.size == key.size() && std::memcmp(known.key, key.data(), key.size()) == 0;
    return is_known ? known.role : Learn(key, known);
  }

 private:
  static constexpr size_t kLongest = 30;
  static constexpr size_t kSlots = 256;
  struct Known {
    uint8_t size = 0;  // 0: nothing yet
    KeyRole role = KeyRole::kNone;
    char key[kLongest];
  };
  static size_t SlotOf(std::string_view key) {
    const auto at = [&](size_t i) { return static_cast<size_t>(static_cast<uint8_t>(key[i])); };
    return (key.size() * 37 + at(0) * 7 + at(key.size() / 2) * 5 + at(key.size() - 1) * 11) %
           kSlots;
  }
  KeyRole Learn(std::string_view key, Known& known);

  const OwnKeys& own_;
  std::array<Known, kSlots> known_;
};

}  // namespace spanlog::stores
