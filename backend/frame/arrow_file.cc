#include "frame/arrow_file.h"

#include <flatbuffers/flatbuffers.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "frame/arrow_generated.h"

namespace spanlog::frame {
namespace {

using flatbuffers::FlatBufferBuilder;
using flatbuffers::Offset;

constexpr std::string_view kMagic = "ARROW1";
constexpr uint32_t kContinuation = 0xFFFFFFFFu;

size_t Padded(size_t size) { return (size + 7) & ~size_t{7}; }

// A piece of its own is bookkeeping for whoever sends it; small ones are copied together.
constexpr size_t kOwnPiece = 16 << 10;

// What is written so far.
class Output {
 public:
  size_t size() const { return rope_.size() + open_.size(); }
  void Append(std::string_view bytes) { open_.append(bytes); }
  void AppendInt32(uint32_t value) {
    for (int i = 0; i < 4; ++i) open_.push_back(static_cast<char>(value >> (8 * i)));
  }
  void Pad() { open_.append(Padded(size()) - size(), '\0'); }
  void Take(Buffer bytes) {
    if (bytes.size() < kOwnPiece) return Append(bytes.view());
    rope_.Append(std::exchange(open_, {}));
    for (Buffer::Bytes& chunk : bytes.TakeChunks()) rope_.Append(std::move(chunk));
  }
  Rope Finish() {
    rope_.Append(std::move(open_));
    return std::move(rope_);
  }

 private:
  Rope rope_;
  std::string open_;  // becomes the next piece
};

class KeyValues {
 public:
  explicit KeyValues(FlatBufferBuilder& builder) : builder_(builder) {}
  void Add(const char* key, const std::string& value) {
    if (value.empty()) return;
    pairs_.push_back(
        arrow::CreateKeyValue(builder_, builder_.CreateString(key), builder_.CreateString(value)));
  }
  auto Finish() { return builder_.CreateVector(pairs_); }

 private:
  FlatBufferBuilder& builder_;
  std::vector<Offset<arrow::KeyValue>> pairs_;
};

const char* TypeWord(ColumnType type) {  // what Go's writer puts into `tstype`
  switch (type) {
    case ColumnType::kText:
      return "string";
    case ColumnType::kJson:
      return "other";
    case ColumnType::kTimes:
      return "time";
    default:
      return "number";
  }
}

std::pair<arrow::Type, Offset<void>> TypeOf(FlatBufferBuilder& builder, ColumnType type) {
  switch (type) {
    case ColumnType::kText:
      return {arrow::Type_Utf8, arrow::CreateUtf8(builder).Union()};
    case ColumnType::kJson:
      return {arrow::Type_Binary, arrow::CreateBinary(builder).Union()};
    case ColumnType::kInt:
      return {arrow::Type_Int, arrow::CreateInt(builder, 64, true).Union()};
    case ColumnType::kReal:
      return {arrow::Type_FloatingPoint,
              arrow::CreateFloatingPoint(builder, arrow::Precision_DOUBLE).Union()};
    case ColumnType::kTimes:
      break;
  }
  return {arrow::Type_Timestamp,
          arrow::CreateTimestamp(builder, arrow::TimeUnit_NANOSECOND).Union()};
}

Offset<arrow::Schema> BuildSchema(FlatBufferBuilder& builder, const FrameColumns& frame) {
  std::vector<Offset<arrow::Field>> fields;
  for (const FrameColumn& column : frame.columns) {
    KeyValues metadata(builder);
    metadata.Add("labels", column.labels_json);
    metadata.Add("config", column.config_json);
    metadata.Add("tstype", TypeWord(column.type));
    const auto metadata_at = metadata.Finish();
    const auto name = builder.CreateString(column.name);
    const auto [type, type_at] = TypeOf(builder, column.type);
    // Readers ask for the vector of children of a type that has none, too.
    const auto children = builder.CreateVector(std::vector<Offset<arrow::Field>>());
    fields.push_back(arrow::CreateField(builder, name, column.nullable, type, type_at, 0, children,
                                        metadata_at));
  }
  const auto fields_at = builder.CreateVector(fields);
  KeyValues metadata(builder);
  metadata.Add("name", frame.name);
  metadata.Add("refId", frame.ref_id);
  metadata.Add("meta", frame.meta_json);
  const auto metadata_at = metadata.Finish();
  return arrow::CreateSchema(builder, arrow::Endianness_Little, fields_at, metadata_at);
}

// The body's parts in the order of Arrow's layout. Each begins at a multiple of 8.
class Body {
 public:
  explicit Body(std::vector<FrameColumn>& columns) {
    for (FrameColumn& column : columns) {
      nodes_.emplace_back(static_cast<int64_t>(column.rows()), column.null_count);
      Add(column.nulls.data(), column.nulls.size(), nullptr);
      if (!column.offsets.empty()) {
        Add(column.offsets.data(), column.offsets.size() * sizeof(int32_t), nullptr);
      }
      Add(nullptr, column.data.size(), &column);
    }
  }
  size_t size() const { return size_; }
  const std::vector<arrow::FieldNode>& nodes() const { return nodes_; }
  const std::vector<arrow::Buffer>& buffers() const { return buffers_; }

  void MoveTo(Output& out) {
    for (const Part& part : parts_) {
      if (part.column != nullptr) {
        out.Take(std::move(part.column->data));
      } else if (part.size > 0) {
        out.Append({part.data, part.size});
      }
      out.Pad();
    }
  }

 private:
  struct Part {
    const char* data;
    size_t size;
    FrameColumn* column;  // whose data it is
  };
  void Add(const void* data, size_t size, FrameColumn* column) {
    buffers_.emplace_back(static_cast<int64_t>(size_), static_cast<int64_t>(size));
    parts_.push_back({static_cast<const char*>(data), size, column});
    size_ += Padded(size);
  }

  size_t size_ = 0;
  std::vector<Part> parts_;
  std::vector<arrow::FieldNode> nodes_;
  std::vector<arrow::Buffer> buffers_;
};

// An encapsulated message's head: continuation, length, metadata, padding. Returns its length.
size_t AppendMessage(Output& out, FlatBufferBuilder& builder, arrow::MessageHeader kind,
                     Offset<void> header, int64_t body_length) {
  builder.Finish(
      arrow::CreateMessage(builder, arrow::MetadataVersion_V5, kind, header, body_length));
  const size_t start = out.size();
  out.AppendInt32(kContinuation);
  out.AppendInt32(static_cast<uint32_t>(Padded(builder.GetSize())));
  out.Append({reinterpret_cast<const char*>(builder.GetBufferPointer()), builder.GetSize()});
  out.Pad();
  return out.size() - start;
}

}  // namespace

Rope ToArrowFile(FrameColumns frame) {
  FlatBufferBuilder schema;
  const auto schema_at = BuildSchema(schema, frame);
  const int64_t rows = static_cast<int64_t>(frame.rows());
  Body body(frame.columns);

  Output out;
  out.Append(kMagic);
  out.Pad();
  AppendMessage(out, schema, arrow::MessageHeader_Schema, schema_at.Union(), 0);

  FlatBufferBuilder batch;
  const auto nodes_at = batch.CreateVectorOfStructs(body.nodes());
  const auto buffers_at = batch.CreateVectorOfStructs(body.buffers());
  const auto batch_at = arrow::CreateRecordBatch(batch, rows, nodes_at, buffers_at);
  const size_t batch_start = out.size();
  const size_t batch_head = AppendMessage(out, batch, arrow::MessageHeader_RecordBatch,
                                          batch_at.Union(), static_cast<int64_t>(body.size()));
  body.MoveTo(out);

  out.AppendInt32(kContinuation);  // end of the stream inside the file
  out.AppendInt32(0);

  FlatBufferBuilder footer;
  const auto footer_schema = BuildSchema(footer, frame);
  const auto dictionaries = footer.CreateVectorOfStructs(std::vector<arrow::Block>());
  const std::vector<arrow::Block> blocks = {arrow::Block(static_cast<int64_t>(batch_start),
                                                         static_cast<int32_t>(batch_head),
                                                         static_cast<int64_t>(body.size()))};
  const auto blocks_at = footer.CreateVectorOfStructs(blocks);
  footer.Finish(arrow::CreateFooter(footer, arrow::MetadataVersion_V5, footer_schema, dictionaries,
                                    blocks_at));
  out.Append({reinterpret_cast<const char*>(footer.GetBufferPointer()), footer.GetSize()});
  out.AppendInt32(footer.GetSize());
  out.Append(kMagic);
  return out.Finish();
}

}  // namespace spanlog::frame
