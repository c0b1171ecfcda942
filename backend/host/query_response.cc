#include "host/query_response.h"

#include <cstdint>
#include <memory>

#include "grpcpp/support/slice.h"

namespace spanlog::host {
namespace {

constexpr uint64_t kMaxBytes = (2ull << 30) - (1 << 20);

enum WireType { kVarint = 0, kBytes = 2 };

void AppendVarint(std::string& out, uint64_t value) {
  while (value >= 0x80) {
    out.push_back(static_cast<char>(value | 0x80));
    value >>= 7;
  }
  out.push_back(static_cast<char>(value));
}

uint64_t VarintSize(uint64_t value) {
  uint64_t size = 1;
  while (value >= 0x80) {
    value >>= 7;
    ++size;
  }
  return size;
}

// All field numbers here are below 16: a tag is one byte.
void AppendTag(std::string& out, int field, WireType type) {
  out.push_back(static_cast<char>(field << 3 | type));
}

uint64_t BytesFieldSize(uint64_t length) { return 1 + VarintSize(length) + length; }

void AppendHead(std::string& out, int field, uint64_t length) {
  AppendTag(out, field, kBytes);
  AppendVarint(out, length);
}

void AppendText(std::string& out, int field, const std::string& text) {
  if (text.empty()) return;
  AppendHead(out, field, text.size());
  out += text;
}

// Everything of a DataResponse that comes after its frames.
std::string TailOf(const QueryResult& result) {
  std::string tail;
  AppendText(tail, 2, result.error);
  AppendTag(tail, 4, kVarint);
  AppendVarint(tail, static_cast<uint64_t>(result.status));
  AppendText(tail, 5, result.error_source);
  return tail;
}

uint64_t FramesSize(const QueryResult& result) {
  uint64_t size = 0;
  for (const Rope& frame : result.frames) size += BytesFieldSize(frame.size());
  return size;
}

grpc::Slice SliceOf(std::string text) {
  auto* owned = new std::string(std::move(text));
  return grpc::Slice(
      owned->data(), owned->size(), [](void* string) { delete static_cast<std::string*>(string); },
      owned);
}

grpc::Slice SliceOf(const Rope::Piece& piece) {
  using Owner = std::shared_ptr<const void>;
  // gRPC only reads it.
  return grpc::Slice(
      const_cast<char*>(piece.bytes.data()), piece.bytes.size(),
      [](void* owner) { delete static_cast<Owner*>(owner); }, new Owner(piece.owner));
}

}  // namespace

grpc::ByteBuffer EncodeQueryResponse(std::vector<std::pair<std::string, QueryResult>> results) {
  std::vector<grpc::Slice> slices;
  std::string pending;  // heads and tails between frames
  uint64_t total = 0;
  for (auto& [ref_id, result] : results) {
    if (total + FramesSize(result) > kMaxBytes) {
      result = QueryResult{};
      result.status = 500;
      result.error = "The answers of all queries together are over 2 GiB; ask for less at once.";
      result.error_source = "plugin";
    }
    const std::string tail = TailOf(result);
    const uint64_t response_size = FramesSize(result) + tail.size();
    const uint64_t entry_size = BytesFieldSize(ref_id.size()) + BytesFieldSize(response_size);
    total += BytesFieldSize(entry_size);
    AppendHead(pending, 1, entry_size);
    AppendHead(pending, 1, ref_id.size());
    pending += ref_id;
    AppendHead(pending, 2, response_size);
    for (const Rope& frame : result.frames) {
      AppendHead(pending, 1, frame.size());
      slices.push_back(SliceOf(std::move(pending)));
      pending.clear();
      for (const Rope::Piece& piece : frame.pieces()) slices.push_back(SliceOf(piece));
    }
    pending += tail;
  }
  if (!pending.empty() || slices.empty()) slices.push_back(SliceOf(std::move(pending)));
  return grpc::ByteBuffer(slices.data(), slices.size());
}

}  // namespace spanlog::host
