// One HTTP client per store of a datasource: its own connection pool, TLS, auth,
// limits and timeouts. libcurl does the transport.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/cancellation.h"
#include "base/chunk.h"

namespace spanlog::http {

using Headers = std::vector<std::pair<std::string, std::string>>;

struct TlsOptions {
  bool skip_verify = false;
  std::string server_name;  // SNI and the name that is verified; empty: the URL's host
  std::string ca_pem;       // empty: the machine's bundle
  std::string client_cert_pem;
  std::string client_key_pem;
};

struct ClientOptions {
  int total_timeout_ms = 30'000;  // 0: none
  int connect_timeout_ms = 10'000;
  int idle_timeout_ms = 90'000;
  int max_connections = 100;                 // at a time; requests beyond wait. 0: no end
  int64_t max_response_bytes = 256ll << 20;  // after decompression
  // Empty: no basic auth. An Authorization header of the request (a forwarded token) or of
  // `headers` wins over it.
  std::string basic_user;
  std::string basic_password;
  Headers headers;  // sent with every request; they replace headers of the same name
  std::string user_agent;
  TlsOptions tls;
};

struct Request {
  std::string method = "GET";
  std::string url;  // absolute
  Headers headers;
  std::string body;  // POST only
  // Requests with different keys share no connection: whoever's credentials the headers carry, some
  // servers and proxies remember them per connection. Empty: those of the settings alone.
  std::string connection_key;
  int total_timeout_ms = -1;  // -1: the client's; a longer one than the client's does not count
  // The body of a 200 of this media type can be had piece by piece (Pending::NextPiece). Empty:
  // only whole.
  std::string piecewise;
  CancellationPtr cancellation;
};

// A Response's body may be read (not: used) this far past its end, as simdjson likes it.
inline constexpr size_t kBodyPadding = 64;

struct Response {
  int status = 0;
  Headers headers;  // names in lower case
  // Decompressed: whole, but for what NextPiece gave. Its capacity is at least its size +
  // kBodyPadding.
  std::string body;
  double total_ms = 0;

  std::string_view Header(std::string_view lower_case_name) const;
};

// So many bytes come before the first piece is handed out, and at a time, so that who reads is not
// woken too often; all of a body that ends before it comes at its end.
inline constexpr size_t kPieceBytes = 1 << 20;
// Room in front of a piece, for what its reader wants in one row with it.
inline constexpr size_t kPieceFront = 4 << 10;

// A request under way. Destroying it cancels it.
class Pending {
 public:
  virtual ~Pending() = default;
  // A piece of the body, often while more of it is still on its way; blocks until there is one, and
  // calls `before_waiting` first when there is none yet. Nothing when no more pieces come: Wait
  // then has the rest, or says why all of it is worth nothing. Only the answer to a request that is
  // `piecewise` has pieces, and it may have none.
  virtual std::optional<Chunk> NextPiece(absl::FunctionRef<void()> before_waiting) {
    (void)before_waiting;
    return std::nullopt;
  }
  // Blocks until the answer is whole, the request failed, timed out or was cancelled. Call once.
  // An HTTP error status is a Response, not a Status. Errors: Unavailable (refused, reset, DNS),
  // DeadlineExceeded, Cancelled, ResourceExhausted (over max_response_bytes), FailedPrecondition
  // (TLS), InvalidArgument (URL), DataLoss (truncated); each is a DownstreamError (base/errors.h)
  // whose message names host and cause and says what to check, and never a secret.
  virtual absl::StatusOr<Response> Wait() = 0;
};

// Thread-safe. Never follows a redirect (credentials must not leave for another host): a 3xx is
// returned as it is.
class Client {
 public:
  // InvalidArgument when a header, certificate or key in `options` cannot be used.
  static absl::StatusOr<std::unique_ptr<Client>> Create(ClientOptions options);
  virtual ~Client() = default;

  virtual std::unique_ptr<Pending> Start(Request request) = 0;
  absl::StatusOr<Response> Fetch(Request request) { return Start(std::move(request))->Wait(); }
};

// Percent-encodes everything but RFC 3986 unreserved characters.
std::string UrlEncode(std::string_view text);
// "http://host/base/" + "/api/x" -> "http://host/base/api/x".
std::string JoinUrl(std::string_view base, std::string_view path);

}  // namespace spanlog::http
