#include "stores/layout/ids.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"

namespace spanlog::stores {
namespace {

bool IsHex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
bool IsWord(char c) { return IsHex(c) || (c >= 'g' && c <= 'z') || (c >= 'G' && c <= 'Z'); }
char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

size_t HexRun(std::string_view text, size_t at) {
  size_t end = at;
  while (end < text.size() && IsHex(text[end])) ++end;
  return end - at;
}

// `text` without the dashes of a UUID, when it has a UUID's shape.
bool UuidDigits(std::string_view text, char (&digits)[32]) {
  if (text.size() != 36) return false;
  size_t count = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash != (text[i] == '-')) return false;
    if (!dash) digits[count++] = text[i];
  }
  return true;
}

bool ReadDecimal(std::string_view text, uint64_t& out) {
  const auto result = std::from_chars(text.data(), text.data() + text.size(), out);
  return result.ec == std::errc() && result.ptr == text.data() + text.size() && !text.empty();
}

bool StartsWithIgnoreCase(std::string_view text, size_t at, std::string_view lower_word) {
  if (at + lower_word.size() > text.size()) return false;
  for (size_t i = 0; i < lower_word.size(); ++i) {
    if (Lower(text[at + i]) != lower_word[i]) return false;
  }
  return true;
}

constexpr std::string_view kXrayParent = ";parent=";

// Exactly 16 hex digits as a word of their own.
uint64_t SpanIdAt(std::string_view text, size_t at) {
  if (HexRun(text, at) != 16) return 0;
  if (at + 16 < text.size() && IsWord(text[at + 16])) return 0;
  return ParseSpanId(text.substr(at, 16));
}

// The span id that follows a trace id: "<trace>-<span>", "[<trace>,<span>]", "<trace>/<span>",
// "[<trace>] [<span>]".
uint64_t SpanIdAfter(std::string_view text, size_t at) {
  size_t start = at;
  if (StartsWithIgnoreCase(text, at, kXrayParent)) return SpanIdAt(text, at + kXrayParent.size());
  while (start < text.size() && start < at + 4 &&
         std::string_view("-/,:; []|\"'@").find(text[start]) != std::string_view::npos) {
    ++start;
  }
  return start == at ? 0 : SpanIdAt(text, start);
}

bool IsSeparator(char c) { return c == '_' || c == '-' || c == '.' || c == ' '; }

// "parent_span_id" names another span.
bool IsParents(std::string_view text, size_t span_at) {
  if (span_at > 0 && IsSeparator(text[span_at - 1])) --span_at;
  return span_at >= 6 && StartsWithIgnoreCase(text, span_at - 6, "parent");
}

// The value of a span id's key: 16 hex digits, fewer where leading zeros were dropped, or a
// decimal.
uint64_t LabelledValue(std::string_view text, size_t at, bool decimal) {
  if (decimal) {
    size_t end = at;
    while (end < text.size() && text[end] >= '0' && text[end] <= '9') ++end;
    return DatadogSpanId(text.substr(at, end - at));
  }
  if (StartsWithIgnoreCase(text, at, "0x")) at += 2;
  const size_t digits = HexRun(text, at);
  if (digits < 8 || digits > 16) return 0;
  if (at + digits < text.size() && IsWord(text[at + digits])) return 0;
  return ParseSpanId(text.substr(at, digits));
}

// The value after a key like `span_id=`, `spanId: `, `"span.id":"`, `span=`.
uint64_t LabelledSpanId(std::string_view text, bool decimal_ids) {
  for (size_t i = 0; i + 8 < text.size(); ++i) {
    if ((text[i] | 0x20) != 's' || !StartsWithIgnoreCase(text, i, "span")) continue;
    size_t at = i + 4;
    const size_t word_end = at;
    if (IsSeparator(text[at])) ++at;
    const bool plain = !StartsWithIgnoreCase(text, at, "id");
    if (IsParents(text, i)) continue;
    at = plain ? word_end : at + 2;
    const size_t key_end = at;
    while (at < text.size() && at < key_end + 4 &&
           std::string_view("\"'=: \\[").find(text[at]) != std::string_view::npos) {
      ++at;
    }
    if (at == key_end) continue;
    if (plain) {  // "span" may be anything; 16 digits are an id
      if (const uint64_t id = SpanIdAt(text, at); id != 0) return id;
      continue;
    }
    const bool datadog = i >= 3 && StartsWithIgnoreCase(text, i - 3, "dd.");
    if (const uint64_t id = LabelledValue(text, at, datadog || decimal_ids); id != 0) return id;
  }
  return 0;
}

size_t FindIgnoreCase(std::string_view text, std::string_view lower_hex, size_t from) {
  const auto found =
      std::search(text.begin() + static_cast<ptrdiff_t>(std::min(from, text.size())), text.end(),
                  lower_hex.begin(), lower_hex.end(), [](char a, char b) { return Lower(a) == b; });
  return found == text.end() ? std::string_view::npos : static_cast<size_t>(found - text.begin());
}

// `digits` in `text`, and the span id that follows one of its places.
IdsInText FindHex(std::string_view text, std::string_view digits, bool whole_word = false) {
  IdsInText found;
  size_t at = text.find(digits);
  const bool any_case = at == text.npos;
  if (any_case) at = FindIgnoreCase(text, digits, 0);
  while (at != text.npos && found.span_id == 0) {
    const size_t end = at + digits.size();
    const bool word =
        (at == 0 || !IsWord(text[at - 1])) && (end == text.size() || !IsWord(text[end]));
    if (word || !whole_word) {
      found.has_trace = true;
      found.span_id = SpanIdAfter(text, end);
    }
    at = any_case ? FindIgnoreCase(text, digits, end) : text.find(digits, end);
  }
  return found;
}

}  // namespace

TraceId TraceIdInField(std::string_view text) {
  text = TrimSpace(text);
  if (StartsWith(text, "0x")) text.remove_prefix(2);
  if (const auto id = ParseTraceId(text); id.has_value()) return *id;
  char digits[32];
  if (UuidDigits(text, digits)) {
    return ParseTraceId(std::string_view(digits, 32)).value_or(TraceId());
  }
  // AWS X-Ray: 1-<8 of time>-<24>.
  if (const size_t root = text.find("Root="); root != text.npos) text.remove_prefix(root + 5);
  if (text.size() >= 35 && StartsWith(text, "1-") && text[10] == '-' &&
      (text.size() == 35 || !IsWord(text[35]))) {
    return ParseTraceId(Concat(text.substr(2, 8), text.substr(11, 24))).value_or(TraceId());
  }
  if (const size_t slash = text.rfind("/traces/"); slash != text.npos) {
    return ParseTraceId(text.substr(slash + 8)).value_or(TraceId());
  }
  return {};
}

uint64_t SpanIdInField(std::string_view text) { return ParseSpanId(TrimSpace(text)); }

TraceId DatadogTraceId(std::string_view text) {
  text = TrimSpace(text);
  if (text.size() == 32) return TraceIdInField(text);
  TraceId id;
  return ReadDecimal(text, id.low) ? id : TraceId();
}

uint64_t DatadogSpanId(std::string_view text) {
  uint64_t id = 0;
  return ReadDecimal(TrimSpace(text), id) ? id : 0;
}

std::optional<TraceContext> ReadTraceparent(std::string_view text) {
  text = TrimSpace(text);
  if (HexRun(text, 0) == 2 && text.size() > 3 && text[2] == '-') text.remove_prefix(3);
  const size_t trace_digits = HexRun(text, 0);
  if (const size_t colon = text.find(':'); colon != text.npos && colon == trace_digits) {
    TraceContext context;
    context.trace_id = ParseTraceId(text.substr(0, colon)).value_or(TraceId());
    context.span_id = ParseSpanId(text.substr(colon + 1, HexRun(text, colon + 1)));
    if (context.trace_id.empty()) return std::nullopt;
    return context;
  }
  if (trace_digits != 32 && trace_digits != 16) return std::nullopt;
  if (text.size() < trace_digits + 17 || text[trace_digits] != '-') return std::nullopt;
  TraceContext context;
  context.trace_id = ParseTraceId(text.substr(0, trace_digits)).value_or(TraceId());
  context.span_id = SpanIdAt(text, trace_digits + 1);
  if (context.trace_id.empty()) return std::nullopt;
  return context;
}

IdsInText FindIdsInText(std::string_view text, const TraceId& wanted) {
  IdsInText found;
  bool decimal = false;
  if (!wanted.empty()) {
    char low[16];
    WriteHex64(wanted.low, low);
    std::string_view low_hex(low, 16);
    found = FindHex(text, low_hex);
    if (!found.has_trace && wanted.high == 0) {
      const size_t zeros = low_hex.find_first_not_of('0');
      if (zeros > 0 && zeros <= 8)
        found = FindHex(text, low_hex.substr(zeros), /*whole_word=*/true);
    }
    if (!found.has_trace && wanted.high != 0) {
      found = FindHex(text, Concat(low_hex.substr(0, 4), '-', low_hex.substr(4)));
    }
    if (!found.has_trace && wanted.low > 0xFFFFFFFF) {
      found = FindHex(text, Concat(wanted.low), /*whole_word=*/true);
      decimal = found.has_trace;
      found.span_id = 0;
    }
  }
  // A key says more than a neighbour.
  if (const uint64_t labelled = LabelledSpanId(text, decimal); labelled != 0)
    found.span_id = labelled;
  return found;
}

}  // namespace spanlog::stores
