#include "frame/arrow_reader.h"

#include <flatbuffers/flatbuffers.h>

#include <cstring>
#include <string>

#include "base/text.h"
#include "frame/arrow_generated.h"

namespace spanlog::frame {
namespace {

constexpr std::string_view kMagic = "ARROW1";
constexpr size_t kMessagePrefix = 8;  // continuation and length

absl::Status Broken(std::string_view what) {
  return absl::InvalidArgumentError(Concat("the frame is no readable Arrow file: ", what));
}

uint32_t ReadInt32(std::string_view bytes, size_t at) {
  uint32_t value;
  std::memcpy(&value, bytes.data() + at, sizeof(value));
  return value;
}

// Part of `bytes`; empty with `ok` false when it is not all there.
std::string_view Slice(std::string_view bytes, int64_t offset, int64_t size, bool& ok) {
  const auto total = static_cast<int64_t>(bytes.size());
  ok = offset >= 0 && size >= 0 && offset <= total && size <= total - offset;
  return ok ? bytes.substr(static_cast<size_t>(offset), static_cast<size_t>(size))
            : std::string_view();
}

// Flatbuffers want their bytes aligned; a view into an answer is not.
std::vector<uint64_t> Aligned(std::string_view bytes) {
  std::vector<uint64_t> copy((bytes.size() + 7) / 8);
  if (!bytes.empty()) std::memcpy(copy.data(), bytes.data(), bytes.size());
  return copy;
}

bool TypeOf(const arrow::Field& field, ColumnType& out) {
  switch (field.type_type()) {
    case arrow::Type_Utf8:
      out = ColumnType::kText;
      return true;
    case arrow::Type_Binary:
      out = ColumnType::kJson;
      return true;
    case arrow::Type_Int:
      out = ColumnType::kInt;
      return field.type_as_Int()->bit_width() == 64;
    case arrow::Type_FloatingPoint:
      out = ColumnType::kReal;
      return field.type_as_FloatingPoint()->precision() == arrow::Precision_DOUBLE;
    case arrow::Type_Timestamp:
      out = ColumnType::kTimes;
      return field.type_as_Timestamp()->unit() == arrow::TimeUnit_NANOSECOND;
    default:
      return false;
  }
}

template <typename KeyValues>
std::string Lookup(const KeyValues* pairs, std::string_view key) {
  if (pairs == nullptr) return {};
  for (const arrow::KeyValue* pair : *pairs) {
    if (pair->key() != nullptr && pair->value() != nullptr && pair->key()->str() == key) {
      return pair->value()->str();
    }
  }
  return {};
}

// The verifier knows that a vector of structs is inside the file, not that it is aligned.
template <typename Struct>
bool Aligned8(const flatbuffers::Vector<const Struct*>* structs) {
  return structs == nullptr || reinterpret_cast<uintptr_t>(structs->Data()) % 8 == 0;
}

// Walks the buffers of a record batch in the order of the columns.
class BatchReader {
 public:
  BatchReader(const arrow::RecordBatch& batch, std::string_view body)
      : batch_(batch), body_(body) {}

  absl::Status Read(FrameColumn& column) {
    if (batch_.nodes() == nullptr || node_ >= batch_.nodes()->size()) return Broken("no node");
    const arrow::FieldNode* node = batch_.nodes()->Get(node_++);
    const int64_t rows = batch_.length();
    if (rows < 0 || node->length() != rows) return Broken("columns of different length");
    std::string_view nulls, offsets, data;
    const bool is_text = !column.offsets.empty();
    if (!Next(nulls) || (is_text && !Next(offsets)) || !Next(data)) return Broken("short buffers");
    const size_t count = static_cast<size_t>(rows);
    column.null_count = node->null_count();
    if (!nulls.empty()) {
      if (nulls.size() < (count + 7) / 8) return Broken("short null bitmap");
      column.nulls.assign(nulls.begin(), nulls.end());
    }
    if (!is_text) {
      if (data.size() < count * 8) return Broken("short numbers");
      column.data.Append(data.substr(0, count * 8));
      return absl::OkStatus();
    }
    if (offsets.size() < (count + 1) * sizeof(int32_t)) {
      return count == 0 ? absl::OkStatus() : Broken("short offsets");
    }
    column.offsets.resize(count + 1);
    std::memcpy(column.offsets.data(), offsets.data(), (count + 1) * sizeof(int32_t));
    int32_t last = 0;
    for (const int32_t offset : column.offsets) {
      if (offset < last || static_cast<size_t>(offset) > data.size()) return Broken("wild offset");
      last = offset;
    }
    column.data.Append(data);
    return absl::OkStatus();
  }

 private:
  bool Next(std::string_view& out) {
    if (batch_.buffers() == nullptr || buffer_ >= batch_.buffers()->size()) return false;
    const arrow::Buffer* buffer = batch_.buffers()->Get(buffer_++);
    bool ok;
    out = Slice(body_, buffer->offset(), buffer->length(), ok);
    return ok;
  }

  const arrow::RecordBatch& batch_;
  std::string_view body_;
  uint32_t node_ = 0;
  uint32_t buffer_ = 0;
};

}  // namespace

absl::StatusOr<FrameColumns> ReadArrowFile(std::string_view file) {
  if (file.size() < 2 * kMagic.size() + 8 || !StartsWith(file, kMagic) || !EndsWith(file, kMagic)) {
    return Broken("no ARROW1 mark");
  }
  bool ok;
  const size_t length_at = file.size() - kMagic.size() - 4;
  const int64_t footer_size = ReadInt32(file, length_at);
  const std::vector<uint64_t> footer_bytes =
      Aligned(Slice(file, static_cast<int64_t>(length_at) - footer_size, footer_size, ok));
  if (!ok) return Broken("no footer");
  flatbuffers::Verifier footer_verifier(reinterpret_cast<const uint8_t*>(footer_bytes.data()),
                                        static_cast<size_t>(footer_size));
  if (!footer_verifier.VerifyBuffer<arrow::Footer>(nullptr)) return Broken("footer");
  const auto* footer = flatbuffers::GetRoot<arrow::Footer>(footer_bytes.data());
  const arrow::Schema* schema = footer->schema();
  if (schema == nullptr || schema->fields() == nullptr) return Broken("no schema");

  FrameColumns frame;
  frame.name = Lookup(schema->custom_metadata(), "name");
  frame.ref_id = Lookup(schema->custom_metadata(), "refId");
  frame.meta_json = Lookup(schema->custom_metadata(), "meta");
  for (const arrow::Field* field : *schema->fields()) {
    ColumnType type;
    const std::string name = field->name() == nullptr ? "" : field->name()->str();
    if (!TypeOf(*field, type)) return Broken(Concat("type of column ", name));
    FrameColumn& column = frame.columns.emplace_back(name, type, 0);
    column.nullable = field->nullable();
    column.config_json = Lookup(field->custom_metadata(), "config");
    column.labels_json = Lookup(field->custom_metadata(), "labels");
  }
  if (!Aligned8(footer->record_batches())) return Broken("footer");
  if (footer->record_batches() == nullptr || footer->record_batches()->size() == 0) return frame;

  const arrow::Block* block = footer->record_batches()->Get(0);
  // The verifier looks at a vector's bounds, not at how its structs lie.
  if (reinterpret_cast<uintptr_t>(block) % alignof(arrow::Block) != 0) return Broken("footer");
  const std::string_view head = Slice(file, block->offset(), block->metadata_length(), ok);
  if (!ok || head.size() < kMessagePrefix) return Broken("no record batch");
  const std::string_view body =
      Slice(file, block->offset() + block->metadata_length(), block->body_length(), ok);
  if (!ok) return Broken("short body");
  const std::vector<uint64_t> message_bytes = Aligned(head.substr(kMessagePrefix));
  flatbuffers::Verifier verifier(reinterpret_cast<const uint8_t*>(message_bytes.data()),
                                 head.size() - kMessagePrefix);
  if (!verifier.VerifyBuffer<arrow::Message>(nullptr)) return Broken("record batch");
  const arrow::RecordBatch* batch =
      flatbuffers::GetRoot<arrow::Message>(message_bytes.data())->header_as_RecordBatch();
  if (batch == nullptr || !Aligned8(batch->nodes()) || !Aligned8(batch->buffers())) {
    return Broken("no record batch");
  }
  BatchReader reader(*batch, body);
  for (FrameColumn& column : frame.columns) {
    if (absl::Status status = reader.Read(column); !status.ok()) return status;
  }
  return frame;
}

}  // namespace spanlog::frame
