// The thread that moves a client's transfers: libcurl's multi handle and its connection pool.
#pragma once

#include <curl/curl.h>

#include <chrono>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "http/transfer.h"

namespace spanlog::http {

// Thread-safe. The thread starts with the first Add.
class Loop {
 public:
  Loop(int max_connections, int idle_timeout_ms);
  ~Loop();  // as Stop
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  void Add(std::shared_ptr<Transfer> transfer);
  // Closes the transfer's connection; does nothing when it is done.
  void Cancel(std::shared_ptr<Transfer> transfer);
  // Cancels what is under way and ends the thread. What is added later fails.
  void Stop();

 private:
  struct MultiDeleter {
    void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
  };
  using Multi = std::unique_ptr<CURLM, MultiDeleter>;
  struct ShareDeleter {
    void operator()(CURLSH* share) const { curl_share_cleanup(share); }
  };
  // A connection pool of its own for the requests of one connection_key.
  struct Pool {
    std::unique_ptr<CURLSH, ShareDeleter> share;
    int active = 0;
    std::chrono::steady_clock::time_point last_active;
  };

  Multi MakeMulti() const;
  void Run();
  bool TakeOrders();  // false: stop
  void BeginWaiting();
  void Begin(const std::shared_ptr<Transfer>& transfer);
  bool EnterPool(Transfer& transfer);
  void LeavePool(const std::string& key);
  void DropIdlePools();
  void Drop(Transfer* transfer);
  void CollectDone();
  int PollMs() const;
  void DropIdleConnections();
  void Wake();  // REQUIRES: mutex_ is held

  const int max_connections_;
  const int idle_timeout_ms_;

  std::mutex mutex_;
  Multi multi_;                                       // replaced under mutex_ only
  std::vector<std::shared_ptr<Transfer>> to_add_;     // guarded by mutex_
  std::vector<std::shared_ptr<Transfer>> to_cancel_;  // guarded by mutex_
  bool stopping_ = false;                             // guarded by mutex_
  std::thread thread_;                                // guarded by mutex_

  // The loop's thread only. libcurl could hold requests back as well, but then never times them
  // out.
  std::deque<std::shared_ptr<Transfer>> waiting_;
  std::unordered_map<Transfer*, std::shared_ptr<Transfer>> active_;
  std::unordered_map<std::string, Pool> pools_;
  bool may_have_connections_ = false;
  std::chrono::steady_clock::time_point last_active_;
};

}  // namespace spanlog::http
