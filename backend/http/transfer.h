// One request on its way: libcurl's handle, what has come in, and the one who waits for it.
#pragma once

#include <curl/curl.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "http/client.h"
#include "http/easy_pool.h"
#include "http/headers.h"
#include "http/receiver.h"
#include "http/tls.h"
#include "http/url.h"

namespace spanlog::http {

// Shared by a client's transfers; immutable but for the pool.
struct ClientConfig {
  ClientOptions options;
  std::shared_ptr<const TlsContext> tls;
  mutable EasyPool handles;  // of requests without a connection_key
};

// Made by the caller's thread, then touched by the loop's thread only, until it is done; Wait and
// who() may be called from any thread.
class Transfer {
 public:
  static absl::StatusOr<std::shared_ptr<Transfer>> Make(std::shared_ptr<const ClientConfig> config,
                                                        Request request);

  CURL* easy() const { return easy_.curl.get(); }
  const std::string& who() const { return who_; }
  const std::string& connection_key() const { return request_.connection_key; }

  // When the total timeout ends; the far future when there is none.
  std::chrono::steady_clock::time_point deadline() const { return deadline_; }
  // Call right before the transfer starts: the time it waited for that counts too.
  void SetTimeLeft();

  // Each ends the transfer, once, and wakes the waiter. REQUIRES: the handle is in no multi handle.
  void Finish(CURLcode code);
  void Cancel();
  void Expire(int connections);  // it waited too long for one of so many connections
  void Fail(absl::Status status);

  bool done() const { return done_.load(std::memory_order_acquire); }
  // As Pending's.
  std::optional<Chunk> NextPiece(absl::FunctionRef<void()> before_waiting);
  absl::StatusOr<Response> Wait();

 private:
  Transfer(std::shared_ptr<const ClientConfig> config, Request request);

  absl::Status Prepare();
  void PrepareTransport();
  void PrepareTarget(const Endpoint& endpoint, Headers& headers);
  absl::StatusOr<Response> Result(CURLcode code);
  absl::Status Explain(CURLcode code);
  void Settle(absl::StatusOr<Response> result);
  bool TakeBody(std::string_view bytes);
  void HandOut(std::vector<Chunk> pieces);

  static size_t OnHeader(char* data, size_t size, size_t count, void* self) noexcept;
  static size_t OnBody(char* data, size_t size, size_t count, void* self) noexcept;

  const std::shared_ptr<const ClientConfig> config_;
  Request request_;
  std::string who_;
  std::string proxy_;
  int total_timeout_ms_ = 0;
  std::chrono::steady_clock::time_point deadline_ = std::chrono::steady_clock::time_point::max();

  Easy easy_;
  Slist headers_;
  Slist connect_to_;
  char error_[CURL_ERROR_SIZE] = "";

  std::optional<Receiver> receiver_;

  std::atomic<bool> done_{false};
  std::mutex mutex_;
  std::condition_variable ready_;
  std::deque<Chunk> pieces_;                        // guarded by mutex_
  std::optional<absl::StatusOr<Response>> result_;  // guarded by mutex_
};

}  // namespace spanlog::http
