// A body that is had while it comes in.
#include <atomic>
#include <thread>

#include "http/retry.h"
#include "testing.h"

namespace spanlog::http {
namespace {

using absl::StatusCode;
using replay::HttpServer;
using replay::Trouble;
using testing::HasSubstr;

constexpr char kType[] = "application/json";

// Of no period that a piece could have.
std::string Text(size_t bytes) {
  std::string text;
  for (uint32_t i = 0; text.size() < bytes; ++i) text += std::to_string(i * 2654435761u);
  text.resize(bytes);
  return text;
}

replay::HttpServer::Handler Serve(std::string body, Trouble trouble = Trouble::kNone,
                                  bool compress = false, int status = 200) {
  return [=](const replay::Request&) {
    replay::Answer answer;
    answer.reply = replay::JsonReply(body);
    answer.reply.status = status;
    answer.reply.compress = compress;
    answer.trouble = trouble;
    return answer;
  };
}

Request Piecewise(const std::string& url) {
  Request request = Get(url);
  request.piecewise = kType;
  return request;
}

// What is had piece by piece; `pieces` is their number.
std::string ReadPieces(Pending& pending, int& pieces) {
  std::string body;
  for (pieces = 0; auto piece = pending.NextPiece([] {}); ++pieces) {
    EXPECT_GT(piece->size(), 0u);
    EXPECT_EQ(piece->front(), kPieceFront);
    body += piece->view();
  }
  return body;
}

TEST(PiecesTest, ABodyOfAnySizeComesInPieces) {
  std::vector<size_t> sizes = {1, 5 * kPieceBytes, 11 * kPieceBytes / 2};
  // Where a block, a piece and the blocks of a body end.
  const size_t block = BlockPool::kBlockBytes - kPieceFront;
  for (const size_t end : {block, 2 * block, kPieceBytes - kPieceFront, kPieceBytes, 18 * block,
                           2 * kPieceBytes, 35 * block}) {
    for (const size_t bytes : {end - 1, end, end + 1}) sizes.push_back(bytes);
  }
  for (const size_t bytes : sizes) {
    const std::string text = Text(bytes);
    for (const bool compress : {false, true}) {
      HttpServer server(Serve(text, Trouble::kNone, compress));
      const auto client = MakeClient();
      const auto pending = client->Start(Piecewise(server.url()));
      int pieces = 0;
      const std::string body = ReadPieces(*pending, pieces);
      const auto response = pending->Wait();
      ASSERT_TRUE(response.ok()) << response.status();
      EXPECT_EQ(response->status, 200);
      EXPECT_EQ(response->body, "");
      EXPECT_TRUE(body == text) << bytes;
    }
  }
}

TEST(PiecesTest, APieceIsThereBeforeTheRestIsSent) {
  HttpServer server(Serve(Text(4 * kPieceBytes), Trouble::kStallInBody));
  const auto client = MakeClient();
  Request request = Piecewise(server.url());
  request.cancellation = std::make_shared<Cancellation>();
  const CancellationPtr cancellation = request.cancellation;
  const auto pending = client->Start(std::move(request));
  EXPECT_TRUE(pending->NextPiece([] {}).has_value());
  std::thread canceller([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    cancellation->Cancel();
  });
  int pieces = 0, waits = 0;
  while (pending->NextPiece([&] { ++waits; }).has_value()) ++pieces;
  canceller.join();
  EXPECT_GT(pieces, 0);
  EXPECT_GE(waits, 1);
  EXPECT_EQ(pending->Wait().status().code(), StatusCode::kCancelled);
}

TEST(PiecesTest, WhoAsksForNoPieceGetsTheBodyWhole) {
  const std::string text = Text(5 * kPieceBytes / 2);
  HttpServer server(Serve(text));
  const auto client = MakeClient();
  const auto response = client->Fetch(Piecewise(server.url()));
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_TRUE(response->body == text);
  EXPECT_GE(response->body.capacity(), response->body.size() + kBodyPadding);
}

TEST(PiecesTest, OnlyAnAnswerOfTheTypeThatWasAskedForHasThem) {
  const auto pieces_of = [](replay::HttpServer::Handler handler, const char* type) {
    HttpServer server(std::move(handler));
    const auto client = MakeClient();
    Request request = Get(server.url());
    request.piecewise = type;
    const auto pending = client->Start(std::move(request));
    int pieces = 0;
    const std::string body = ReadPieces(*pending, pieces);
    const auto response = pending->Wait();
    EXPECT_TRUE(response.ok() && pieces + response->body.size() > 0);
    return pieces;
  };
  const std::string text = Text(2 * kPieceBytes);
  EXPECT_GT(pieces_of(Serve(text), kType), 0);
  EXPECT_GT(pieces_of(Serve(Text(100)), kType), 0);
  EXPECT_EQ(pieces_of(Serve(" <html>no JSON</html>"), kType), 0);
  EXPECT_EQ(pieces_of(Serve(text, Trouble::kNone, false, 500), kType), 0);
  EXPECT_EQ(pieces_of(Serve(text), "application/protobuf"), 0);
  EXPECT_EQ(pieces_of(Serve(text), ""), 0);
}

TEST(PiecesTest, AFailureAfterAPieceIsThatOfTheWholeAnswer) {
  for (const Trouble trouble : {Trouble::kTruncate, Trouble::kResetInBody}) {
    HttpServer server(Serve(Text(4 * kPieceBytes), trouble));
    const auto client = MakeClient();
    const auto pending = client->Start(Piecewise(server.url()));
    int pieces = 0;
    (void)ReadPieces(*pending, pieces);
    const absl::Status status = pending->Wait().status();
    EXPECT_TRUE(status.code() == StatusCode::kDataLoss || status.code() == StatusCode::kUnavailable)
        << status;
    EXPECT_TRUE(IsDownstream(status));
  }
}

TEST(PiecesTest, ARetryThatSucceedsComesWhole) {
  const std::string text = Text(2 * kPieceBytes);
  std::atomic<int> asked{0};
  HttpServer server([&](const replay::Request& request) {
    return Serve(text, Trouble::kNone, false, asked++ == 0 ? 503 : 200)(request);
  });
  RetryOptions options;
  options.first_delay_ms = 2;
  const auto client = Retrying(MakeClient(), options);
  const auto pending = client->Start(Piecewise(server.url()));
  EXPECT_FALSE(pending->NextPiece([] {}).has_value());
  const auto response = pending->Wait();
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_TRUE(response->body == text);
  const auto again = client->Start(Piecewise(server.url()));
  EXPECT_TRUE(again->NextPiece([] {}).has_value());
}

TEST(PiecesTest, AnAnswerWithoutABodyHasNone) {
  HttpServer server(Serve("", Trouble::kNone));
  for (const char* method : {"GET", "HEAD"}) {
    const auto client = MakeClient();
    Request request = Piecewise(server.url());
    request.method = method;
    const auto pending = client->Start(std::move(request));
    EXPECT_FALSE(pending->NextPiece([] {}).has_value());
    const auto response = pending->Wait();
    ASSERT_TRUE(response.ok()) << response.status();
    EXPECT_EQ(response->status, 200);
    EXPECT_EQ(response->body, "");
  }
}

TEST(PiecesTest, ABodyOfJustTheLimitIsTakenAndAByteMoreIsNot) {
  for (const size_t bytes : {size_t{1000}, 2 * kPieceBytes, 5 * kPieceBytes / 2}) {
    for (const bool compress : {false, true}) {
      for (const size_t over : {0u, 1u}) {
        HttpServer server(Serve(Text(bytes + over), Trouble::kNone, compress));
        ClientOptions options;
        options.max_response_bytes = static_cast<int64_t>(bytes);
        const auto client = MakeClient(options);
        const auto pending = client->Start(Piecewise(server.url()));
        int pieces = 0;
        const std::string body = ReadPieces(*pending, pieces);
        const absl::Status status = pending->Wait().status();
        EXPECT_EQ(status.code(), over == 0 ? StatusCode::kOk : StatusCode::kResourceExhausted);
        EXPECT_EQ(body.size() == bytes, over == 0) << bytes;
      }
    }
  }
}

TEST(PiecesTest, TheLimitIsOnAllPiecesTogether) {
  for (const bool compress : {false, true}) {
    HttpServer server(Serve(Text(5 * kPieceBytes / 2), Trouble::kNone, compress));
    ClientOptions options;
    options.max_response_bytes = 2 * kPieceBytes;
    const auto client = MakeClient(options);
    const auto pending = client->Start(Piecewise(server.url()));
    int pieces = 0;
    (void)ReadPieces(*pending, pieces);
    const absl::Status status = pending->Wait().status();
    EXPECT_EQ(status.code(), StatusCode::kResourceExhausted);
    EXPECT_THAT(std::string(status.message()), HasSubstr("over the limit of 2097152 bytes"));
  }
}

}  // namespace
}  // namespace spanlog::http
