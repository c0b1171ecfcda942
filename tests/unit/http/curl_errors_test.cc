#include "http/curl_errors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/errors.h"

namespace spanlog::http {
namespace {

using absl::StatusCode;
using testing::HasSubstr;

absl::Status Of(CURLcode code, std::string_view detail = "") {
  Failure failure;
  failure.code = code;
  failure.who = "http://tempo:3200";
  failure.detail = detail;
  return FailureToStatus(failure);
}

std::string Text(const absl::Status& status) { return std::string(status.message()); }

TEST(CurlErrorsTest, EveryFailureIsDownstreamAndNamesTheServer) {
  for (int code = 1; code < CURL_LAST; ++code) {
    const absl::Status status = Of(static_cast<CURLcode>(code));
    EXPECT_FALSE(status.ok());
    EXPECT_TRUE(IsDownstream(status));
    EXPECT_EQ(Text(status).rfind("http://tempo:3200: ", 0), 0u) << status;
  }
}

TEST(CurlErrorsTest, MapsNetworkFailuresToUnavailable) {
  for (const CURLcode code : {CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_CONNECT, CURLE_GOT_NOTHING,
                              CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_PROXY}) {
    EXPECT_EQ(Of(code).code(), StatusCode::kUnavailable) << code;
  }
}

TEST(CurlErrorsTest, MapsTlsFailuresToFailedPrecondition) {
  for (const CURLcode code : {CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION,
                              CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER}) {
    EXPECT_EQ(Of(code).code(), StatusCode::kFailedPrecondition) << code;
  }
  EXPECT_EQ(Of(CURLE_RECV_ERROR, "tlsv13 alert certificate required").code(),
            StatusCode::kFailedPrecondition);
}

TEST(CurlErrorsTest, AdvisesOnTheHandshake) {
  EXPECT_THAT(Text(Of(CURLE_SSL_CONNECT_ERROR, "Recv failure: Connection reset by peer")),
              HasSubstr("may not speak TLS"));
  EXPECT_THAT(Text(Of(CURLE_SSL_CONNECT_ERROR, "wrong version number")), HasSubstr("try http://"));
  EXPECT_THAT(Text(Of(CURLE_SSL_CONNECT_ERROR, "sslv3 alert handshake failure")),
              HasSubstr("client certificate"));
}

TEST(CurlErrorsTest, SaysThatTheMachineHasNoCertificates) {
  Failure failure;
  failure.code = CURLE_PEER_FAILED_VERIFICATION;
  failure.system_roots = false;
  EXPECT_THAT(Text(FailureToStatus(failure)), HasSubstr("install ca-certificates"));
}

TEST(CurlErrorsTest, WritesDurationsAsPeopleDo) {
  EXPECT_EQ(Milliseconds(0), "0 ms");
  EXPECT_EQ(Milliseconds(999), "999 ms");
  EXPECT_EQ(Milliseconds(1500), "1.5 s");
  EXPECT_EQ(Milliseconds(30'000), "30 s");
}

}  // namespace
}  // namespace spanlog::http
