#include "stores/zipkin/zipkin_reader.h"

#include <algorithm>
#include <map>
#include <vector>

#include "base/errors.h"
#include "base/text.h"
#include "stores/clock_units.h"
#include "stores/growth.h"
#include "stores/jaeger/exporter_tags.h"
#include "stores/json/json_body.h"
#include "stores/json/json_value.h"
#include "stores/otlp/otlp_enums.h"
#include "stores/zipkin/zipkin_annotations.h"
#include "stores/zipkin/zipkin_piece.h"

namespace spanlog::stores {
namespace {

constexpr std::string_view kLinkPrefix = "otlp.link.";

// Of spans under one id, each with a service of its own, that a piece is compared with. An RPC has
// two halves.
constexpr size_t kMostHalves = 64;

// Tags that the exporters took from the resource.
bool IsResourceTag(std::string_view key) {
  for (const std::string_view prefix :
       {"service.", "telemetry.sdk.", "telemetry.distro.", "deployment.environment", "k8s.",
        "cloud.", "host.", "process.", "os.", "container."}) {
    if (StartsWith(key, prefix)) return true;
  }
  return false;
}

class ZipkinReader {
 public:
  explicit ZipkinReader(Trace& trace) : trace_(trace), arena_(*trace.arena) {}

  // False when the trace outgrows its body, and was not read on.
  bool ReadSpans(JsonArray spans, size_t body_bytes) {
    for (const JsonElement span : spans) {
      if (Outgrows(pieces_.size() * (sizeof(ZipkinPiece) + sizeof(Span)), body_bytes)) return false;
      Merge(ReadPiece(span));
    }
    return true;
  }

  void Finish() {
    for (ZipkinPiece& piece : pieces_) trace_.spans.push_back(SpanOf(piece));
  }

 private:
  ZipkinPiece ReadPiece(JsonElement message) {
    ZipkinPiece piece;
    piece.id = ParseSpanId(TextMember(message, "id"));
    piece.parent = ParseSpanId(TextMember(message, "parentId"));
    piece.shared = BoolMember(message, "shared");
    piece.kind = KindOf(TextMember(message, "kind"));
    if (piece.shared && piece.kind == SpanKind::kUnspecified) piece.kind = SpanKind::kServer;
    piece.name = TextMember(message, "name");
    piece.start_ns = MicrosToNs(IntMember(message, "timestamp"));
    piece.duration_ns = MicrosToNs(IntMember(message, "duration"));
    if (const auto local = Member(message, "localEndpoint")) {
      piece.service = WithoutPlaceholder(TextMember(*local, "serviceName"));
      if (piece.service == "unknown") piece.service = {};  // Zipkin's own word for none
      AddEndpoint(*local, "net.host.ip", "net.host.port", piece.endpoint);
    }
    JsonObject tags;
    if (const auto member = Member(message, "tags"); member.has_value()) {
      if (member->get_object().get(tags) == simdjson::SUCCESS) {
        for (const auto tag : tags) {
          piece.tags.push_back({tag.key, JsonToValue(tag.value, arena_, json_)});
        }
      }
    }
    if (const auto remote = Member(message, "remoteEndpoint")) {
      const std::string_view peer = TextMember(*remote, "serviceName");
      if (!peer.empty()) AddMissing(piece.tags, {"peer.service", Value::String(peer)});
      AddEndpoint(*remote, "net.peer.ip", "net.peer.port", piece.tags);
    }
    if (const auto annotations = ArrayMember(message, "annotations")) {
      for (const JsonElement annotation : *annotations) {
        SpanEvent event = ReadZipkinAnnotation(TextMember(annotation, "value"), arena_);
        event.time_ns = MicrosToNs(IntMember(annotation, "timestamp"));
        piece.events.push_back(event);
      }
    }
    return piece;
  }

  void AddEndpoint(JsonElement endpoint, std::string_view ip_key, std::string_view port_key,
                   std::vector<Attribute>& out) {
    for (const std::string_view key : {"ipv4", "ipv6"}) {
      const std::string_view ip = TextMember(endpoint, key);
      if (!ip.empty()) AddMissing(out, {ip_key, Value::String(ip)});
    }
    if (const auto port = IntMember(endpoint, "port"); port.has_value() && *port > 0) {
      AddMissing(out, {port_key, Value::Int(*port)});
    }
  }

  // Pieces of one span have the same id, half and service; a piece without service or kind goes to
  // the span that has them.
  void Merge(ZipkinPiece piece) {
    std::vector<uint32_t>& same_id = by_id_[piece.id];
    for (size_t i = 0; i < std::min(same_id.size(), kMostHalves); ++i) {
      ZipkinPiece& known = pieces_[same_id[i]];
      const bool same_service =
          known.service == piece.service || known.service.empty() || piece.service.empty();
      const bool same_kind = known.kind == piece.kind || known.kind == SpanKind::kUnspecified ||
                             piece.kind == SpanKind::kUnspecified;
      if (known.shared != piece.shared || !same_service || !same_kind) continue;
      known.Complete(piece);
      return;
    }
    same_id.push_back(static_cast<uint32_t>(pieces_.size()));
    pieces_.push_back(std::move(piece));
  }

  Span SpanOf(ZipkinPiece& piece) {
    Span span;
    span.span_id = piece.id;
    span.parent_span_id = piece.parent;
    span.kind = piece.kind;
    span.name = piece.name;
    span.start_ns = piece.start_ns;
    span.end_ns = EndOf(piece.start_ns, piece.duration_ns);
    TakeOpenTelemetryTags(piece, span);
    span.attributes = arena_.CopyArray(piece.tags);
    span.events = arena_.CopyArray(piece.events);
    return span;
  }

  void TakeOpenTelemetryTags(ZipkinPiece& piece, Span& span) {
    std::string_view scope, version, error;
    bool has_error = false, has_status = false, from_otel = false;
    std::vector<Attribute> resource = std::move(piece.endpoint);
    StringSet<> resource_keys;
    std::map<int64_t, SpanLink> links;  // by number: Zipkin sorts tags as text
    // Without service.name the Collector names the service after another attribute.
    std::string_view service_key = "service.name";
    for (const Attribute& tag : piece.tags) {
      if (tag.key == "otlp.service.name.source" && !tag.value.text().empty())
        service_key = tag.value.text();
    }
    if (!piece.service.empty()) {
      resource.insert(resource.begin(), {service_key, Value::String(piece.service)});
    }
    for (const Attribute& tag : piece.tags) {
      const std::string_view text = tag.value.text();
      if (tag.key == "otel.scope.name" || tag.key == "otel.library.name") {
        scope = text;
        from_otel = true;
      }
      if (tag.key == "otel.scope.version" || tag.key == "otel.library.version") version = text;
      if (tag.key == "span.kind" && span.kind == SpanKind::kUnspecified) span.kind = KindOf(text);
      if (tag.key == "w3c.tracestate") span.trace_state = text;
      if (tag.key == "otel.status_code") {
        span.status = StatusOf(text);
        has_status = from_otel = true;
      }
      if (tag.key == "otel.status_description") span.status_message = text;
      if (tag.key == "error") {
        error = text;
        has_error = true;
      }
      int64_t number = 0;
      if (StartsWith(tag.key, kLinkPrefix) &&
          ParseInt64(tag.key.substr(kLinkPrefix.size()), number)) {
        if (const auto link = ReadZipkinLink(text, arena_)) links.emplace(number, *link);
      }
    }
    if (has_error) {  // its presence is the error, whatever it says
      if (!has_status) span.status = StatusCode::kError;
      if (span.status_message.empty() && error != "true") span.status_message = error;
    }
    std::erase_if(piece.tags, [&](const Attribute& tag) {
      if (from_otel && IsResourceTag(tag.key)) {
        AddMissing(resource, resource_keys, tag);
        return true;
      }
      for (const std::string_view key :
           {"otel.scope.name", "otel.scope.version", "otel.library.name", "otel.library.version",
            "otel.status_code", "otel.status_description", "w3c.tracestate",
            "otlp.service.name.source"}) {
        if (tag.key == key) return true;
      }
      return (tag.key == "error" && has_status) || (tag.key == "span.kind") ||
             (StartsWith(tag.key, kLinkPrefix) && !links.empty());
    });
    std::vector<SpanLink> in_order;
    for (const auto& [number, link] : links) in_order.push_back(link);
    span.links = arena_.CopyArray(in_order);
    span.resource = InternResource(piece.service, resource);
    span.scope = InternScope(scope, version);
  }

  uint32_t InternResource(std::string_view service, const std::vector<Attribute>& attributes) {
    std::string key;
    for (const Attribute& attribute : attributes) {
      Append(key, attribute.key, '\0', attribute.value.text(), '\0',
             attribute.value.type == ValueType::kInt ? attribute.value.integer : 0, '\0');
    }
    const auto [entry, added] =
        resources_.try_emplace(key, static_cast<uint32_t>(trace_.resources.size()));
    if (added) trace_.resources.push_back({service, arena_.CopyArray(attributes)});
    return entry->second;
  }

  uint32_t InternScope(std::string_view name, std::string_view version) {
    const auto [entry, added] =
        scopes_.try_emplace(std::pair(name, version), static_cast<uint32_t>(trace_.scopes.size()));
    if (added) trace_.scopes.push_back({name, version, {}});
    return entry->second;
  }

  Trace& trace_;
  Arena& arena_;
  std::vector<ZipkinPiece> pieces_;
  absl::flat_hash_map<uint64_t, std::vector<uint32_t>> by_id_;
  StringMap<uint32_t, std::string> resources_;
  std::map<std::pair<std::string_view, std::string_view>, uint32_t> scopes_;
  std::string json_;
};

// `[a]` and `[b]` as `[a,b]`: one text, one parse.
std::string Join(std::vector<std::string> bodies) {
  if (bodies.empty()) return "[]";
  std::string all = std::move(bodies.front());
  for (size_t i = 1; i < bodies.size(); ++i) {
    const std::string_view more = TrimSpace(bodies[i]);
    while (!all.empty() && (all.back() == '\n' || all.back() == ' ')) all.pop_back();
    if (!EndsWith(all, "]") || !StartsWith(more, "[") || TrimSpace(more.substr(1)) == "]") continue;
    all.pop_back();
    if (TrimSpace(all) != "[") all.push_back(',');
    all.append(more.substr(1));
  }
  return all;
}

}  // namespace

absl::Status ReadZipkinJson(std::vector<std::string> bodies, Trace& trace) {
  std::string body = Join(std::move(bodies));
  const size_t body_bytes = body.size();
  std::optional<JsonBody> parsed = JsonBody::Parse(std::move(body));
  JsonArray spans;
  if (!parsed.has_value() || parsed->root().get_array().get(spans) != simdjson::SUCCESS) {
    return DownstreamError(
        absl::StatusCode::kDataLoss,
        "The trace could not be read: the answer is not Zipkin's JSON, or it was cut "
        "on the way. Check that the URL is Zipkin's own and that no proxy changes "
        "the answer.");
  }
  trace.arena = parsed->arena();
  ZipkinReader reader(trace);
  if (!reader.ReadSpans(spans, body_bytes)) return TraceOutgrows();
  reader.Finish();
  parsed->DropTree();
  return absl::OkStatus();
}

}  // namespace spanlog::stores
