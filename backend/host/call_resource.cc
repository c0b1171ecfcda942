#include "host/call_resource.h"

#include <exception>
#include <utility>

#include "base/metrics.h"
#include "base/text.h"
#include "host/log.h"
#include "host/request.h"

namespace spanlog::host {
namespace {

class ResourceCall final : public grpc::ServerWriteReactor<pluginv2::CallResourceResponse> {
 public:
  ResourceCall(Core& core, const pluginv2::CallResourceRequest& request)
      : core_(core), request_(request) {}

  void Start(const grpc::CallbackServerContext& call) {
    facts_ = FactsOf(call, request_.plugincontext(), request_.headers());
    parsed_ = ParseResourceRequest(request_.method(), request_.path(), request_.url());
    route_ = FindRoute(core_.routes, parsed_.path);
    if (route_ == nullptr)
      return Reply(ErrorReplyJson(404, "Spanlog has no such resource; see docs/resources.md"));
    if (parsed_.method != "GET" && parsed_.method != "HEAD") {
      return Reply(ErrorReplyJson(405, "this resource can only be read (GET)"));
    }
    if (!core_.pool.Submit([this] { Reply(Handle()); })) {
      Reply(ErrorReplyJson(503, "Spanlog is too busy; try again in a moment"));
    }
  }

  void OnWriteDone(bool ok) override { Finish(ok ? grpc::Status::OK : grpc::Status::CANCELLED); }
  void OnCancel() override { facts_.cancellation->Cancel(); }
  void OnDone() override { delete this; }

 private:
  ResourceReply Handle() {
    try {
      if (absl::Status status = CheckStillWanted(facts_); !status.ok())
        return ErrorReplyJson(status);
      absl::StatusOr<Instance> instance =
          core_.instances.Get(request_.plugincontext(), facts_.tenant);
      if (!instance.ok()) return ErrorReplyJson(instance.status());
      absl::StatusOr<ResourceReply> reply = route_->handler(parsed_, *instance->backend, facts_);
      if (!reply.ok()) return ErrorReplyJson(reply.status());
      return *std::move(reply);
    } catch (const std::exception& e) {
      return ErrorReplyJson(
          500, Concat("Spanlog has a bug in this resource: ", std::string_view(e.what())));
    } catch (...) {
      return ErrorReplyJson(500, "Spanlog has a bug in this resource");
    }
  }

  void Reply(ResourceReply reply) {
    const std::string_view endpoint = route_ == nullptr ? "unknown" : route_->path;
    AllMetrics().resource_calls.With({endpoint, Concat(reply.code / 100, "xx")}).Add();
    if (reply.code >= 400 && route_ != nullptr) {
      Log(LogLevel::kWarn, "resource call failed",
          {{"endpoint", endpoint},
           {"status", static_cast<int64_t>(reply.code)},
           {"error", std::string_view(reply.body)},
           {"traceId", std::string_view(facts_.trace_id)}});
    }
    response_.set_code(reply.code);
    (*response_.mutable_headers())["Content-Type"].add_values(std::move(reply.content_type));
    response_.set_body(std::move(reply.body));
    StartWrite(&response_);
  }

  Core& core_;
  const pluginv2::CallResourceRequest& request_;  // gRPC keeps it until OnDone
  RequestFacts facts_;
  ResourceRequest parsed_;
  const Route* route_ = nullptr;
  pluginv2::CallResourceResponse response_;
};

}  // namespace

grpc::ServerWriteReactor<pluginv2::CallResourceResponse>* ResourceService::CallResource(
    grpc::CallbackServerContext* call, const pluginv2::CallResourceRequest* request) {
  auto* reactor = new ResourceCall(core_, *request);
  reactor->Start(*call);
  return reactor;
}

}  // namespace spanlog::host
