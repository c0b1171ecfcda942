#include "http/decoder.h"

#include <gtest/gtest.h>
#include <zstd.h>

#include "replay/wire.h"

namespace spanlog::http {
namespace {

constexpr size_t kNoLimit = size_t{1} << 40;

std::string Zstd(const std::string& text) {
  std::string out(ZSTD_compressBound(text.size()), '\0');
  out.resize(ZSTD_compress(out.data(), out.size(), text.data(), text.size(), 1));
  return out;
}

std::string Text() {
  std::string text;
  for (int i = 0; i < 50'000; ++i) text += "line " + std::to_string(i * 7919 % 10007) + "\n";
  return text;
}

Decoder::Result Feed(Decoder& decoder, std::string_view data, std::string& out,
                     size_t limit = kNoLimit) {
  return decoder.Feed(data, [&](std::string_view made) {
    if (out.size() + made.size() > limit) return false;
    out += made;
    return true;
  });
}

// Decodes in pieces of `step` bytes.
Decoder::Result Decode(Decoder& decoder, const std::string& data, size_t step, std::string& out,
                       size_t limit = kNoLimit) {
  for (size_t at = 0; at < data.size(); at += step) {
    const auto result = Feed(decoder, std::string_view(data).substr(at, step), out, limit);
    if (result != Decoder::Result::kOk) return result;
  }
  return Decoder::Result::kOk;
}

TEST(DecoderTest, DecodesInPiecesOfAnySize) {
  const std::string text = Text();
  for (const size_t step : {1, 17, 16384, 1 << 24}) {
    std::string gzip, zstd;
    const auto gzip_decoder = MakeDecoder("GZIP");
    const auto zstd_decoder = MakeDecoder(" zstd");
    EXPECT_EQ(Decode(*gzip_decoder, replay::Gzip(text), step, gzip), Decoder::Result::kOk);
    EXPECT_EQ(Decode(*zstd_decoder, Zstd(text), step, zstd), Decoder::Result::kOk);
    EXPECT_TRUE(gzip == text && gzip_decoder->AtEnd()) << step;
    EXPECT_TRUE(zstd == text && zstd_decoder->AtEnd()) << step;
  }
}

TEST(DecoderTest, NoticesADataEndThatComesTooEarly) {
  for (const std::string coding : {"gzip", "zstd"}) {
    std::string data = coding == "gzip" ? replay::Gzip(Text()) : Zstd(Text());
    data.resize(data.size() - 1);
    std::string out;
    const auto decoder = MakeDecoder(coding);
    EXPECT_EQ(Decode(*decoder, data, 1000, out), Decoder::Result::kOk);
    EXPECT_FALSE(decoder->AtEnd()) << coding;
  }
}

TEST(DecoderTest, StopsABombAtTheLimit) {
  const std::string zeros(100 << 20, '\0');
  for (const std::string coding : {"gzip", "zstd"}) {
    const std::string bomb = coding == "gzip" ? replay::Gzip(zeros) : Zstd(zeros);
    ASSERT_LT(bomb.size(), size_t{1} << 20);
    std::string out;
    const auto decoder = MakeDecoder(coding);
    EXPECT_EQ(Feed(*decoder, bomb, out, 1 << 20), Decoder::Result::kTooLarge) << coding;
    EXPECT_LE(out.capacity(), size_t{4} << 20) << coding;
  }
}

TEST(DecoderTest, AllowsExactlyTheLimit) {
  std::string out;
  EXPECT_EQ(Feed(*MakeDecoder(""), "12345", out, 5), Decoder::Result::kOk);
  out.clear();
  EXPECT_EQ(Feed(*MakeDecoder(""), "123456", out, 5), Decoder::Result::kTooLarge);
}

TEST(DecoderTest, ReadsGzipMembersOneAfterTheOther) {
  std::string out;
  const auto decoder = MakeDecoder("gzip");
  EXPECT_EQ(Decode(*decoder, replay::Gzip("one ") + replay::Gzip("two"), 5, out),
            Decoder::Result::kOk);
  EXPECT_EQ(out, "one two");
  EXPECT_TRUE(decoder->AtEnd());
}

TEST(DecoderTest, RefusesWhatIsNotInTheCoding) {
  std::string out;
  EXPECT_EQ(Feed(*MakeDecoder("gzip"), "hello, world", out, kNoLimit), Decoder::Result::kBroken);
  EXPECT_EQ(Feed(*MakeDecoder("zstd"), "hello, world", out, kNoLimit), Decoder::Result::kBroken);
  EXPECT_EQ(MakeDecoder("br"), nullptr);
  EXPECT_EQ(MakeDecoder("gzip, gzip"), nullptr);
}

}  // namespace
}  // namespace spanlog::http
