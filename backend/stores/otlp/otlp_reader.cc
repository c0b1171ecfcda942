#include "stores/otlp/otlp_reader.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "base/errors.h"
#include "base/text.h"
#include "base/utf8.h"
#include "stores/growth.h"
#include "stores/otlp/any_value.h"
#include "stores/otlp/otlp_enums.h"
#include "stores/otlp/wire.h"
#include "stores/otlp/wire_stream.h"
#include "stores/piece_buffer.h"

namespace spanlog::stores {
namespace {

// Ids are big-endian bytes; shorter and longer ones than the 8 or 16 that OTLP asks for occur in
// stores that do not check.
uint64_t IdOf(std::string_view bytes) {
  uint64_t id = 0;
  for (const char c : bytes.substr(bytes.size() > 8 ? bytes.size() - 8 : 0)) {
    id = id << 8 | static_cast<uint8_t>(c);
  }
  return id;
}

TraceId TraceIdOf(std::string_view bytes) {
  TraceId id;
  id.low = IdOf(bytes);
  if (bytes.size() > 8) id.high = IdOf(bytes.substr(0, bytes.size() - 8));
  return id;
}

absl::Status Malformed() {
  return DownstreamError(
      absl::StatusCode::kDataLoss,
      "The trace could not be read: the answer is not valid OTLP protobuf, or it "
      "was cut on the way. Check that the URL is the trace store's own and that "
      "no proxy changes the answer.");
}

class Reader {
 public:
  Reader(BodyPieces& body, Trace& trace)
      : body_(body),
        buffer_(body),
        stream_(buffer_),
        trace_(trace),
        arena_(*trace.arena),
        attributes_(arena_) {}

  absl::Status ReadTracesData() { return AtEnd(ReadTrace(WireStream::kEndOfBody)); }

  absl::Status ReadTraceByIdResponse() {
    bool ok = true;
    while (ok && stream_.Next(WireStream::kEndOfBody)) {
      if (stream_.Is(1)) {
        ok = ReadTrace(stream_.Enter());
      } else if (stream_.field() == 3 && stream_.type() == WireType::kVarint) {
        trace_.partial = stream_.number() == 1;
      } else if (std::string_view message; stream_.Is(4) && stream_.TakeBytes(message)) {
        trace_.partial_message = ErrorBodyHead(message);
      }
    }
    return AtEnd(ok && stream_.ok());
  }

 private:
  absl::Status AtEnd(bool ok) {
    const bool fits = Fits();
    buffer_.MoveTo(arena_);
    if (ok && body_.status().ok()) return absl::OkStatus();
    trace_.spans.clear();  // some may not know their resource yet
    // What is wrong with the answer as a whole, its size for one, says more than its bytes.
    while (body_.Next().has_value()) {
    }
    if (!body_.status().ok()) return body_.status();
    return fits ? Malformed() : TraceOutgrows();
  }

  bool Fits() const {
    return !Outgrows(arena_.bytes() + ListBytes(trace_), buffer_.received()) &&
           attributes_.Mark() < kLongestList && events_.size() < kLongestList &&
           links_.size() < kLongestList;
  }

  std::string_view Text(std::string_view bytes) { return ToValidUtf8(bytes, arena_); }

  bool ReadTrace(uint64_t end) {
    while (stream_.Next(end)) {
      if (stream_.Is(1) && !ReadResourceSpans(stream_.Enter())) return false;
    }
    return stream_.ok();
  }

  bool ReadResourceSpans(uint64_t end) {
    const size_t first = trace_.spans.size();
    std::string_view raw_resource;
    while (stream_.Next(end)) {
      if (stream_.Is(1) && !stream_.TakeBytes(raw_resource)) return false;
      // 2 is scope_spans, and was instrumentation_library_spans of the same shape before 0.15.
      // 1000 carried the old one for a while.
      if ((stream_.Is(2) || stream_.Is(1000)) && !ReadScopeSpans(stream_.Enter())) return false;
    }
    // The resource may come after its spans.
    uint32_t resource = 0;
    if (!stream_.ok() || !InternResource(raw_resource, resource)) return false;
    for (size_t i = first; i < trace_.spans.size(); ++i) trace_.spans[i].resource = resource;
    return true;
  }

  // The same resource comes in many ResourceSpans; its bytes are its key.
  bool InternResource(std::string_view raw, uint32_t& index) {
    const auto [entry, added] =
        resources_.try_emplace(raw, static_cast<uint32_t>(trace_.resources.size()));
    index = entry->second;
    if (!added) return true;
    Resource resource;
    const size_t mark = attributes_.Mark();
    WireReader reader(raw);
    while (reader.Next()) {
      if (reader.Is(1) && !attributes_.Add(reader.bytes())) return false;
    }
    resource.attributes = attributes_.Take(mark);
    resource.service_name = ServiceNameOf(resource.attributes, arena_);
    trace_.resources.push_back(resource);
    return reader.ok();
  }

  bool InternScope(std::string_view raw, uint32_t& index) {
    const auto [entry, added] =
        scopes_.try_emplace(raw, static_cast<uint32_t>(trace_.scopes.size()));
    index = entry->second;
    if (!added) return true;
    Scope scope;
    const size_t mark = attributes_.Mark();
    WireReader reader(raw);
    while (reader.Next()) {
      if (reader.Is(1)) scope.name = Text(reader.bytes());
      if (reader.Is(2)) scope.version = Text(reader.bytes());
      if (reader.Is(3) && !attributes_.Add(reader.bytes())) return false;
    }
    scope.attributes = attributes_.Take(mark);
    trace_.scopes.push_back(scope);
    return reader.ok();
  }

  bool ReadScopeSpans(uint64_t end) {
    const size_t first = trace_.spans.size();
    std::string_view raw_scope, span;
    while (stream_.Next(end)) {
      if (stream_.Is(1) && !stream_.TakeBytes(raw_scope)) return false;
      if (!stream_.Is(2)) continue;
      std::vector<Span>& spans = trace_.spans;
      if (spans.size() == spans.capacity()) {
        spans.reserve(spans.size() + std::max(stream_.CountHere(2, end), spans.size() / 4));
      }
      if (!stream_.TakeBytes(span) || !ReadSpan(span) || !Fits()) return false;
    }
    uint32_t scope = 0;
    if (!stream_.ok() || !InternScope(raw_scope, scope)) return false;
    for (size_t i = first; i < trace_.spans.size(); ++i) trace_.spans[i].scope = scope;
    return true;
  }

  bool ReadSpan(std::string_view message) {
    Span& span = trace_.spans.emplace_back();
    events_.clear();
    links_.clear();
    const size_t mark = attributes_.Mark();
    WireReader reader(message);
    while (reader.Next()) {
      if (reader.type() != WireType::kBytes) {
        const uint64_t number = reader.number();
        if (reader.field() == 6 && reader.type() == WireType::kVarint) span.kind = KindOf(number);
        if (reader.field() == 7 && reader.type() == WireType::kFixed64)
          span.start_ns = TimeOf(number);
        if (reader.field() == 8 && reader.type() == WireType::kFixed64)
          span.end_ns = TimeOf(number);
        continue;
      }
      const std::string_view bytes = reader.bytes();
      bool ok = true;
      switch (reader.field()) {
        case 2:
          span.span_id = IdOf(bytes);
          break;
        case 3:
          span.trace_state = Text(bytes);
          break;
        case 4:
          span.parent_span_id = IdOf(bytes);
          break;
        case 5:
          span.name = Text(bytes);
          break;
        case 9:
          ok = attributes_.Add(bytes);
          break;
        case 11:
          ok = events_.size() < kLongestList && ReadEvent(bytes);
          break;
        case 13:
          ok = links_.size() < kLongestList && ReadLink(bytes);
          break;
        case 15:
          ok = ReadStatus(bytes, span);
          break;
        default:
          break;
      }
      if (!ok) return false;
    }
    span.attributes = attributes_.Take(mark);
    span.events = arena_.CopyArray(events_);
    span.links = arena_.CopyArray(links_);
    return reader.ok();
  }

  bool ReadEvent(std::string_view message) {
    SpanEvent event;
    const size_t mark = attributes_.Mark();
    WireReader reader(message);
    while (reader.Next()) {
      if (reader.field() == 1 && reader.type() == WireType::kFixed64) {
        event.time_ns = TimeOf(reader.number());
      }
      if (reader.Is(2)) event.name = Text(reader.bytes());
      if (reader.Is(3) && !attributes_.Add(reader.bytes())) return false;
    }
    event.attributes = attributes_.Take(mark);
    events_.push_back(event);
    return reader.ok();
  }

  bool ReadLink(std::string_view message) {
    SpanLink link;
    const size_t mark = attributes_.Mark();
    WireReader reader(message);
    while (reader.Next()) {
      if (reader.Is(1)) link.trace_id = TraceIdOf(reader.bytes());
      if (reader.Is(2)) link.span_id = IdOf(reader.bytes());
      if (reader.Is(3)) link.trace_state = Text(reader.bytes());
      if (reader.Is(4) && !attributes_.Add(reader.bytes())) return false;
    }
    link.attributes = attributes_.Take(mark);
    links_.push_back(link);
    return reader.ok();
  }

  bool ReadStatus(std::string_view message, Span& span) {
    WireReader reader(message);
    while (reader.Next()) {
      if (reader.Is(2)) span.status_message = Text(reader.bytes());
      if (reader.field() == 3 && reader.type() == WireType::kVarint) {
        span.status = StatusOf(reader.number());
      }
    }
    return reader.ok();
  }

  BodyPieces& body_;
  PieceBuffer buffer_;
  WireStream stream_;
  Trace& trace_;
  Arena& arena_;
  AttributeReader attributes_;
  StringMap<uint32_t> resources_, scopes_;
  std::vector<SpanEvent> events_;
  std::vector<SpanLink> links_;
};

}  // namespace

absl::Status ReadTracesData(BodyPieces& body, Trace& trace) {
  return Reader(body, trace).ReadTracesData();
}

absl::Status ReadTraceByIdResponse(BodyPieces& body, Trace& trace) {
  return Reader(body, trace).ReadTraceByIdResponse();
}

}  // namespace spanlog::stores
