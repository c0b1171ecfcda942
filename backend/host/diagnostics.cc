#include "host/diagnostics.h"

#include <atomic>
#include <exception>
#include <utility>

#include "base/metrics.h"
#include "base/text.h"
#include "host/health.h"
#include "host/log.h"
#include "host/process_metrics.h"
#include "host/request.h"

namespace spanlog::host {
namespace {

// "Save & test" has a person waiting.
constexpr int64_t kHealthMs = 10'000;

template <typename Ask>
absl::Status AskWithoutThrowing(Ask ask) {
  try {
    return ask();
  } catch (const std::exception& e) {
    return absl::InternalError(
        Concat("Spanlog has a bug in its health check: ", std::string_view(e.what())));
  } catch (...) {
    return absl::InternalError("Spanlog has a bug in its health check.");
  }
}

class CheckHealthCall final : public grpc::ServerUnaryReactor {
 public:
  CheckHealthCall(Core& core, pluginv2::CheckHealthResponse* response)
      : core_(core), response_(response) {}

  void Start(const grpc::CallbackServerContext& call, const pluginv2::CheckHealthRequest& request) {
    facts_ = FactsOf(call, request.plugincontext(), request.headers());
    absl::StatusOr<Instance> instance = core_.instances.Get(request.plugincontext(), facts_.tenant);
    if (!instance.ok()) return Reply(ReportOf(instance.status()));
    backend_ = instance->backend;
    const stores::RequestContext context = ContextOf(facts_, backend_->settings(), kHealthMs);
    if (stores::TraceStore* store = backend_->traces()) {
      Ask(traces_, store->name(), [store, context] { return store->CheckHealth(context); });
    }
    if (stores::LogStore* store = backend_->logs()) {
      Ask(logs_, "Loki", [store, logs = context.ForLogs()] { return store->CheckHealth(logs); });
    }
    EndOne();
  }

  void OnCancel() override { facts_.cancellation->Cancel(); }
  void OnDone() override { delete this; }

 private:
  template <typename AskStore>
  void Ask(StoreHealth& health, std::string_view name, AskStore ask) {
    health.name = std::string(name);
    left_.fetch_add(1);
    const bool runs = core_.pool.Submit([this, &health, ask = std::move(ask)] {
      health.status = AskWithoutThrowing(ask);
      EndOne();
    });
    if (runs) return;
    health.status =
        absl::ResourceExhaustedError("Spanlog is too busy to check; try again in a moment.");
    EndOne();
  }

  // After the last call of it, *this may be gone.
  void EndOne() {
    if (left_.fetch_sub(1, std::memory_order_acq_rel) == 1) Reply(ReportOf(traces_, logs_));
  }

  void Reply(const HealthReport& report) {
    AllMetrics().health_checks.With({report.ok ? "ok" : "error"}).Add();
    if (!report.ok)
      Log(LogLevel::kWarn, "health check failed", {{"error", std::string_view(report.message)}});
    response_->set_status(report.ok ? pluginv2::CheckHealthResponse::OK
                                    : pluginv2::CheckHealthResponse::ERROR);
    response_->set_message(report.message);
    response_->set_jsondetails(report.details_json);
    Finish(grpc::Status::OK);
  }

  Core& core_;
  pluginv2::CheckHealthResponse* const response_;
  RequestFacts facts_;
  std::shared_ptr<Backend> backend_;
  StoreHealth traces_;  // each written by its own task
  StoreHealth logs_;
  std::atomic<int> left_{1};
};

}  // namespace

grpc::ServerUnaryReactor* DiagnosticsService::CheckHealth(
    grpc::CallbackServerContext* call, const pluginv2::CheckHealthRequest* request,
    pluginv2::CheckHealthResponse* response) {
  auto* reactor = new CheckHealthCall(core_, response);
  reactor->Start(*call, *request);
  return reactor;
}

grpc::ServerUnaryReactor* DiagnosticsService::CollectMetrics(
    grpc::CallbackServerContext* call, const pluginv2::CollectMetricsRequest* /*request*/,
    pluginv2::CollectMetricsResponse* response) {
  AllMetrics().worker_threads.Only().Set(static_cast<int64_t>(core_.pool.threads()));
  std::string text = AllMetrics().Text();
  AppendProcessMetrics(core_.version, text);
  response->mutable_metrics()->set_prometheus(std::move(text));
  grpc::ServerUnaryReactor* reactor = call->DefaultReactor();
  reactor->Finish(grpc::Status::OK);
  return reactor;
}

}  // namespace spanlog::host
