#include "stores/otlp/otlp_json.h"

#include <optional>
#include <vector>

#include "base/errors.h"
#include "base/text.h"
#include "stores/growth.h"
#include "stores/json/json_body.h"
#include "stores/json/json_text.h"
#include "stores/json/json_value.h"
#include "stores/otlp/json_any_value.h"
#include "stores/otlp/otlp_enums.h"

namespace spanlog::stores {
namespace {

// Hex as OTLP/JSON asks, or base64 as jsonpb writes bytes. 8 bytes are 16 or 12 characters, 16
// bytes are 32 or 24: the length decides.
TraceId IdOf(std::string_view text) {
  const bool padded = EndsWith(text, "=");
  if (padded || text.size() == 11 || text.size() == 22) {
    std::string bytes;
    if (!DecodeBase64(text, bytes)) return {};
    TraceId id;
    for (const char c : bytes) {
      id.high = id.high << 8 | id.low >> 56;
      id.low = id.low << 8 | static_cast<uint8_t>(c);
    }
    return id;
  }
  return ParseTraceId(text).value_or(TraceId());
}

class JsonReader {
 public:
  JsonReader(Trace& trace, size_t body_bytes)
      : body_bytes_(body_bytes), trace_(trace), arena_(*trace.arena), values_(*trace.arena) {}

  // False when the element is none of the known envelopes.
  bool ReadAny(JsonElement root, int depth = 0) {
    if (TextMember(root, "status") == "PARTIAL") {
      trace_.partial = true;
      trace_.partial_message = ErrorBodyHead(TextMember(root, "message"));
    }
    for (const std::string_view key : {"resourceSpans", "batches", "resource_spans"}) {
      if (const auto list = ArrayMember(root, key)) {
        for (const JsonElement item : *list) ReadResourceSpans(item);
        return true;
      }
    }
    for (const std::string_view key : {"result", "trace"}) {
      const auto inner = Member(root, key);
      if (inner.has_value() && depth < 3 && inner->is_object()) {
        // An empty object is an empty trace.
        return ReadAny(*inner, depth + 1) || inner->get_object().value_unsafe().size() == 0;
      }
    }
    return false;
  }

  // False when the trace outgrew its body, and was not read on.
  bool fits() const { return !Outgrows(ListBytes(trace_), body_bytes_); }

 private:
  void ReadResourceSpans(JsonElement message) {
    if (!fits()) return;
    const auto resource = Member(message, "resource");
    Resource read;
    if (resource.has_value()) read.attributes = ReadAttributes(*resource);
    read.service_name = ServiceNameOf(read.attributes, arena_);
    const uint32_t index = static_cast<uint32_t>(trace_.resources.size());
    trace_.resources.push_back(read);
    for (const std::string_view key :
         {"scopeSpans", "instrumentationLibrarySpans", "scope_spans"}) {
      const auto list = ArrayMember(message, key);
      if (!list.has_value()) continue;
      for (const JsonElement item : *list) ReadScopeSpans(item, index);
    }
  }

  void ReadScopeSpans(JsonElement message, uint32_t resource) {
    if (!fits()) return;
    auto scope = Member(message, "scope");
    if (!scope.has_value()) scope = Member(message, "instrumentationLibrary");
    Scope read;
    if (scope.has_value()) {
      read.name = TextMember(*scope, "name");
      read.version = TextMember(*scope, "version");
      read.attributes = ReadAttributes(*scope);
    }
    const uint32_t index = static_cast<uint32_t>(trace_.scopes.size());
    trace_.scopes.push_back(read);
    if (const auto list = ArrayMember(message, "spans")) {
      for (const JsonElement item : *list) ReadSpan(item, resource, index);
    }
  }

  void ReadSpan(JsonElement message, uint32_t resource, uint32_t scope) {
    if (!fits()) return;
    Span span;
    span.resource = resource;
    span.scope = scope;
    span.span_id = IdOf(TextMember(message, "spanId")).low;
    span.parent_span_id = IdOf(TextMember(message, "parentSpanId")).low;
    span.name = TextMember(message, "name");
    span.trace_state = TextMember(message, "traceState");
    if (const auto kind = Member(message, "kind")) {
      const auto number = IntOf(*kind);
      span.kind = number.has_value() ? KindOf(static_cast<uint64_t>(*number))
                                     : KindOf(TextMember(message, "kind"));
    }
    span.start_ns = TimeMember(message, "startTimeUnixNano");
    span.end_ns = TimeMember(message, "endTimeUnixNano");
    if (const auto status = Member(message, "status")) {
      span.status_message = TextMember(*status, "message");
      const auto number = IntMember(*status, "code");
      span.status = number.has_value() ? StatusOf(static_cast<uint64_t>(*number))
                                       : StatusOf(TextMember(*status, "code"));
    }
    span.attributes = ReadAttributes(message);
    span.events = ReadEvents(message);
    span.links = ReadLinks(message);
    trace_.spans.push_back(span);
  }

  static int64_t TimeMember(JsonElement message, std::string_view key) {
    const int64_t time = IntMember(message, key).value_or(0);
    return time > 0 ? time : 0;
  }

  absl::Span<const SpanEvent> ReadEvents(JsonElement message) {
    const auto list = ArrayMember(message, "events");
    if (!list.has_value()) return {};
    std::vector<SpanEvent> events;
    for (const JsonElement item : *list) {
      SpanEvent event;
      event.time_ns = TimeMember(item, "timeUnixNano");
      event.name = TextMember(item, "name");
      event.attributes = ReadAttributes(item);
      events.push_back(event);
    }
    return arena_.CopyArray(events);
  }

  absl::Span<const SpanLink> ReadLinks(JsonElement message) {
    const auto list = ArrayMember(message, "links");
    if (!list.has_value()) return {};
    std::vector<SpanLink> links;
    for (const JsonElement item : *list) {
      SpanLink link;
      link.trace_id = IdOf(TextMember(item, "traceId"));
      link.span_id = IdOf(TextMember(item, "spanId")).low;
      link.trace_state = TextMember(item, "traceState");
      link.attributes = ReadAttributes(item);
      links.push_back(link);
    }
    return arena_.CopyArray(links);
  }

  Attributes ReadAttributes(JsonElement message) {
    const auto list = ArrayMember(message, "attributes");
    if (!list.has_value()) return {};
    scratch_.clear();
    for (const JsonElement item : *list) {
      Attribute attribute;
      attribute.key = TextMember(item, "key");
      if (const auto value = Member(item, "value")) attribute.value = values_.Read(*value);
      scratch_.push_back(attribute);
    }
    return arena_.CopyArray(scratch_);
  }

  const size_t body_bytes_;
  Trace& trace_;
  Arena& arena_;
  std::vector<Attribute> scratch_;
  JsonAnyValueReader values_;
};

// Jaeger's early v3 gateway streamed its answer: JSON objects one after the other. Joins them to
// one array, so that they are parsed as one text.
std::string JoinDocuments(std::string_view body) {
  std::string out = "[";
  int depth = 0;
  bool in_string = false;
  for (size_t i = 0; i < body.size(); ++i) {
    const char c = body[i];
    if (in_string) {
      if (c == '\\') {
        out.push_back(c);
        if (++i == body.size()) break;
      } else if (c == '"') {
        in_string = false;
      }
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      if (depth++ == 0 && out.size() > 1) out.push_back(',');
    } else if (c == '}' || c == ']') {
      --depth;
    } else if (depth == 0) {
      continue;  // blanks between documents
    }
    out.push_back(body[i]);
  }
  out.push_back(']');
  return out;
}

}  // namespace

absl::Status ReadOtlpJson(std::string body, Trace& trace) {
  const size_t body_bytes = body.size();
  std::optional<JsonBody> parsed = JsonBody::ParseText(body);
  if (!parsed.has_value()) parsed = JsonBody::Parse(JoinDocuments(body));
  body = std::string();  // the parsed texts are copies
  bool understood = parsed.has_value();
  if (understood) {
    trace.arena = parsed->arena();
    JsonReader reader(trace, body_bytes);
    JsonArray documents;
    if (parsed->root().get_array().get(documents) == simdjson::SUCCESS) {
      understood = documents.size() > 0;
      for (const JsonElement document : documents) understood &= reader.ReadAny(document);
    } else {
      understood = reader.ReadAny(parsed->root());
    }
    parsed->DropTree();
    if (!reader.fits()) {
      trace.spans.clear();
      return TraceOutgrows();
    }
  }
  if (understood) return absl::OkStatus();
  return DownstreamError(
      absl::StatusCode::kDataLoss,
      "The trace could not be read: the answer is not OTLP in JSON, or it was cut on "
      "the way. Check that the URL is the trace store's own and that no proxy "
      "changes the answer.");
}

}  // namespace spanlog::stores
