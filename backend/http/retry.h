// A client that asks once more where that is safe: GET and HEAD only, and only when nothing was
// answered (no connection) or when the answer itself says that the trouble will pass (502, 503,
// 504, and 429 with a short Retry-After). Never after TLS failures, timeouts and broken bodies:
// those come again, or the answer was too much for the server the first time.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "http/client.h"

namespace spanlog::http {

struct RetryEvent {
  int attempt = 0;     // the one that begins after the wait; 2 is the first retry
  int delay_ms = 0;    // the wait before it
  std::string reason;  // the failure in words, or "HTTP 503"
};

struct RetryOptions {
  int max_attempts = 3;
  int first_delay_ms = 100;       // doubles with each retry; half of it is left to chance
  int max_retry_after_ms = 2000;  // a server that asks for more gets no retry
  int total_timeout_ms = 30'000;  // as in ClientOptions: attempts and waits together. 0: none
  std::function<void(const RetryEvent&)> on_retry;  // called before the wait; may be empty
};

// Thread-safe. The wait is done in Pending::Wait and ends at once when the request is cancelled.
// A retry is left out when the time that is left would not do for the wait and an attempt as long
// as the failed one; the first failure is then the answer.
std::unique_ptr<Client> Retrying(std::unique_ptr<Client> client, RetryOptions options);

// The wait that a Retry-After header asks for, in ms from now; -1 when there is none or it cannot
// be read. Seconds and HTTP dates, per RFC 9110 10.2.3.
int64_t RetryAfterMs(const Response& response);

}  // namespace spanlog::http
