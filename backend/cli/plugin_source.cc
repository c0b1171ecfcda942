#include <grpcpp/grpcpp.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/text.h"
#include "base/utf8.h"
#include "cli/plugin_process.h"
#include "cli/source.h"
#include "frame/arrow_reader.h"
#include "proto/goplugin.grpc.pb.h"
#include "proto/pluginv2.grpc.pb.h"

namespace spanlog::cli {
namespace {

constexpr int kHandshakeMs = 10'000;

class PluginSource : public Source {
 public:
  PluginSource(std::unique_ptr<PluginProcess> process, const Options& options)
      : process_(std::move(process)), options_(options) {
    grpc::ChannelArguments arguments;
    arguments.SetMaxReceiveMessageSize(-1);
    // Answers come over a local socket: no proxy has a part in it.
    arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
    channel_ = grpc::CreateCustomChannel(process_->target(), grpc::InsecureChannelCredentials(),
                                         arguments);
  }

  ~PluginSource() override {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(1));
    plugin::Empty reply;
    // A process that does not answer is killed.
    (void)plugin::GRPCController::NewStub(channel_)->Shutdown(&context, {}, &reply);
    channel_.reset();
  }

  absl::StatusOr<frame::FrameColumns> Trace() override {
    pluginv2::QueryDataRequest request;
    FillContext(*request.mutable_plugincontext());
    pluginv2::DataQuery& query = *request.add_queries();
    query.set_refid("A");
    query.set_maxdatapoints(100);
    query.set_intervalms(1000);
    query.set_json(MakeQueryJson(options_));
    grpc::ClientContext context;
    SetDeadline(context);
    pluginv2::QueryDataResponse answer;
    const grpc::Status status =
        pluginv2::Data::NewStub(channel_)->QueryData(&context, request, &answer);
    if (!status.ok()) return RpcError("QueryData", status);
    const auto found = answer.responses().find("A");
    if (found == answer.responses().end()) {
      return absl::InternalError("the plugin answered another query than it was asked");
    }
    if (!found->second.error().empty()) {
      return absl::UnknownError(ToValidUtf8(found->second.error()));
    }
    if (found->second.frames().empty()) return absl::NotFoundError("the answer holds no frame");
    return frame::ReadArrowFile(found->second.frames(0));
  }

  absl::StatusOr<std::string> Document(exports::Format format) override {
    pluginv2::CallResourceRequest request;
    FillContext(*request.mutable_plugincontext());
    request.set_path("transcript");
    request.set_method("GET");
    std::string url =
        Concat("transcript?traceId=", options_.trace_id, "&format=", exports::FormatWord(format));
    if (options_.history) Append(url, "&history=", *options_.history);
    request.set_url(url);
    grpc::ClientContext context;
    SetDeadline(context);
    const auto stream = pluginv2::Resource::NewStub(channel_)->CallResource(&context, request);
    std::string body;
    int code = 0;
    pluginv2::CallResourceResponse part;
    while (stream->Read(&part)) {
      if (code == 0) code = part.code();
      body += part.body();
    }
    const grpc::Status status = stream->Finish();
    if (!status.ok()) return RpcError("CallResource", status);
    if (code == 200) return body;
    const auto json = nlohmann::json::parse(body, nullptr, false);
    const bool told = json.is_object() && json.contains("error") && json["error"].is_string();
    return absl::UnknownError(told ? json["error"].get<std::string>()
                                   : Concat("the plugin's transcript answered ", code));
  }

 private:
  void FillContext(pluginv2::PluginContext& context) const {
    const settings::RawSettings raw = MakeRawSettings(options_);
    context.set_orgid(1);
    context.set_pluginid("spanlog-trace-datasource");
    context.set_useragent("Grafana/12.4.0 (linux; amd64)");
    context.mutable_user()->set_login("spanlog");
    context.mutable_user()->set_role("Admin");
    pluginv2::DataSourceInstanceSettings& datasource =
        *context.mutable_datasourceinstancesettings();
    datasource.set_id(1);
    datasource.set_uid(raw.uid);
    datasource.set_name("Spanlog");
    datasource.set_url(raw.url);
    datasource.set_jsondata(raw.json_data);
    for (const auto& [name, value] : raw.secrets) {
      (*datasource.mutable_decryptedsecurejsondata())[name] = ToValidUtf8(value);
    }
  }

  void SetDeadline(grpc::ClientContext& context) const {
    context.set_deadline(std::chrono::system_clock::now() +
                         std::chrono::seconds(options_.timeout_s));
  }

  absl::Status RpcError(const char* rpc, const grpc::Status& status) const {
    return absl::UnavailableError(Concat(rpc, " failed (", static_cast<int>(status.error_code()),
                                         "): ", ToValidUtf8(status.error_message()),
                                         process_->Complaints()));
  }

  std::unique_ptr<PluginProcess> process_;
  const Options options_;
  std::shared_ptr<grpc::Channel> channel_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Source>> OpenPlugin(const Options& options) {
  absl::StatusOr<std::unique_ptr<PluginProcess>> process =
      PluginProcess::Start(options.plugin, kHandshakeMs);
  if (!process.ok()) return process.status();
  return std::make_unique<PluginSource>(*std::move(process), options);
}

}  // namespace spanlog::cli
