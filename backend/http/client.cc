#include "http/client.h"

#include <curl/curl.h>

#include <mutex>
#include <utility>

#include "http/headers.h"
#include "http/init.h"
#include "http/loop.h"
#include "http/tls.h"
#include "http/transfer.h"

namespace spanlog::http {
namespace {

// A request that could not even be started.
class FailedPending : public Pending {
 public:
  explicit FailedPending(absl::Status status) : status_(std::move(status)) {}
  absl::StatusOr<Response> Wait() override { return status_; }

 private:
  absl::Status status_;
};

class LoopPending : public Pending {
 public:
  LoopPending(std::shared_ptr<Loop> loop, std::shared_ptr<Transfer> transfer,
              CancellationPtr cancellation)
      : loop_(std::move(loop)),
        transfer_(std::move(transfer)),
        cancellation_(std::move(cancellation)) {
    loop_->Add(transfer_);
    if (cancellation_) {
      handle_ = cancellation_->OnCancel([this] { loop_->Cancel(transfer_); });
    }
  }
  ~LoopPending() override {
    if (cancellation_) cancellation_->Remove(handle_);
    loop_->Cancel(transfer_);
  }
  std::optional<Chunk> NextPiece(absl::FunctionRef<void()> before_waiting) override {
    return transfer_->NextPiece(before_waiting);
  }
  absl::StatusOr<Response> Wait() override { return transfer_->Wait(); }

 private:
  const std::shared_ptr<Loop> loop_;
  const std::shared_ptr<Transfer> transfer_;
  const CancellationPtr cancellation_;
  uint64_t handle_ = 0;
};

class CurlClient : public Client {
 public:
  explicit CurlClient(std::shared_ptr<const ClientConfig> config)
      : config_(std::move(config)),
        loop_(std::make_shared<Loop>(config_->options.max_connections,
                                     config_->options.idle_timeout_ms)) {}
  ~CurlClient() override { loop_->Stop(); }

  std::unique_ptr<Pending> Start(Request request) override {
    CancellationPtr cancellation = request.cancellation;
    absl::StatusOr<std::shared_ptr<Transfer>> transfer =
        Transfer::Make(config_, std::move(request));
    if (!transfer.ok()) return std::make_unique<FailedPending>(transfer.status());
    if (cancellation && cancellation->cancelled()) {
      (*transfer)->Cancel();
      return std::make_unique<FailedPending>((*transfer)->Wait().status());
    }
    return std::make_unique<LoopPending>(loop_, *std::move(transfer), std::move(cancellation));
  }

 private:
  const std::shared_ptr<const ClientConfig> config_;
  const std::shared_ptr<Loop> loop_;
};

bool InitCurl() {
  static const bool ok = [] {
    InitProcess();
    return curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  }();
  return ok;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Client>> Client::Create(ClientOptions options) {
  if (!InitCurl()) return absl::InternalError("The HTTP library cannot be initialised.");
  absl::Status checked = CheckHeaders(options.headers);
  if (checked.ok() && !options.user_agent.empty()) {
    checked = CheckHeaders({{"User-Agent", options.user_agent}});
  }
  if (!checked.ok()) return checked;
  auto tls = TlsContext::Make(options.tls);
  if (!tls.ok()) return tls.status();
  auto config = std::make_shared<ClientConfig>();
  config->options = std::move(options);
  config->tls = *std::move(tls);
  return std::make_unique<CurlClient>(std::move(config));
}

std::string_view Response::Header(std::string_view lower_case_name) const {
  for (const auto& [name, value] : headers) {
    if (name == lower_case_name) return value;
  }
  return "";
}

}  // namespace spanlog::http
