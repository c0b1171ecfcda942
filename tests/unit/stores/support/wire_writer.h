// Writes protobuf for tests and benchmarks: fields nest by writing one message into another.
#pragma once

#include <bit>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace spanlog::stores::testing {

class WireWriter {
 public:
  WireWriter& Varint(uint32_t field, uint64_t value) {
    Raw(field << 3);
    Raw(value);
    return *this;
  }
  WireWriter& Bytes(uint32_t field, std::string_view value) {
    Raw(field << 3 | 2);
    Raw(value.size());
    out_.append(value);
    return *this;
  }
  WireWriter& Message(uint32_t field, const WireWriter& message) {
    return Bytes(field, message.out_);
  }
  WireWriter& Fixed64(uint32_t field, uint64_t value) {
    Raw(field << 3 | 1);
    for (int i = 0; i < 8; ++i) out_.push_back(static_cast<char>(value >> (8 * i)));
    return *this;
  }
  WireWriter& Double(uint32_t field, double value) {
    return Fixed64(field, std::bit_cast<uint64_t>(value));
  }
  const std::string& text() const { return out_; }

 private:
  void Raw(uint64_t value) {
    while (value >= 0x80) {
      out_.push_back(static_cast<char>(value | 0x80));
      value >>= 7;
    }
    out_.push_back(static_cast<char>(value));
  }
  std::string out_;
};

inline WireWriter Text(std::string_view value) { return WireWriter().Bytes(1, value); }
inline WireWriter KeyValue(std::string_view key, const WireWriter& value) {
  return WireWriter().Bytes(1, key).Message(2, value);
}
inline std::string Id(uint64_t id) {
  std::string out;
  for (int i = 7; i >= 0; --i) out.push_back(static_cast<char>(id >> (8 * i)));
  return out;
}
inline WireWriter SpanMessage(uint64_t id, uint64_t parent, std::string_view name, uint64_t start,
                              uint64_t end) {
  WireWriter span;
  span.Bytes(2, Id(id));
  if (parent != 0) span.Bytes(4, Id(parent));
  return span.Bytes(5, name).Fixed64(7, start).Fixed64(8, end);
}
// One resource, one scope, these spans.
inline WireWriter TraceMessage(std::string_view service, std::initializer_list<WireWriter> spans) {
  WireWriter scope_spans;
  for (const WireWriter& span : spans) scope_spans.Message(2, span);
  WireWriter resource;
  if (!service.empty()) resource.Message(1, KeyValue("service.name", Text(service)));
  return WireWriter().Message(1, WireWriter().Message(1, resource).Message(2, scope_spans));
}

}  // namespace spanlog::stores::testing
