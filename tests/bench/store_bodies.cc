// The synthetic trace as Tempo's protobuf, Jaeger's OTLP JSON and Zipkin's JSON.
#include "base/text.h"
#include "bench/workload.h"

namespace spanlog::bench {
namespace {

void Varint(std::string& out, uint64_t value) {
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<char>(value | 0x80));
  out.push_back(static_cast<char>(value));
}
void Bytes(std::string& out, uint32_t field, std::string_view value) {
  Varint(out, field << 3 | 2);
  Varint(out, value.size());
  out.append(value);
}
void Number(std::string& out, uint32_t field, uint64_t value) {
  Varint(out, field << 3);
  Varint(out, value);
}
void Fixed(std::string& out, uint32_t field, uint64_t value) {
  Varint(out, field << 3 | 1);
  for (int i = 0; i < 8; ++i) out.push_back(static_cast<char>(value >> (8 * i)));
}
std::string Id(uint64_t value) {
  std::string out;
  for (int i = 7; i >= 0; --i) out.push_back(static_cast<char>(value >> (8 * i)));
  return out;
}

std::string KeyValue(const Attribute& attribute) {
  std::string any, out;
  switch (attribute.value.type) {
    case ValueType::kInt:
      Number(any, 3, static_cast<uint64_t>(attribute.value.integer));
      break;
    case ValueType::kDouble:
      Fixed(any, 4, std::bit_cast<uint64_t>(attribute.value.real));
      break;
    default:
      Bytes(any, 1, attribute.value.text);
  }
  Bytes(out, 1, attribute.key);
  Bytes(out, 2, any);
  return out;
}

std::string SpanMessage(const Trace& trace, const Span& span) {
  std::string out;
  Bytes(out, 1, Id(trace.id.high) + Id(trace.id.low));
  Bytes(out, 2, Id(span.span_id));
  if (span.parent_span_id != 0) Bytes(out, 4, Id(span.parent_span_id));
  Bytes(out, 5, span.name);
  Number(out, 6, static_cast<uint64_t>(span.kind));
  Fixed(out, 7, static_cast<uint64_t>(span.start_ns));
  Fixed(out, 8, static_cast<uint64_t>(span.end_ns));
  for (const Attribute& attribute : span.attributes) Bytes(out, 9, KeyValue(attribute));
  for (const SpanEvent& event : span.events) {
    std::string message;
    Fixed(message, 1, static_cast<uint64_t>(event.time_ns));
    Bytes(message, 2, event.name);
    for (const Attribute& attribute : event.attributes) Bytes(message, 3, KeyValue(attribute));
    Bytes(out, 11, message);
  }
  if (span.status != StatusCode::kUnset) {
    std::string status;
    if (!span.status_message.empty()) Bytes(status, 2, span.status_message);
    Number(status, 3, static_cast<uint64_t>(span.status));
    Bytes(out, 15, status);
  }
  return out;
}

std::string JsonAttributes(Attributes attributes) {
  std::string out = "[";
  for (const Attribute& attribute : attributes) {
    Append(out, out.size() > 1 ? "," : "", R"({"key":)", Quoted(attribute.key), R"(,"value":{)");
    switch (attribute.value.type) {
      case ValueType::kInt:
        Append(out, R"("intValue":")", attribute.value.integer, "\"}}");
        break;
      case ValueType::kDouble:
        Append(out, R"("doubleValue":)", DoubleToText(attribute.value.real), "}}");
        break;
      default:
        Append(out, R"("stringValue":)", Quoted(attribute.value.text), "}}");
    }
  }
  return out + "]";
}

std::string TextOf(const Value& value) {
  if (value.type == ValueType::kInt) return std::to_string(value.integer);
  if (value.type == ValueType::kDouble) return DoubleToText(value.real);
  return std::string(value.text);
}

std::string Tags(Attributes attributes) {
  std::string out;
  for (const Attribute& attribute : attributes) {
    Append(out, out.empty() ? "" : ",", Quoted(attribute.key), ":", Quoted(TextOf(attribute.value)));
  }
  return out;
}

}  // namespace

std::string ToOtlp(const Trace& trace) {
  std::string batches;
  for (uint32_t r = 0; r < trace.resources.size(); ++r) {
    std::string resource, scope, scope_spans, resource_spans;
    for (const Attribute& attribute : trace.resources[r].attributes) {
      Bytes(resource, 1, KeyValue(attribute));
    }
    Bytes(scope, 1, trace.scopes[0].name);
    Bytes(scope, 2, trace.scopes[0].version);
    Bytes(scope_spans, 1, scope);
    for (const Span& span : trace.spans) {
      if (span.resource == r) Bytes(scope_spans, 2, SpanMessage(trace, span));
    }
    Bytes(resource_spans, 1, resource);
    Bytes(resource_spans, 2, scope_spans);
    Bytes(batches, 1, resource_spans);
  }
  std::string answer;
  Bytes(answer, 1, batches);
  return answer;
}

std::string ToJaeger(const Trace& trace) {
  std::string out = R"({"result":{"resourceSpans":[)";
  for (uint32_t r = 0; r < trace.resources.size(); ++r) {
    Append(out, r > 0 ? "," : "", R"({"resource":{"attributes":)",
           JsonAttributes(trace.resources[r].attributes), R"(},"scopeSpans":[{"scope":{"name":)",
           Quoted(trace.scopes[0].name), R"(,"version":)", Quoted(trace.scopes[0].version),
           R"(},"spans":[)");
    bool first = true;
    for (const Span& span : trace.spans) {
      if (span.resource != r) continue;
      Append(out, first ? "" : ",", R"({"traceId":")", trace.id.Hex(), R"(","spanId":")",
             SpanIdHex(span.span_id), R"(","parentSpanId":")",
             span.parent_span_id == 0 ? std::string() : SpanIdHex(span.parent_span_id), R"(","name":)",
             Quoted(span.name), R"(,"kind":)", static_cast<int>(span.kind),
             R"(,"startTimeUnixNano":")", span.start_ns, R"(","endTimeUnixNano":")", span.end_ns,
             R"(","attributes":)", JsonAttributes(span.attributes), R"(,"events":[)");
      for (const SpanEvent& event : span.events) {
        Append(out, &event == span.events.data() ? "" : ",", R"({"timeUnixNano":")", event.time_ns,
               R"(","name":)", Quoted(event.name), R"(,"attributes":)",
               JsonAttributes(event.attributes), "}");
      }
      Append(out, R"(],"status":{"code":)", static_cast<int>(span.status), "}}");
      first = false;
    }
    out += "]}]}";
  }
  return out + "]}}";
}

std::string ToZipkin(const Trace& trace) {
  static constexpr std::string_view kKinds[] = {"", "", "SERVER", "CLIENT", "PRODUCER", "CONSUMER"};
  std::string out = "[";
  for (const Span& span : trace.spans) {
    const std::string_view kind = kKinds[static_cast<size_t>(span.kind)];
    Append(out, out.size() > 1 ? "," : "", R"({"traceId":")", trace.id.Hex(), R"(","id":")",
           SpanIdHex(span.span_id), "\"");
    if (span.parent_span_id != 0) Append(out, R"(,"parentId":")", SpanIdHex(span.parent_span_id), "\"");
    if (!kind.empty()) Append(out, R"(,"kind":")", kind, "\"");
    Append(out, R"(,"name":)", Quoted(span.name), R"(,"timestamp":)", span.start_ns / 1000,
           R"(,"duration":)", (span.end_ns - span.start_ns) / 1000,
           R"(,"localEndpoint":{"serviceName":)", Quoted(trace.resource_of(span).service_name),
           R"(},"annotations":[)");
    for (const SpanEvent& event : span.events) {
      const std::string value =
          Concat("{", Quoted(event.name), ":{", Tags(event.attributes), "}}");
      Append(out, &event == span.events.data() ? "" : ",", R"({"timestamp":)", event.time_ns / 1000,
             R"(,"value":)", Quoted(value), "}");
    }
    Append(out, R"(],"tags":{)", Tags(trace.resource_of(span).attributes), ",", Tags(span.attributes), "}}");
  }
  return out + "]";
}

}  // namespace spanlog::bench
