#include <optional>
#include <vector>

#include "mutate.h"

namespace spanlog::fuzz {
namespace {

struct Field {
  uint64_t tag = 0;
  std::string
      bytes;  // the payload: of a varint its own bytes, of the others what follows the length
  bool delimited() const { return (tag & 7) == 2; }
};

bool TakeVarint(std::string_view& in, uint64_t& value) {
  value = 0;
  for (int shift = 0; shift < 64 && !in.empty(); shift += 7) {
    const auto byte = static_cast<uint8_t>(in.front());
    in.remove_prefix(1);
    value |= static_cast<uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80) return true;
  }
  return false;
}

void PutVarint(std::string& out, uint64_t value) {
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<char>(value | 0x80));
  out.push_back(static_cast<char>(value));
}

std::optional<std::vector<Field>> Parse(std::string_view in) {
  std::vector<Field> fields;
  while (!in.empty()) {
    Field field;
    uint64_t length = 0;
    if (!TakeVarint(in, field.tag) || field.tag >> 3 == 0) return std::nullopt;
    switch (field.tag & 7) {
      case 0: {
        const std::string_view before = in;
        if (!TakeVarint(in, length)) return std::nullopt;
        field.bytes = before.substr(0, before.size() - in.size());
        break;
      }
      case 1:
      case 5:
        length = (field.tag & 7) == 1 ? 8 : 4;
        if (in.size() < length) return std::nullopt;
        field.bytes = in.substr(0, length);
        in.remove_prefix(length);
        break;
      case 2:
        if (!TakeVarint(in, length) || in.size() < length) return std::nullopt;
        field.bytes = in.substr(0, length);
        in.remove_prefix(length);
        break;
      default:
        return std::nullopt;
    }
    fields.push_back(std::move(field));
  }
  return fields;
}

std::string Write(const std::vector<Field>& fields) {
  std::string out;
  for (const Field& field : fields) {
    PutVarint(out, field.tag);
    if (field.delimited()) PutVarint(out, field.bytes.size());
    out += field.bytes;
  }
  return out;
}

void MutateFields(std::vector<Field>& fields, size_t max_size, Random& random, int depth) {
  if (fields.empty()) return;
  const size_t chosen = Below(random, fields.size());
  Field& field = fields[chosen];
  // Mostly deeper: what stands at the top is long known.
  if (field.delimited() && depth < 8 && Below(random, 8) != 0) {
    if (auto inner = Parse(field.bytes); inner.has_value() && !inner->empty()) {
      MutateFields(*inner, max_size, random, depth + 1);
      field.bytes = Write(*inner);
      return;
    }
  }
  switch (Below(random, 6)) {
    case 0:
      fields.erase(fields.begin() + static_cast<ptrdiff_t>(chosen));
      break;
    case 1:
      fields.insert(fields.begin() + static_cast<ptrdiff_t>(Below(random, fields.size() + 1)),
                    Field(field));
      break;
    case 2:
      field.bytes = fields[Below(random, fields.size())].bytes;
      if (!field.delimited()) field.tag = (field.tag & ~uint64_t{7}) | 2;
      break;
    case 3:
      field.tag = (field.tag & 7) | (1 + Below(random, 20)) << 3;
      break;
    default: {
      const std::string other = fields[Below(random, fields.size())].bytes;
      Mutate(field.bytes, other, max_size, random);
      if (!field.delimited()) field.tag = (field.tag & ~uint64_t{7}) | 2;
      break;
    }
  }
}

}  // namespace

bool MutateProtobuf(std::string& message, size_t max_size, Random& random) {
  auto fields = Parse(message);
  if (!fields.has_value() || fields->empty()) return false;
  MutateFields(*fields, max_size, random, 0);
  std::string changed = Write(*fields);
  if (changed.size() > max_size) return false;
  message = std::move(changed);
  return true;
}

}  // namespace spanlog::fuzz
