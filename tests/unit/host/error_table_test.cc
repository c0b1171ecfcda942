#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/errors.h"
#include "base/utf8.h"
#include "query/pipeline.h"

namespace spanlog::query {
namespace {

using absl::StatusCode;

TEST(ErrorTableTest, KeepsWhatAStoreSaidAndWhoseFaultItWas) {
  struct Case {
    int upstream;
    int status;
    const char* source;
  };
  for (const Case& c :
       {Case{400, 400, "downstream"}, Case{401, 401, "downstream"}, Case{403, 403, "downstream"},
        Case{404, 404, "downstream"}, Case{408, 504, "downstream"}, Case{413, 413, "plugin"},
        Case{422, 422, "downstream"}, Case{429, 429, "downstream"}, Case{431, 431, "plugin"},
        Case{500, 502, "downstream"}, Case{501, 502, "plugin"}, Case{503, 502, "downstream"},
        Case{504, 504, "downstream"}, Case{302, 502, "downstream"}, Case{200, 502, "downstream"}}) {
    const ErrorReply reply =
        ToErrorReply(UpstreamHttpError("Tempo", "Fetching", c.upstream, "why"));
    EXPECT_EQ(reply.status, c.status) << c.upstream;
    EXPECT_EQ(reply.source, c.source) << c.upstream;
    EXPECT_THAT(reply.text, testing::HasSubstr("why"));
  }
}

TEST(ErrorTableTest, AWayThatFailedIsABadGateway) {
  for (const StatusCode code : {StatusCode::kUnavailable, StatusCode::kFailedPrecondition,
                                StatusCode::kDataLoss, StatusCode::kResourceExhausted}) {
    const ErrorReply reply = ToErrorReply(DownstreamError(code, "way"));
    EXPECT_EQ(reply.status, 502) << static_cast<int>(code);
    EXPECT_EQ(reply.source, "downstream");
  }
  EXPECT_EQ(ToErrorReply(DownstreamError(StatusCode::kDeadlineExceeded, "slow")).status, 504);
  EXPECT_EQ(ToErrorReply(DownstreamError(StatusCode::kCancelled, "gone")).status, 499);
  EXPECT_EQ(ToErrorReply(DownstreamError(StatusCode::kNotFound, "no trace")).status, 404);
}

TEST(ErrorTableTest, AUsersMistakeIsNoBugAndABugIs) {
  struct Case {
    absl::Status status;
    int code;
    const char* source;
  };
  for (const Case& c : {Case{absl::InvalidArgumentError("x"), 400, "downstream"},
                        Case{absl::FailedPreconditionError("x"), 400, "downstream"},
                        Case{absl::NotFoundError("x"), 404, "downstream"},
                        Case{absl::PermissionDeniedError("x"), 403, "downstream"},
                        Case{absl::DeadlineExceededError("x"), 504, "downstream"},
                        Case{absl::CancelledError("x"), 499, "downstream"},
                        Case{absl::ResourceExhaustedError("x"), 429, "plugin"},
                        Case{absl::UnimplementedError("x"), 501, "plugin"},
                        Case{absl::InternalError("x"), 500, "plugin"},
                        Case{absl::UnknownError("x"), 500, "plugin"}}) {
    const ErrorReply reply = ToErrorReply(c.status);
    EXPECT_EQ(reply.status, c.code) << c.status;
    EXPECT_EQ(reply.source, c.source) << c.status;
  }
}

TEST(ErrorTableTest, TheTextIsValidBoundedOneLineAndNeverEmpty) {
  const ErrorReply reply =
      ToErrorReply(absl::InternalError("a\nb\xff" + std::string(100'000, 'x')));
  EXPECT_TRUE(IsValidUtf8(reply.text));
  EXPECT_LT(reply.text.size(), 2000u);
  EXPECT_EQ(reply.text.find('\n'), std::string::npos);
  EXPECT_FALSE(ToErrorReply(absl::InternalError("")).text.empty());
}

}  // namespace
}  // namespace spanlog::query
