#include "stores/otlp/any_value.h"

#include <bit>
#include <cstdint>

#include "base/text.h"
#include "base/utf8.h"
#include "stores/growth.h"
#include "stores/json/json_text.h"
#include "stores/otlp/wire.h"

namespace spanlog::stores {
namespace {

constexpr int kMaxDepth = 64;

// Field numbers of AnyValue's oneof.
enum : uint32_t { kString = 1, kBool, kInt, kDouble, kArray, kMap, kBytes };

bool AppendArray(std::string& out, std::string_view array, int depth) {
  WireReader reader(array);
  out.push_back('[');
  bool first = true;
  while (reader.Next()) {
    if (!reader.Is(1)) continue;
    if (!first) out.push_back(',');
    first = false;
    if (!AppendAnyValueJson(out, reader.bytes(), depth + 1)) return false;
  }
  out.push_back(']');
  return reader.ok();
}

bool AppendMember(std::string& out, std::string_view key_value, int depth) {
  WireReader reader(key_value);
  std::string_view key, value;
  while (reader.Next()) {
    if (reader.Is(1)) key = reader.bytes();
    if (reader.Is(2)) value = reader.bytes();
  }
  AppendJsonBytesAsText(out, key);
  out.push_back(':');
  return reader.ok() && AppendAnyValueJson(out, value, depth + 1);
}

bool AppendMap(std::string& out, std::string_view map, int depth) {
  WireReader reader(map);
  out.push_back('{');
  bool first = true;
  while (reader.Next()) {
    if (!reader.Is(1)) continue;
    if (!first) out.push_back(',');
    first = false;
    if (!AppendMember(out, reader.bytes(), depth)) return false;
  }
  out.push_back('}');
  return reader.ok();
}

// The last member of a oneof on the wire is the one that counts.
struct RawValue {
  uint32_t field = 0;  // 0: no value was set
  uint64_t number = 0;
  std::string_view bytes;
};

bool ReadRaw(std::string_view any_value, RawValue& out) {
  WireReader reader(any_value);
  while (reader.Next()) {
    const uint32_t field = reader.field();
    if (field < kString || field > kBytes) continue;
    const WireType wanted = field == kBool || field == kInt ? WireType::kVarint
                            : field == kDouble              ? WireType::kFixed64
                                                            : WireType::kBytes;
    if (reader.type() != wanted) continue;
    out.field = field;
    if (wanted == WireType::kBytes) {
      out.bytes = reader.bytes();
    } else {
      out.number = reader.number();
    }
  }
  return reader.ok();
}

}  // namespace

bool AppendAnyValueJson(std::string& out, std::string_view any_value, int depth) {
  RawValue raw;
  if (!ReadRaw(any_value, raw)) return false;
  if (depth >= kMaxDepth) raw.field = 0;
  switch (raw.field) {
    case kString:
      AppendJsonBytesAsText(out, raw.bytes);
      return true;
    case kBool:
      out.append(raw.number != 0 ? "true" : "false");
      return true;
    case kInt:
      Append(out, static_cast<int64_t>(raw.number));
      return true;
    case kDouble:
      AppendJsonDouble(out, std::bit_cast<double>(raw.number));
      return true;
    case kArray:
      return AppendArray(out, raw.bytes, depth);
    case kMap:
      return AppendMap(out, raw.bytes, depth);
    case kBytes:
      out.push_back('"');
      AppendBase64(out, raw.bytes);
      out.push_back('"');
      return true;
    default:
      out.append("null");
      return true;
  }
}

bool AttributeReader::ReadValue(std::string_view any_value, Value& out) {
  RawValue raw;
  if (!ReadRaw(any_value, raw)) return false;
  switch (raw.field) {
    case kString:
      out = Value::String(ToValidUtf8(raw.bytes, arena_));
      return true;
    case kBool:
      out = Value::Bool(raw.number != 0);
      return true;
    case kInt:
      out = Value::Int(static_cast<int64_t>(raw.number));
      return true;
    case kDouble:
      out = Value::Double(std::bit_cast<double>(raw.number));
      return true;
    case kArray:
    case kMap:
      json_.clear();
      if (raw.field == kArray ? !AppendArray(json_, raw.bytes, 0)
                              : !AppendMap(json_, raw.bytes, 0)) {
        return false;
      }
      out = Value::Json(arena_.Copy(json_));
      return true;
    case kBytes:
      json_.clear();
      AppendBase64(json_, raw.bytes);
      out = Value::Bytes(arena_.Copy(json_));
      return true;
    default:
      out = Value();
      return true;
  }
}

bool AttributeReader::Add(std::string_view key_value) {
  if (scratch_.size() >= kLongestList) return false;
  WireReader reader(key_value);
  Attribute attribute;
  std::string_view key, value;
  while (reader.Next()) {
    if (reader.Is(1)) key = reader.bytes();
    if (reader.Is(2)) value = reader.bytes();
  }
  if (!reader.ok() || !ReadValue(value, attribute.value)) return false;
  attribute.key = ToValidUtf8(key, arena_);
  scratch_.push_back(attribute);
  return true;
}

Attributes AttributeReader::Take(size_t mark) {
  const Attributes list = arena_.CopyArray(absl::Span<const Attribute>(scratch_).subspan(mark));
  scratch_.resize(mark);
  return list;
}

}  // namespace spanlog::stores
