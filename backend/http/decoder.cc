#include "http/decoder.h"

#include <zlib.h>
#include <zstd.h>

#include <string>

#include "base/text.h"

namespace spanlog::http {
namespace {

constexpr size_t kBlock = 64 * 1024;

class IdentityDecoder : public Decoder {
 public:
  Result Feed(std::string_view piece, Take take) override {
    return take(piece) ? Result::kOk : Result::kTooLarge;
  }
  bool AtEnd() const override { return true; }
};

// gzip (members may follow each other) and zlib.
class GzipDecoder : public Decoder {
 public:
  GzipDecoder() { ready_ = inflateInit2(&stream_, 15 + 32) == Z_OK; }
  ~GzipDecoder() override { inflateEnd(&stream_); }

  Result Feed(std::string_view piece, Take take) override {
    if (!ready_) return Result::kBroken;
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(piece.data()));
    stream_.avail_in = static_cast<uInt>(piece.size());
    while (stream_.avail_in > 0) {
      if (state_ == State::kPadding) return Result::kOk;  // what follows the last member
      if (state_ == State::kMemberEnd && !BeginMember()) return Result::kOk;
      state_ = State::kInside;
      int code = Z_OK;
      do {
        stream_.next_out = reinterpret_cast<Bytef*>(block_.data());
        stream_.avail_out = kBlock;
        code = inflate(&stream_, Z_NO_FLUSH);
        if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR) return Result::kBroken;
        if (!take({block_.data(), kBlock - stream_.avail_out})) return Result::kTooLarge;
      } while (code == Z_OK && stream_.avail_out == 0);
      if (code == Z_STREAM_END) state_ = State::kMemberEnd;
    }
    return Result::kOk;
  }
  bool AtEnd() const override { return state_ != State::kInside; }

 private:
  enum class State { kStart, kInside, kMemberEnd, kPadding };

  bool BeginMember() {
    if (*stream_.next_in != 0x1f) {
      state_ = State::kPadding;
      return false;
    }
    return inflateReset(&stream_) == Z_OK;
  }

  z_stream stream_{};
  bool ready_ = false;
  State state_ = State::kStart;
  std::string block_ = std::string(kBlock, '\0');
};

class ZstdDecoder : public Decoder {
 public:
  ZstdDecoder() : stream_(ZSTD_createDStream()) {
    // RFC 9659: a frame for HTTP needs no window above 8 MB; more would be memory for nothing.
    ready_ = stream_ != nullptr &&
             !ZSTD_isError(ZSTD_DCtx_setParameter(stream_, ZSTD_d_windowLogMax, 23));
  }
  ~ZstdDecoder() override { ZSTD_freeDStream(stream_); }

  Result Feed(std::string_view piece, Take take) override {
    if (!ready_) return Result::kBroken;
    ZSTD_inBuffer in{piece.data(), piece.size(), 0};
    bool more = in.size > 0;
    while (more) {
      ZSTD_outBuffer block{block_.data(), kBlock, 0};
      const size_t hint = ZSTD_decompressStream(stream_, &block, &in);
      if (ZSTD_isError(hint)) return Result::kBroken;
      at_end_ = hint == 0;
      if (!take({block_.data(), block.pos})) return Result::kTooLarge;
      more = in.pos < in.size || (block.pos == kBlock && !at_end_);
    }
    return Result::kOk;
  }
  bool AtEnd() const override { return at_end_; }

 private:
  ZSTD_DStream* stream_;
  bool ready_ = false;
  bool at_end_ = true;
  std::string block_ = std::string(kBlock, '\0');
};

}  // namespace

std::unique_ptr<Decoder> MakeDecoder(std::string_view content_encoding) {
  const std::string coding = ToLower(TrimSpace(content_encoding));
  if (coding.empty() || coding == "identity") return std::make_unique<IdentityDecoder>();
  if (coding == "gzip" || coding == "x-gzip" || coding == "deflate") {
    return std::make_unique<GzipDecoder>();
  }
  if (coding == "zstd") return std::make_unique<ZstdDecoder>();
  return nullptr;
}

}  // namespace spanlog::http
