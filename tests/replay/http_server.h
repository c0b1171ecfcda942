// A small HTTP/1.1 server for tests: one thread per connection, on 127.0.0.1. It answers well, or
// badly in every way that a client must survive.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "replay/message.h"

namespace spanlog::replay {

struct ServerTls {
  std::string certificate_pem;
  std::string key_pem;
  std::string client_ca_pem;  // set: a client certificate of this CA is required
};

class HttpServer {
 public:
  // Called on the connections' threads, several at a time.
  using Handler = std::function<Answer(const Request&)>;

  // Listens at once; port 0 takes a free one. Throws when it cannot listen.
  explicit HttpServer(Handler handler, int port = 0);
  HttpServer(Handler handler, ServerTls tls, int port = 0);
  ~HttpServer();  // closes every connection and joins
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  int port() const;
  std::string url() const;  // "http://127.0.0.1:41234"

  int connections() const;       // accepted so far
  int open_connections() const;  // now
  // Answers whose client went away before they were whole.
  int abandoned() const;

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

// True as soon as `condition` holds, false when it does not within `timeout_ms`.
bool Eventually(const std::function<bool()>& condition, int timeout_ms = 10000);

}  // namespace spanlog::replay
