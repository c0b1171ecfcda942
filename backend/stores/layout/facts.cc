#include "stores/layout/facts.h"

#include "base/text.h"
#include "stores/layout/ids.h"
#include "stores/layout/levels.h"

namespace spanlog::stores {
namespace {

// Loki files records without service.name under this one; it names no service.
constexpr std::string_view kNoService = "unknown_service";

Level LevelOf(const Value& value) {
  if (value.type == ValueType::kInt) return LevelOfNumber(value.integer);
  if (value.type == ValueType::kDouble) {
    return value.real > -1e9 && value.real < 1e9 ? LevelOfNumber(static_cast<int64_t>(value.real))
                                                 : Level::kUnknown;
  }
  int64_t number = 0;
  return ParseInt64(value.text(), number) ? LevelOfNumber(number) : LevelOfText(value.text());
}

bool ReadInt(const Value& value, int64_t& out) {
  if (value.type == ValueType::kInt) {
    out = value.integer;
    return true;
  }
  return ParseInt64(value.text(), out);
}

void SetIds(TraceId trace, uint64_t span, Facts& facts) {
  const bool is_wanted = !trace.empty() && trace.low == facts.wanted.low;
  if (facts.trace_id.empty() || is_wanted) facts.trace_id = trace;
  if (facts.span_id == 0) facts.span_id = span;
}

// Decimal under a key that does not say so is taken only for the wanted id: digits alone are hex
// too.
void NoteTraceId(const Value& value, Facts& facts) {
  TraceId decimal;
  if (value.type == ValueType::kInt) {
    decimal.low = static_cast<uint64_t>(value.integer);
  } else if (value.text().size() > 16 && value.text().size() <= 20) {
    decimal = DatadogTraceId(value.text());
  }
  if (!decimal.empty() && decimal.low == facts.wanted.low) {
    facts.decimal_ids = true;
    SetIds(facts.wanted, 0, facts);
  } else {
    SetIds(TraceIdInField(value.text()), 0, facts);
  }
}

uint64_t SpanIdOf(const Value& value, const Facts& facts) {
  if (value.type == ValueType::kInt)
    return facts.decimal_ids ? static_cast<uint64_t>(value.integer) : 0;
  // Over 16 digits are no hex.
  const bool decimal = facts.decimal_ids || (value.text().size() > 16 && value.text().size() <= 20);
  const uint64_t id = decimal ? DatadogSpanId(value.text()) : 0;
  return id != 0 ? id : SpanIdInField(value.text());
}

void SetText(std::string_view text, std::string_view& out) {
  if (out.empty()) out = text;
}

}  // namespace

void Facts::Complete(const Facts& other) {
  SetIds(other.trace_id, other.span_id, *this);
  SetLevel(other.level, other.level_by);
  level_was_guessed |= other.level_was_guessed;
  from_otlp |= other.from_otlp;
  SetText(other.service, service);
  SetText(other.event_name, event_name);
  SetText(other.scope_name, scope_name);
}

KeyRole Note(std::string_view key, const Value& value, KeyRoles& roles, Facts& facts) {
  const KeyRole role = roles.Of(key);
  int64_t number = 0;
  switch (role) {
    case KeyRole::kTraceId:
      NoteTraceId(value, facts);
      break;
    case KeyRole::kSpanId:
      SetIds({}, SpanIdOf(value, facts), facts);
      break;
    case KeyRole::kPlainTrace:
      if (const TraceId id = TraceIdInField(value.text());
          id.low == facts.wanted.low || value.text().size() > 16) {
        SetIds(id, 0, facts);
      }
      break;
    case KeyRole::kPlainSpan:
      if (TrimSpace(value.text()).size() == 16) SetIds({}, SpanIdInField(value.text()), facts);
      break;
    case KeyRole::kDatadogTrace:
    case KeyRole::kDatadogSpan: {
      TraceId trace;
      // The number may be over 2^63 and is mostly sent as text.
      if (value.type == ValueType::kInt) {
        trace.low = static_cast<uint64_t>(value.integer);
      } else if (role == KeyRole::kDatadogTrace) {
        trace = DatadogTraceId(value.text());
      } else {
        trace.low = DatadogSpanId(value.text());
      }
      if (role == KeyRole::kDatadogTrace) {
        SetIds(trace, 0, facts);
      } else {
        SetIds({}, trace.low, facts);
      }
      break;
    }
    case KeyRole::kTraceparent:
      if (const auto context = ReadTraceparent(value.text())) {
        SetIds(context->trace_id, context->span_id, facts);
      }
      break;
    case KeyRole::kSeverityNumber:
      facts.from_otlp = true;
      if (ReadInt(value, number)) {
        facts.SetLevel(LevelOfSeverityNumber(number), LevelBy::kSeverityNumber);
      }
      break;
    case KeyRole::kSeverityText:
      if (facts.WantsLevel(LevelBy::kSeverityText)) {
        facts.SetLevel(LevelOfText(value.text()), LevelBy::kSeverityText);
      }
      break;
    case KeyRole::kLevel:
      facts.SetLevel(LevelOf(value), LevelBy::kLevelField);
      break;
    case KeyRole::kPythonLevel:
      if (ReadInt(value, number)) facts.SetLevel(LevelOfPythonNumber(number), LevelBy::kLevelField);
      break;
    case KeyRole::kDetectedLevel:
      facts.level_was_guessed = true;
      facts.SetLevel(LevelOf(value), LevelBy::kDetected);
      break;
    case KeyRole::kService:
      if (value.text() != kNoService) SetText(value.text(), facts.service);
      break;
    case KeyRole::kEventName:
      SetText(value.text(), facts.event_name);
      break;
    case KeyRole::kScopeName:
      SetText(value.text(), facts.scope_name);
      break;
    default:
      break;
  }
  return role;
}

void NoteAll(Attributes attributes, KeyRoles& roles, Facts& facts) {
  for (const Attribute& attribute : attributes) {
    const KeyRole role = Note(attribute.key, attribute.value, roles, facts);
    if (role == KeyRole::kScopeName || attribute.key == "observed_timestamp")
      facts.from_otlp = true;
  }
}

Facts FactsOfLabels(Attributes labels, KeyRoles& roles) {
  Facts facts;
  NoteAll(labels, roles, facts);
  if (const std::string_view name = FindText(labels, "service_name"); !name.empty()) {
    facts.service = name == kNoService ? std::string_view() : name;
  }
  for (const std::string_view label : {"app", "application", "app_name", "app_kubernetes_io_name",
                                       "container", "container_name", "component", "job"}) {
    if (!facts.service.empty()) break;
    facts.service = FindText(labels, label);
  }
  return facts;
}

}  // namespace spanlog::stores
