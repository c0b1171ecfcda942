// libcurl's handles of requests, to be used again: a new one reads the resolver's files and random
// numbers, a twentieth of what a small query costs.
#pragma once

#include <curl/curl.h>

#include <chrono>
#include <memory>
#include <mutex>
#include <vector>

namespace spanlog::http {

// One request's handle, and when it was made.
struct Easy {
  struct Deleter {
    void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
  };
  // Its `curl` is null when memory has run out.
  static Easy New();

  std::unique_ptr<CURL, Deleter> curl;
  std::chrono::steady_clock::time_point made;
};

// Thread-safe.
class EasyPool {
 public:
  // A handle without any option set, as New.
  Easy Take();
  // Takes a handle back whose transfer went well. It forgets all that it was told but TLS sessions,
  // so a client must not share its pool, nor give handles whose requests may not share connections.
  void Give(Easy easy);

 private:
  std::mutex mutex_;
  std::vector<Easy> idle_;  // guarded by mutex_
};

}  // namespace spanlog::http
