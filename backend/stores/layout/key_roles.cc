#include "stores/layout/key_roles.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace spanlog::stores {
namespace {

struct Row {
  std::string_view key;  // lower case, without separators
  KeyRole role;
};

// Sorted by key; checked by a test.
constexpr std::array kRows = {
    Row{"@l", KeyRole::kLevel},
    Row{"@m", KeyRole::kMessage},
    Row{"@message", KeyRole::kMessage},
    Row{"@mt", KeyRole::kMessage},
    Row{"@sp", KeyRole::kSpanId},
    Row{"@tr", KeyRole::kTraceId},
    Row{"b3", KeyRole::kTraceparent},
    Row{"body", KeyRole::kMessage},
    Row{"ddspanid", KeyRole::kDatadogSpan},
    Row{"ddtraceid", KeyRole::kDatadogTrace},
    Row{"detectedlevel", KeyRole::kDetectedLevel},
    Row{"event", KeyRole::kMessage},
    Row{"eventname", KeyRole::kEventName},
    Row{"formattedmessage", KeyRole::kMessage},
    Row{"instrumentationscopename", KeyRole::kScopeName},
    Row{"level", KeyRole::kLevel},
    Row{"levelname", KeyRole::kLevel},
    Row{"levelno", KeyRole::kPythonLevel},
    Row{"log", KeyRole::kMessage},
    Row{"logginggoogleapiscom/spanid", KeyRole::kSpanId},
    Row{"logginggoogleapiscom/trace", KeyRole::kTraceId},
    Row{"loglevel", KeyRole::kLevel},
    Row{"lvl", KeyRole::kLevel},
    Row{"message", KeyRole::kMessage},
    Row{"messagetemplate", KeyRole::kMessage},
    Row{"msg", KeyRole::kMessage},
    Row{"otelscopename", KeyRole::kScopeName},
    Row{"otelservicename", KeyRole::kService},
    Row{"otelspanid", KeyRole::kSpanId},
    Row{"oteltraceid", KeyRole::kTraceId},
    Row{"renderedmessage", KeyRole::kMessage},
    Row{"scopename", KeyRole::kScopeName},
    Row{"sentrytrace", KeyRole::kTraceparent},
    Row{"service", KeyRole::kService},
    Row{"servicename", KeyRole::kService},
    Row{"severity", KeyRole::kLevel},
    Row{"severitynumber", KeyRole::kSeverityNumber},
    Row{"severitytext", KeyRole::kSeverityText},
    Row{"severitytextextracted", KeyRole::kSeverityText},
    Row{"shortmessage", KeyRole::kMessage},
    Row{"span", KeyRole::kPlainSpan},
    Row{"spanid", KeyRole::kSpanId},
    Row{"textpayload", KeyRole::kMessage},
    Row{"trace", KeyRole::kPlainTrace},
    Row{"traceid", KeyRole::kTraceId},
    Row{"traceparent", KeyRole::kTraceparent},
    Row{"ubertraceid", KeyRole::kTraceparent},
    Row{"xamzntraceid", KeyRole::kTraceId},
    Row{"xb3spanid", KeyRole::kSpanId},
    Row{"xb3traceid", KeyRole::kTraceId},
    Row{"xraytraceid", KeyRole::kTraceId},
};

constexpr size_t kLongestKey = 40;

// Most keys of a record have no role, and their first letter already says so.
bool MayHaveRole(char first) {
  if (first >= 'A' && first <= 'Z') first = static_cast<char>(first + 32);
  return std::string_view("_-.@bdefilmorstux").find(first) != std::string_view::npos;
}

bool IsSeparator(char c) { return c == '_' || c == '-' || c == '.'; }

// Without case and separators: Loki writes `_` for the others.
bool SameKey(std::string_view a, std::string_view b) {
  size_t i = 0, j = 0;
  while (true) {
    while (i < a.size() && IsSeparator(a[i])) ++i;
    while (j < b.size() && IsSeparator(b[j])) ++j;
    if (i == a.size() || j == b.size()) return i == a.size() && j == b.size();
    if (!EqualsIgnoreCase(a.substr(i++, 1), b.substr(j++, 1))) return false;
  }
}

bool Listed(const std::vector<std::string>& names, std::string_view key) {
  return std::any_of(names.begin(), names.end(),
                     [&](const std::string& name) { return SameKey(name, key); });
}

}  // namespace

KeyRole RoleOf(std::string_view key) {
  if (key.size() < 2 || key.size() > kLongestKey || !MayHaveRole(key.front())) {
    return KeyRole::kNone;
  }
  char buffer[kLongestKey];
  size_t size = 0;
  for (char c : key) {
    if (IsSeparator(c)) continue;
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    buffer[size++] = c;
  }
  const std::string_view plain(buffer, size);
  const auto* row = std::lower_bound(kRows.begin(), kRows.end(), plain,
                                     [](const Row& a, std::string_view b) { return a.key < b; });
  return row != kRows.end() && row->key == plain ? row->role : KeyRole::kNone;
}

KeyRole RoleOf(std::string_view key, const OwnKeys& own) {
  if (Listed(own.trace_id, key)) return KeyRole::kTraceId;
  if (Listed(own.span_id, key)) return KeyRole::kSpanId;
  return RoleOf(key);
}

KeyRole KeyRoles::Learn(std::string_view key, Known& known) {
  known.size = static_cast<uint8_t>(key.size());
  known.role = RoleOf(key, own_);
  std::memcpy(known.key, key.data(), key.size());
  return known.role;
}

int MessageRank(std::string_view key) {
  // A rendered text comes before its template; structlog's `event` is what others use for a name,
  // so it comes last.
  static constexpr std::array<std::string_view, 14> kOrder = {"formattedMessage",
                                                              "RenderedMessage",
                                                              "msg",
                                                              "message",
                                                              "@m",
                                                              "@message",
                                                              "short_message",
                                                              "textPayload",
                                                              "body",
                                                              "@mt",
                                                              "MessageTemplate",
                                                              "log",
                                                              "event",
                                                              ""};
  for (size_t i = 0; i < kOrder.size(); ++i) {
    if (EqualsIgnoreCase(kOrder[i], key)) return static_cast<int>(i);
  }
  return static_cast<int>(kOrder.size());
}

}  // namespace spanlog::stores
