#include "bench/plugin_client.h"

#include <chrono>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "base/text.h"
#include "bench/floors.h"
#include "frame/arrow_reader.h"
#include "grpcpp/impl/codegen/proto_utils.h"
#include "proto/goplugin.grpc.pb.h"
#include "proto/pluginv2.grpc.pb.h"

namespace spanlog::bench {
namespace {

using Clock = std::chrono::steady_clock;

double Since(Clock::time_point begin) {
  return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

}  // namespace

PluginClient::PluginClient(const std::string& executable) {
  const Clock::time_point begin = Clock::now();
  auto process = cli::PluginProcess::Start(executable, 10'000);
  if (!process.ok()) throw std::runtime_error(std::string(process.status().message()));
  start_ms_ = Since(begin);
  process_ = *std::move(process);
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(-1);
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  channel_ =
      grpc::CreateCustomChannel(process_->target(), grpc::InsecureChannelCredentials(), arguments);
  stub_ = std::make_unique<grpc::GenericStub>(channel_);
}

PluginClient::~PluginClient() {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(1));
  plugin::Empty reply;
  // A process that does not answer is killed.
  (void)plugin::GRPCController::NewStub(channel_)->Shutdown(&context, {}, &reply);
}

std::string PluginClient::MakeRequest(const Target& target) {
  pluginv2::QueryDataRequest request;
  pluginv2::PluginContext& context = *request.mutable_plugincontext();
  context.set_orgid(1);
  context.set_pluginid("spanlog-trace-datasource");
  context.set_useragent("Grafana/12.4.0 (linux; amd64)");
  context.mutable_user()->set_login("bench");
  context.mutable_user()->set_role("Admin");
  pluginv2::DataSourceInstanceSettings& datasource = *context.mutable_datasourceinstancesettings();
  datasource.set_id(1);
  datasource.set_uid("bench");
  datasource.set_name("Spanlog");
  datasource.set_url(target.trace_url);
  nlohmann::json settings = {
      {"traceStore", StoreWord(target.store)},
      {"timeout", 120},
      {"limits", {{"frameBytes", 1 << 30}, {"spans", 1'000'000}}},
      {"logs", {{"url", target.log_url}, {"maxRecords", target.max_records}}}};
  datasource.set_jsondata(settings.dump());
  pluginv2::DataQuery& query = *request.add_queries();
  query.set_refid("A");
  query.set_maxdatapoints(100);
  query.set_intervalms(1000);
  query.mutable_timerange()->set_fromepochms(target.from_ms);
  query.mutable_timerange()->set_toepochms(target.to_ms);
  query.set_json(nlohmann::json({{"query", target.trace_id}, {"queryType", "traceql"}}).dump());
  return request.SerializeAsString();
}

PluginClient::Answer PluginClient::Query() {
  const grpc::Slice slice(request_);
  const grpc::ByteBuffer request(&slice, 1);
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(120));
  grpc::CompletionQueue queue;
  Answer answer;
  grpc::Status status;
  const Clock::time_point begin = Clock::now();
  const auto call = stub_->PrepareUnaryCall(&context, "/pluginv2.Data/QueryData", request, &queue);
  call->StartCall();
  call->Finish(&answer.bytes, &status, nullptr);
  void* tag = nullptr;
  bool ok = false;
  queue.Next(&tag, &ok);
  answer.wall_ms = Since(begin);
  if (!status.ok()) throw std::runtime_error("the query failed: " + status.error_message());
  return answer;
}

Frame ReadFrame(const grpc::ByteBuffer& answer) {
  grpc::ByteBuffer copy = answer;
  pluginv2::QueryDataResponse response;
  const grpc::Status status =
      grpc::SerializationTraits<pluginv2::QueryDataResponse>::Deserialize(&copy, &response);
  const auto found = response.responses().find("A");
  if (!status.ok() || found == response.responses().end()) throw std::runtime_error("no answer");
  if (!found->second.error().empty()) throw std::runtime_error(found->second.error());
  const auto columns = frame::ReadArrowFile(found->second.frames(0));
  if (!columns.ok()) throw std::runtime_error(std::string(columns.status().message()));
  return {columns->rows(), found->second.frames(0).size()};
}

}  // namespace spanlog::bench
