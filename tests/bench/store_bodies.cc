// The synthetic trace as Tempo's protobuf, Jaeger's OTLP JSON and Zipkin's JSON.
#include "base/text.h"
#include "bench/workload.h"
#include "unit/stores/support/wire_writer.h"

namespace spanlog::bench {
namespace {

using stores::testing::Id;
using stores::testing::WireWriter;

WireWriter KeyValue(const Attribute& attribute) {
  WireWriter any;
  switch (attribute.value.type) {
    case ValueType::kInt:
      any.Varint(3, static_cast<uint64_t>(attribute.value.integer));
      break;
    case ValueType::kDouble:
      any.Double(4, attribute.value.real);
      break;
    default:
      any.Bytes(1, attribute.value.text());
  }
  return stores::testing::KeyValue(attribute.key, any);
}

WireWriter SpanMessage(const Trace& trace, const Span& span) {
  WireWriter out;
  out.Bytes(1, Id(trace.id.high) + Id(trace.id.low)).Bytes(2, Id(span.span_id));
  if (span.parent_span_id != 0) out.Bytes(4, Id(span.parent_span_id));
  out.Bytes(5, span.name).Varint(6, static_cast<uint64_t>(span.kind));
  out.Fixed64(7, static_cast<uint64_t>(span.start_ns));
  out.Fixed64(8, static_cast<uint64_t>(span.end_ns));
  for (const Attribute& attribute : span.attributes) out.Message(9, KeyValue(attribute));
  for (const SpanEvent& event : span.events) {
    WireWriter message;
    message.Fixed64(1, static_cast<uint64_t>(event.time_ns)).Bytes(2, event.name);
    for (const Attribute& attribute : event.attributes) message.Message(3, KeyValue(attribute));
    out.Message(11, message);
  }
  if (span.status != StatusCode::kUnset) {
    WireWriter status;
    if (!span.status_message.empty()) status.Bytes(2, span.status_message);
    out.Message(15, status.Varint(3, static_cast<uint64_t>(span.status)));
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
        Append(out, R"("stringValue":)", Quoted(attribute.value.text()), "}}");
    }
  }
  return out + "]";
}

std::string TextOf(const Value& value) {
  if (value.type == ValueType::kInt) return std::to_string(value.integer);
  if (value.type == ValueType::kDouble) return DoubleToText(value.real);
  return std::string(value.text());
}

std::string Tags(Attributes attributes) {
  std::string out;
  for (const Attribute& attribute : attributes) {
    Append(out, out.empty() ? "" : ",", Quoted(attribute.key), ":",
           Quoted(TextOf(attribute.value)));
  }
  return out;
}

}  // namespace

std::string ToOtlp(const Trace& trace) {
  WireWriter batches;
  const WireWriter scope =
      WireWriter().Bytes(1, trace.scopes[0].name).Bytes(2, trace.scopes[0].version);
  for (uint32_t r = 0; r < trace.resources.size(); ++r) {
    WireWriter resource, scope_spans;
    for (const Attribute& attribute : trace.resources[r].attributes) {
      resource.Message(1, KeyValue(attribute));
    }
    scope_spans.Message(1, scope);
    for (const Span& span : trace.spans) {
      if (span.resource == r) scope_spans.Message(2, SpanMessage(trace, span));
    }
    batches.Message(1, WireWriter().Message(1, resource).Message(2, scope_spans));
  }
  return WireWriter().Message(1, batches).text();
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
             span.parent_span_id == 0 ? std::string() : SpanIdHex(span.parent_span_id),
             R"(","name":)", Quoted(span.name), R"(,"kind":)", static_cast<int>(span.kind),
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
    if (span.parent_span_id != 0)
      Append(out, R"(,"parentId":")", SpanIdHex(span.parent_span_id), "\"");
    if (!kind.empty()) Append(out, R"(,"kind":")", kind, "\"");
    Append(out, R"(,"name":)", Quoted(span.name), R"(,"timestamp":)", span.start_ns / 1000,
           R"(,"duration":)", (span.end_ns - span.start_ns) / 1000,
           R"(,"localEndpoint":{"serviceName":)", Quoted(trace.resource_of(span).service_name),
           R"(},"annotations":[)");
    for (const SpanEvent& event : span.events) {
      const std::string value = Concat("{", Quoted(event.name), ":{", Tags(event.attributes), "}}");
      Append(out, &event == span.events.data() ? "" : ",", R"({"timestamp":)", event.time_ns / 1000,
             R"(,"value":)", Quoted(value), "}");
    }
    Append(out, R"(],"tags":{)", Tags(trace.resource_of(span).attributes), ",",
           Tags(span.attributes), "}}");
  }
  return out + "]";
}

}  // namespace spanlog::bench
