// The services over a real gRPC socket, with a double behind them.
#include "host/server.h"

#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <stdexcept>
#include <thread>

#include "base/text.h"
#include "host/resources/routes.h"
#include "host/socket_dir.h"
#include "tests/unit/host/fakes.h"

namespace spanlog::host {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using ::testing::HasSubstr;

constexpr char kId[] = "0af7651916cd43dd8448eb211c80319c";

bool Eventually(const std::function<bool()>& condition) {
  for (int i = 0; i < 1000; ++i) {
    if (condition()) return true;
    std::this_thread::sleep_for(milliseconds(10));
  }
  return false;
}

class ServerTest : public ::testing::Test {
 protected:
  ServerTest() : core_(opener_.Function(), "1.2.3", AllRoutes()), server_(core_) {
    socket_ = *SocketDir::Create(LaunchEnvironment{});
    const std::string address = "unix:" + socket_->socket_path();
    EXPECT_TRUE(server_.Start(address).ok());
    grpc::ChannelArguments arguments;
    arguments.SetMaxReceiveMessageSize(-1);
    channel_ = grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
    data_ = pluginv2::Data::NewStub(channel_);
    diagnostics_ = pluginv2::Diagnostics::NewStub(channel_);
    resource_ = pluginv2::Resource::NewStub(channel_);
  }

  static void SetContext(pluginv2::PluginContext& context) {
    context.set_orgid(1);
    context.mutable_user()->set_login("reader");
    context.mutable_user()->set_role("Viewer");
    context.mutable_datasourceinstancesettings()->set_uid("spanlog");
    context.mutable_datasourceinstancesettings()->set_url("http://tempo");
  }

  static pluginv2::QueryDataRequest Request(const std::vector<std::string>& ref_ids) {
    pluginv2::QueryDataRequest request;
    SetContext(*request.mutable_plugincontext());
    for (const std::string& ref_id : ref_ids) {
      auto* query = request.add_queries();
      query->set_refid(ref_id);
      query->set_json(Concat("{\"query\":\"", kId, "\"}"));
      query->mutable_timerange()->set_fromepochms(1);
      query->mutable_timerange()->set_toepochms(2);
    }
    return request;
  }

  std::pair<int, std::string> CallResource(const std::string& path, const std::string& url,
                                           const std::string& method = "GET") {
    grpc::ClientContext context;
    pluginv2::CallResourceRequest request;
    SetContext(*request.mutable_plugincontext());
    request.set_path(path);
    request.set_url(url);
    request.set_method(method);
    auto reader = resource_->CallResource(&context, request);
    pluginv2::CallResourceResponse response;
    std::pair<int, std::string> result{0, ""};
    while (reader->Read(&response)) {
      if (result.first == 0) result.first = response.code();
      result.second += response.body();
    }
    EXPECT_TRUE(reader->Finish().ok());
    return result;
  }

  FakeOpener opener_;
  std::unique_ptr<SocketDir> socket_;
  Core core_;
  Server server_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<pluginv2::Data::Stub> data_;
  std::unique_ptr<pluginv2::Diagnostics::Stub> diagnostics_;
  std::unique_ptr<pluginv2::Resource::Stub> resource_;
};

TEST_F(ServerTest, AnswersEveryQueryOfARequest) {
  grpc::ClientContext context;
  pluginv2::QueryDataResponse response;
  ASSERT_TRUE(data_->QueryData(&context, Request({"A", "B"}), &response).ok());

  ASSERT_EQ(response.responses_size(), 2);
  EXPECT_EQ(response.responses().at("A").status(), 200);
  EXPECT_EQ(response.responses().at("A").frames(0), std::string("frame of A ") + kId);
  EXPECT_EQ(response.responses().at("B").frames(0), std::string("frame of B ") + kId);
}

TEST_F(ServerTest, OneBadQueryHarmsNoNeighbour) {
  opener_.prepare = [](FakeBackend& backend) {
    backend.run = [](const auto&, const auto& ref_id, const auto&,
                     const auto&) -> absl::StatusOr<query::Answer> {
      if (ref_id == "throws") throw std::runtime_error("boom");
      if (ref_id == "throws int") throw 1;
      if (ref_id == "memory") throw std::bad_alloc();
      if (ref_id == "fails") return absl::NotFoundError("no such trace");
      return query::Answer{{Rope("frame")}};
    };
  };
  pluginv2::QueryDataRequest request =
      Request({"throws", "throws int", "memory", "fails", "good", "json", "type"});
  request.mutable_queries(5)->set_json("{");
  request.mutable_queries(6)->set_querytype("telepathy");
  grpc::ClientContext context;
  pluginv2::QueryDataResponse response;
  ASSERT_TRUE(data_->QueryData(&context, request, &response).ok());

  const auto& responses = response.responses();
  ASSERT_EQ(responses.size(), 7u);
  EXPECT_EQ(responses.at("good").status(), 200);
  EXPECT_EQ(responses.at("good").error(), "");
  for (const char* bug : {"throws", "throws int", "memory"}) {
    EXPECT_EQ(responses.at(bug).status(), 500) << bug;
    EXPECT_EQ(responses.at(bug).errorsource(), "plugin") << bug;
    EXPECT_NE(responses.at(bug).error(), "") << bug;
  }
  EXPECT_EQ(responses.at("fails").status(), 404);
  EXPECT_EQ(responses.at("json").status(), 400);
  EXPECT_EQ(responses.at("type").status(), 400);
  EXPECT_THAT(responses.at("type").error(), HasSubstr("telepathy"));
}

TEST_F(ServerTest, BadSettingsAreTheErrorOfEachQuery) {
  pluginv2::QueryDataRequest request = Request({"A", "B"});
  request.mutable_plugincontext()->mutable_datasourceinstancesettings()->set_jsondata("[1");
  grpc::ClientContext context;
  pluginv2::QueryDataResponse response;
  ASSERT_TRUE(data_->QueryData(&context, request, &response).ok());
  for (const char* ref_id : {"A", "B"}) {
    EXPECT_EQ(response.responses().at(ref_id).status(), 400);
    EXPECT_THAT(response.responses().at(ref_id).error(), HasSubstr("jsonData"));
  }
}

TEST_F(ServerTest, TellsABackendWhoReadsAndWhatMayBeForwarded) {
  query::Reader reader;
  stores::RequestContext seen;
  settings::Query asked;
  opener_.prepare = [&](FakeBackend& backend) {
    backend.run = [&](const auto& query, const auto&, const auto& who, const auto& context) {
      asked = query;
      reader = who;
      seen = context;
      return query::Answer{};
    };
  };
  pluginv2::QueryDataRequest request = Request({"A"});
  request.mutable_plugincontext()->mutable_datasourceinstancesettings()->set_jsondata(
      R"({"oauthPassThru":true})");
  (*request.mutable_headers())["Authorization"] = "Bearer t";
  (*request.mutable_headers())["Cookie"] = "a=b";
  (*request.mutable_headers())["FromAlert"] = "true";
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
  pluginv2::QueryDataResponse response;
  ASSERT_TRUE(data_->QueryData(&context, request, &response).ok());

  EXPECT_EQ(reader.login, "reader");
  EXPECT_EQ(reader.role, "Viewer");
  EXPECT_TRUE(reader.from_alert);
  EXPECT_EQ(asked.from_ms, 1);
  EXPECT_EQ(asked.to_ms, 2);
  ASSERT_EQ(seen.forwarded_headers.size(), 1u);
  EXPECT_EQ(seen.forwarded_headers[0].second, "Bearer t");
  EXPECT_TRUE(seen.forwarded_log_headers.empty());
  EXPECT_GT(seen.deadline_ms, 10'000);
  EXPECT_LE(seen.deadline_ms, 20'500);  // gRPC rounds it; half a second is kept for the answer
}

TEST_F(ServerTest, CancellingACallCancelsItsQueries) {
  std::atomic<int> started{0};
  std::atomic<int> cancelled{0};
  opener_.prepare = [&](FakeBackend& backend) {
    backend.run = [&](const auto&, const auto&, const auto&,
                      const stores::RequestContext& context) -> absl::StatusOr<query::Answer> {
      ++started;
      while (!context.cancellation->cancelled()) std::this_thread::sleep_for(milliseconds(1));
      ++cancelled;
      return absl::CancelledError("cancelled");
    };
  };
  grpc::ClientContext context;
  pluginv2::QueryDataResponse response;
  auto call = std::async(std::launch::async, [&] {
    return data_->QueryData(&context, Request({"A", "B"}), &response);
  });
  ASSERT_TRUE(Eventually([&] { return started == 2; }));

  const auto begin = steady_clock::now();
  context.TryCancel();

  EXPECT_EQ(call.get().error_code(), grpc::StatusCode::CANCELLED);
  EXPECT_TRUE(Eventually([&] { return cancelled == 2; }));
  EXPECT_LT(steady_clock::now() - begin, std::chrono::seconds(1));
}

TEST_F(ServerTest, ADeadlineCancelsItsQueries) {
  std::atomic<bool> cancelled{false};
  opener_.prepare = [&](FakeBackend& backend) {
    backend.run = [&](const auto&, const auto&, const auto&,
                      const stores::RequestContext& context) -> absl::StatusOr<query::Answer> {
      while (!context.cancellation->cancelled()) std::this_thread::sleep_for(milliseconds(1));
      cancelled = true;
      return absl::CancelledError("cancelled");
    };
  };
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + milliseconds(100));
  pluginv2::QueryDataResponse response;
  EXPECT_EQ(data_->QueryData(&context, Request({"A"}), &response).error_code(),
            grpc::StatusCode::DEADLINE_EXCEEDED);
  EXPECT_TRUE(Eventually([&] { return cancelled.load(); }));
}

TEST_F(ServerTest, TwoHundredSlowQueriesAreInFlightAtOnce) {
  std::atomic<int> inside{0};
  std::atomic<bool> open{false};
  opener_.prepare = [&](FakeBackend& backend) {
    backend.run = [&](const auto&, const auto&, const auto&, const auto&) {
      ++inside;
      while (!open) std::this_thread::sleep_for(milliseconds(5));
      return query::Answer{{Rope("x")}};
    };
  };
  std::vector<std::string> ref_ids;
  for (int i = 0; i < 200; ++i) ref_ids.push_back(Concat("Q", i));
  grpc::ClientContext context;
  pluginv2::QueryDataResponse response;
  auto call = std::async(std::launch::async,
                         [&] { return data_->QueryData(&context, Request(ref_ids), &response); });
  EXPECT_TRUE(Eventually([&] { return inside == 200; })) << inside;
  open = true;
  EXPECT_TRUE(call.get().ok());
  EXPECT_EQ(response.responses_size(), 200);
}

TEST_F(ServerTest, ADatasourceRunsNoMoreQueriesAtOnceThanItsLimit) {
  std::atomic<int> inside{0};
  std::atomic<int> most{0};
  opener_.prepare = [&](FakeBackend& backend) {
    backend.run = [&](const auto&, const auto&, const auto&, const auto&) {
      const int now = ++inside;
      int seen = most;
      while (now > seen && !most.compare_exchange_weak(seen, now)) {
      }
      std::this_thread::sleep_for(milliseconds(5));
      --inside;
      return query::Answer{{Rope("x")}};
    };
  };
  std::vector<std::string> ref_ids;
  for (int i = 0; i < 20; ++i) ref_ids.push_back(Concat("Q", i));
  pluginv2::QueryDataRequest request = Request(ref_ids);
  request.mutable_plugincontext()->mutable_datasourceinstancesettings()->set_jsondata(
      R"({"limits":{"concurrentQueries":3}})");
  grpc::ClientContext context;
  pluginv2::QueryDataResponse response;
  ASSERT_TRUE(data_->QueryData(&context, request, &response).ok());
  EXPECT_EQ(response.responses_size(), 20);
  EXPECT_LE(most, 3);
  EXPECT_GE(most, 1);
}

TEST_F(ServerTest, TakesLargeRequestsAndGivesLargeAnswers) {
  opener_.prepare = [&](FakeBackend& backend) {
    backend.run = [](const auto&, const auto&, const auto&, const auto&) {
      return query::Answer{{std::string(40 << 20, 'f')}};
    };
  };
  pluginv2::QueryDataRequest request = Request({"A"});
  request.mutable_queries(0)->set_json(
      Concat("{\"query\":\"", kId, "\",\"padding\":\"", std::string(20 << 20, 'x'), "\"}"));
  grpc::ClientContext context;
  pluginv2::QueryDataResponse response;
  const grpc::Status status = data_->QueryData(&context, request, &response);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(response.responses().at("A").frames(0).size(), 40u << 20);
}

TEST_F(ServerTest, ChunkedQueriesAreLeftToQueryData) {
  grpc::ClientContext context;
  auto reader = data_->QueryChunkedData(&context, pluginv2::QueryChunkedDataRequest());
  pluginv2::QueryChunkedDataResponse response;
  EXPECT_FALSE(reader->Read(&response));
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::UNIMPLEMENTED);
}

TEST_F(ServerTest, HealthAsksBothStoresAtOnce) {
  std::promise<void> traces, logs;
  opener_.prepare = [&](FakeBackend& backend) {
    // Each waits for the other: one after the other would never end.
    backend.trace_store->health = [&](const auto&) {
      traces.set_value();
      return logs.get_future().wait_for(std::chrono::seconds(5)) == std::future_status::ready
                 ? absl::OkStatus()
                 : absl::InternalError("alone");
    };
    backend.log_store->health = [&](const auto& context) {
      logs.set_value();
      EXPECT_LE(context.deadline_ms, 10'000);
      return traces.get_future().wait_for(std::chrono::seconds(5)) == std::future_status::ready
                 ? absl::OkStatus()
                 : absl::InternalError("alone");
    };
  };
  grpc::ClientContext context;
  pluginv2::CheckHealthRequest request;
  SetContext(*request.mutable_plugincontext());
  pluginv2::CheckHealthResponse response;
  ASSERT_TRUE(diagnostics_->CheckHealth(&context, request, &response).ok());
  EXPECT_EQ(response.status(), pluginv2::CheckHealthResponse::OK) << response.message();
}

TEST_F(ServerTest, HealthNeverFailsAsACall) {
  opener_.prepare = [](FakeBackend& backend) {
    backend.trace_store->health = [](const auto&) -> absl::Status {
      throw std::runtime_error("boom");
    };
  };
  pluginv2::CheckHealthRequest request;
  SetContext(*request.mutable_plugincontext());
  for (const char* json : {"{}", "{", R"({"traceStore":"x"})"}) {
    request.mutable_plugincontext()->mutable_datasourceinstancesettings()->set_jsondata(json);
    grpc::ClientContext context;
    pluginv2::CheckHealthResponse response;
    ASSERT_TRUE(diagnostics_->CheckHealth(&context, request, &response).ok());
    EXPECT_EQ(response.status(), pluginv2::CheckHealthResponse::ERROR);
    EXPECT_GT(response.message().size(), 10u);
    EXPECT_EQ(response.jsondetails()[0], '{');
  }
}

TEST_F(ServerTest, MetricsCountQueries) {
  grpc::ClientContext query_context;
  pluginv2::QueryDataResponse answer;
  ASSERT_TRUE(data_->QueryData(&query_context, Request({"A"}), &answer).ok());
  grpc::ClientContext context;
  pluginv2::CollectMetricsResponse response;
  ASSERT_TRUE(
      diagnostics_->CollectMetrics(&context, pluginv2::CollectMetricsRequest(), &response).ok());
  EXPECT_THAT(response.metrics().prometheus(),
              HasSubstr("spanlog_queries_total{kind=\"trace\",status=\"ok\"}"));
  EXPECT_THAT(response.metrics().prometheus(), HasSubstr("process_cpu_seconds_total"));
}

TEST_F(ServerTest, ResourcesAnswerWithACodeWhateverHappens) {
  opener_.prepare = [](FakeBackend& backend) {
    backend.trace_store->list = [](const std::string& what,
                                   const auto&) -> absl::StatusOr<std::vector<std::string>> {
      if (what == "services") throw std::runtime_error("boom");
      if (what == "tags") return absl::UnavailableError("Tempo is gone");
      return std::vector<std::string>{what};
    };
  };
  EXPECT_EQ(CallResource("tag-values", "tag-values?tag=a%20b"),
            std::make_pair(200, std::string(R"({"values":["values of a b"]})")));
  EXPECT_EQ(CallResource("nothing", "nothing?x=1").first, 404);
  EXPECT_EQ(CallResource("", "").first, 404);
  EXPECT_EQ(CallResource("tags", "tags").first, 502);
  EXPECT_EQ(CallResource("services", "services").first, 500);
  EXPECT_EQ(CallResource("tag-values", "tag-values").first, 400);
  EXPECT_EQ(CallResource("tags", "tags", "POST").first, 405);
}

TEST_F(ServerTest, ShutdownIsAnsweredAtOnceAndActedUpon) {
  std::promise<void> asked;
  core_.on_shutdown = [&] { asked.set_value(); };
  grpc::ClientContext context;
  plugin::Empty response;
  ASSERT_TRUE(plugin::GRPCController::NewStub(channel_)
                  ->Shutdown(&context, plugin::Empty(), &response)
                  .ok());
  EXPECT_EQ(asked.get_future().wait_for(std::chrono::seconds(5)), std::future_status::ready);
}

TEST_F(ServerTest, StoppingCancelsWhatHangs) {
  std::atomic<bool> started{false};
  opener_.prepare = [&](FakeBackend& backend) {
    backend.run = [&](const auto&, const auto&, const auto&,
                      const stores::RequestContext& context) -> absl::StatusOr<query::Answer> {
      started = true;
      while (!context.cancellation->cancelled()) std::this_thread::sleep_for(milliseconds(1));
      return absl::CancelledError("cancelled");
    };
  };
  grpc::ClientContext context;
  pluginv2::QueryDataResponse response;
  auto call = std::async(std::launch::async,
                         [&] { return data_->QueryData(&context, Request({"A"}), &response); });
  ASSERT_TRUE(Eventually([&] { return started.load(); }));
  const auto begin = steady_clock::now();
  server_.Stop(milliseconds(50));
  EXPECT_LT(steady_clock::now() - begin, std::chrono::seconds(2));
  EXPECT_FALSE(call.get().ok());
}

}  // namespace
}  // namespace spanlog::host
