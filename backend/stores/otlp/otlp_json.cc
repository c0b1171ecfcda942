#include "stores/otlp/otlp_json.h"

#include <cmath>
#include <limits>
#include <vector>

#include "base/errors.h"
#include "base/text.h"
#include "stores/json/json_body.h"
#include "stores/json/json_text.h"
#include "stores/json/json_value.h"
#include "stores/otlp/otlp_enums.h"

namespace spanlog::stores {
namespace {

constexpr int kMaxDepth = 64;

// Hex as OTLP/JSON asks, or base64 as jsonpb writes bytes. 8 bytes are 16 or 12 characters, 16 bytes
// are 32 or 24: the length decides.
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

double DoubleOf(JsonElement element) {
  double real = 0;
  if (element.get_double().get(real) == simdjson::SUCCESS) return real;
  std::string_view text;
  if (element.get_string().get(text) != simdjson::SUCCESS) return 0;
  if (text == "Infinity") return std::numeric_limits<double>::infinity();
  if (text == "-Infinity") return -std::numeric_limits<double>::infinity();
  return ParseDouble(text, real) ? real : std::nan("");
}

class JsonReader {
 public:
  explicit JsonReader(Trace& trace) : trace_(trace), arena_(*trace.arena) {}

  // False when the element is none of the known envelopes.
  bool ReadAny(JsonElement root, int depth = 0) {
    if (TextMember(root, "status") == "PARTIAL") {
      trace_.partial = true;
      trace_.partial_message = TextMember(root, "message");
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

 private:
  void ReadResourceSpans(JsonElement message) {
    const auto resource = Member(message, "resource");
    Resource read;
    if (resource.has_value()) read.attributes = ReadAttributes(*resource);
    read.service_name = ServiceNameOf(read.attributes, arena_);
    const uint32_t index = static_cast<uint32_t>(trace_.resources.size());
    trace_.resources.push_back(read);
    for (const std::string_view key : {"scopeSpans", "instrumentationLibrarySpans", "scope_spans"}) {
      const auto list = ArrayMember(message, key);
      if (!list.has_value()) continue;
      for (const JsonElement item : *list) ReadScopeSpans(item, index);
    }
  }

  void ReadScopeSpans(JsonElement message, uint32_t resource) {
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
      if (const auto value = Member(item, "value")) attribute.value = ReadValue(*value);
      scratch_.push_back(attribute);
    }
    return arena_.CopyArray(scratch_);
  }

  Value ReadValue(JsonElement any_value) {
    JsonObject object;
    if (any_value.get_object().get(object) != simdjson::SUCCESS) return {};
    for (const auto field : object) {
      if (field.key == "stringValue") return JsonToValue(field.value, arena_, json_);
      if (field.key == "boolValue") return JsonToValue(field.value, arena_, json_);
      if (field.key == "intValue") return Value::Int(IntOf(field.value).value_or(0));
      if (field.key == "doubleValue") return Value::Double(DoubleOf(field.value));
      if (field.key == "bytesValue") {
        Value value = JsonToValue(field.value, arena_, json_);
        value.type = ValueType::kBytes;
        return value;
      }
      if (field.key == "arrayValue" || field.key == "kvlistValue") {
        json_.clear();
        AppendAnyValue(any_value, 0);
        return Value::Json(arena_.Copy(json_));
      }
    }
    return {};
  }

  // Plain JSON of an AnyValue into json_.
  void AppendAnyValue(JsonElement any_value, int depth) {
    JsonObject object;
    if (depth < kMaxDepth && any_value.get_object().get(object) == simdjson::SUCCESS) {
      for (const auto field : object) {
        if (field.key == "intValue") {
          Append(json_, IntOf(field.value).value_or(0));
          return;
        }
        if (field.key == "doubleValue") {
          AppendJsonDouble(json_, DoubleOf(field.value));
          return;
        }
        if (field.key == "arrayValue" || field.key == "kvlistValue") {
          AppendList(field.value, field.key == "kvlistValue", depth);
          return;
        }
        if (field.key == "stringValue" || field.key == "boolValue" || field.key == "bytesValue") {
          AppendJson(json_, field.value);
          return;
        }
      }
    }
    json_.append("null");
  }

  void AppendList(JsonElement list, bool is_map, int depth) {
    json_.push_back(is_map ? '{' : '[');
    bool first = true;
    if (const auto values = ArrayMember(list, "values")) {
      for (const JsonElement item : *values) {
        if (!first) json_.push_back(',');
        first = false;
        std::optional<JsonElement> value = item;
        if (is_map) {
          AppendJsonString(json_, TextMember(item, "key"));
          json_.push_back(':');
          value = Member(item, "value");
        }
        if (value.has_value()) {
          AppendAnyValue(*value, depth + 1);
        } else {
          json_.append("null");
        }
      }
    }
    json_.push_back(is_map ? '}' : ']');
  }

  Trace& trace_;
  Arena& arena_;
  std::vector<Attribute> scratch_;
  std::string json_;
};

// Jaeger's early v3 gateway streamed its answer: JSON objects one after the other. Joins them to one
// array, so that they are parsed as one text.
std::string JoinDocuments(std::string body) {
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
  std::optional<JsonBody> parsed = JsonBody::Parse(body);
  if (!parsed.has_value()) parsed = JsonBody::Parse(JoinDocuments(std::move(body)));
  bool understood = parsed.has_value();
  if (understood) {
    trace.arena = parsed->arena();
    JsonReader reader(trace);
    JsonArray documents;
    if (parsed->root().get_array().get(documents) == simdjson::SUCCESS) {
      understood = documents.size() > 0;
      for (const JsonElement document : documents) understood &= reader.ReadAny(document);
    } else {
      understood = reader.ReadAny(parsed->root());
    }
    parsed->DropTree();
  }
  if (understood) return absl::OkStatus();
  return DownstreamError(absl::StatusCode::kDataLoss,
                         "The trace could not be read: the answer is not OTLP in JSON, or it was cut on "
                         "the way. Check that the URL is the trace store's own and that no proxy "
                         "changes the answer.");
}

}  // namespace spanlog::stores
