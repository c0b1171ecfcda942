// Serves prepared bodies over HTTP/1.1 on 127.0.0.1 as fast as the socket takes them, so that what
// is measured is the one who asks.
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "bench/workload.h"

namespace spanlog::bench {

struct Served {
  int status = 200;
  std::string_view content_type = "application/json";
  Body body;
};

class LoopbackServer {
 public:
  // `answer` gets the request's target ("/path?query") and is called from the connections' threads.
  explicit LoopbackServer(std::function<Served(std::string_view target)> answer);
  ~LoopbackServer();
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;

  std::string url() const;
  // Bytes of bodies sent so far.
  uint64_t bytes() const { return bytes_; }
  uint64_t requests() const { return requests_; }

 private:
  void Accept();
  void Converse(int fd);

  const std::function<Served(std::string_view)> answer_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<bool> stopping_{false};
  std::atomic<uint64_t> bytes_{0};
  std::atomic<uint64_t> requests_{0};
  std::mutex mutex_;
  std::vector<int> open_;             // guarded by mutex_
  std::vector<std::thread> threads_;  // touched by accepting_ until it ends
  std::thread accepting_;
};

// The value of a parameter in a target, percent-decoded; empty when it is not there.
std::string Parameter(std::string_view target, std::string_view name);

}  // namespace spanlog::bench
