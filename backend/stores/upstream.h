// How every store talks to its server: URLs below one base, the caller's cancellation, deadline and
// headers, and one reading of what is no answer.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "http/client.h"
#include "stores/store.h"

namespace spanlog::stores {

// The time a caller has left, counted from when the store was called.
class CallContext {
 public:
  explicit CallContext(const RequestContext& request)
      : request_(request), started_(std::chrono::steady_clock::now()) {}

  const RequestContext& request() const { return request_; }
  // May be null.
  Cancellation* cancellation() const { return request_.cancellation.get(); }
  bool cancelled() const { return cancellation() != nullptr && cancellation()->cancelled(); }
  // For http::Request::total_timeout_ms.
  int TimeoutMs() const;

 private:
  const RequestContext& request_;
  std::chrono::steady_clock::time_point started_;
};

using Params = std::vector<std::pair<std::string_view, std::string>>;

struct Call {
  std::string path;  // below the base URL, escaped
  Params params;
  http::Headers headers;
  bool form = false;      // send the parameters as a POST body instead of in the URL
  std::string piecewise;  // as in http::Request
};

// Thread-safe.
class Upstream {
 public:
  Upstream(std::string store, std::string base_url, std::shared_ptr<http::Client> client)
      : store_(std::move(store)), base_url_(std::move(base_url)), client_(std::move(client)) {}

  const std::string& store() const { return store_; }

  std::unique_ptr<http::Pending> Start(Call call, const CallContext& context) const;
  absl::StatusOr<http::Response> Fetch(Call call, const CallContext& context) const {
    return Start(std::move(call), context)->Wait();
  }

  // Fetch, and the error of CheckAnswer. `what` names the request for the reader: "Fetching the
  // trace".
  absl::StatusOr<http::Response> FetchOk(std::string_view what, Call call,
                                         const CallContext& context) const;

  // OK for a 200 that is data. An HTTP error gives the server's own words; a web page instead of
  // data is an error too, for proxies answer 200 with their login page.
  absl::Status CheckAnswer(std::string_view what, const http::Response& response) const;

  // "<what>: <store> gave an answer that is not <expected> …"
  absl::Status Unreadable(std::string_view what, std::string_view expected) const;

 private:
  std::string store_;
  std::string base_url_;
  std::shared_ptr<http::Client> client_;
};

// True when a response is a web page, by its type or its first bytes.
bool IsWebPage(const http::Response& response);

}  // namespace spanlog::stores
