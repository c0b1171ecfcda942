#include "host/query_response.h"

#include <gtest/gtest.h>

#include "grpcpp/impl/codegen/proto_utils.h"
#include "proto/pluginv2.pb.h"

namespace spanlog::host {
namespace {

pluginv2::QueryDataResponse Decode(grpc::ByteBuffer buffer) {
  pluginv2::QueryDataResponse response;
  const grpc::Status status =
      grpc::SerializationTraits<pluginv2::QueryDataResponse>::Deserialize(&buffer, &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return response;
}

TEST(QueryResponseTest, IsWhatProtobufWouldWrite) {
  QueryResult good;
  Rope pieces(std::string(60'000, '\0'));
  pieces.Append(std::string(40'000, '\0'));
  good.frames = {Rope(), std::string(300, 'x'), pieces};
  QueryResult bad;
  bad.status = 502;
  bad.error = "Tempo is gone";
  bad.error_source = "downstream";

  const auto response = Decode(EncodeQueryResponse({{"A", good}, {"B", bad}, {"", QueryResult{}}}));

  ASSERT_EQ(response.responses_size(), 3);
  const auto& a = response.responses().at("A");
  EXPECT_EQ(a.status(), 200);
  ASSERT_EQ(a.frames_size(), 3);
  EXPECT_EQ(a.frames(0), "");
  EXPECT_EQ(a.frames(1), std::string(300, 'x'));
  EXPECT_EQ(a.frames(2), std::string(100'000, '\0'));
  EXPECT_EQ(a.error(), "");
  EXPECT_EQ(a.format(), pluginv2::ARROW);
  const auto& b = response.responses().at("B");
  EXPECT_EQ(b.status(), 502);
  EXPECT_EQ(b.error(), "Tempo is gone");
  EXPECT_EQ(b.errorsource(), "downstream");
  EXPECT_EQ(response.responses().at("").status(), 200);
}

TEST(QueryResponseTest, OfNoQueriesIsEmpty) {
  EXPECT_EQ(Decode(EncodeQueryResponse({})).responses_size(), 0);
}

}  // namespace
}  // namespace spanlog::host
