#include "http/loop.h"

#include <pthread.h>

#include <algorithm>
#include <csignal>
#include <system_error>
#include <utility>

namespace spanlog::http {
namespace {

constexpr int kPollMs = 60'000;
constexpr long kDefaultPool = 100;
constexpr size_t kMostPools = 64;  // idle ones beyond it go

}  // namespace

Loop::Loop(int max_connections, int idle_timeout_ms)
    : max_connections_(max_connections), idle_timeout_ms_(std::max(idle_timeout_ms, 1000)) {}

Loop::~Loop() { Stop(); }

Loop::Multi Loop::MakeMulti() const {
  Multi multi(curl_multi_init());
  if (!multi) return nullptr;
  const long pool = max_connections_ > 0 ? max_connections_ : kDefaultPool;
  curl_multi_setopt(multi.get(), CURLMOPT_MAXCONNECTS, pool);
  curl_multi_setopt(multi.get(), CURLMOPT_PIPELINING, static_cast<long>(CURLPIPE_NOTHING));
  return multi;
}

void Loop::Add(std::shared_ptr<Transfer> transfer) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (stopping_) {
    transfer->Cancel();
    return;
  }
  if (!thread_.joinable()) {
    multi_ = MakeMulti();
    // Signals are for the host's threads.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    try {
      if (multi_) thread_ = std::thread(&Loop::Run, this);
    } catch (const std::system_error&) {
      multi_.reset();
    }
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    if (!multi_) {
      transfer->Fail(absl::ResourceExhaustedError(
          "The HTTP client cannot start its thread: out of memory or threads."));
      return;
    }
    pthread_setname_np(thread_.native_handle(), "spanlog-http");
  }
  to_add_.push_back(std::move(transfer));
  Wake();
}

void Loop::Cancel(std::shared_ptr<Transfer> transfer) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (stopping_ || transfer->done()) return;
  to_cancel_.push_back(std::move(transfer));
  Wake();
}

void Loop::Stop() {
  std::thread thread;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
    thread = std::move(thread_);
    Wake();
  }
  if (thread.joinable()) thread.join();
}

void Loop::Wake() {
  if (multi_) curl_multi_wakeup(multi_.get());
}

void Loop::Run() {
  while (TakeOrders()) {
    BeginWaiting();
    int running = 0;
    curl_multi_perform(multi_.get(), &running);
    CollectDone();
    if (active_.empty()) {
      if (!waiting_.empty()) continue;
      DropIdleConnections();
    }
    DropIdlePools();
    curl_multi_poll(multi_.get(), nullptr, 0, PollMs(), nullptr);
  }
  for (const auto& transfer : waiting_) transfer->Cancel();
  waiting_.clear();
  while (!active_.empty()) Drop(active_.begin()->first);
  pools_.clear();
}

// libcurl shortens this to its own next timer.
int Loop::PollMs() const {
  using std::chrono::milliseconds;
  const bool may_idle = (active_.empty() && may_have_connections_) || !pools_.empty();
  milliseconds wait(may_idle ? std::min(idle_timeout_ms_, kPollMs) : kPollMs);
  const auto now = std::chrono::steady_clock::now();
  for (const auto& transfer : waiting_) {
    const auto left = std::chrono::ceil<milliseconds>(transfer->deadline() - now);
    wait = std::clamp(left, milliseconds(0), wait);
  }
  return static_cast<int>(wait.count());
}

bool Loop::TakeOrders() {
  std::vector<std::shared_ptr<Transfer>> add, cancel;
  bool stopping = false;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    add.swap(to_add_);
    cancel.swap(to_cancel_);
    stopping = stopping_;
  }
  waiting_.insert(waiting_.end(), add.begin(), add.end());
  for (const auto& transfer : cancel) {
    if (active_.count(transfer.get()) != 0) {
      Drop(transfer.get());
    } else if (std::erase(waiting_, transfer) != 0) {
      transfer->Cancel();
    }
  }
  return !stopping;
}

void Loop::BeginWaiting() {
  const auto now = std::chrono::steady_clock::now();
  std::erase_if(waiting_, [&](const std::shared_ptr<Transfer>& transfer) {
    if (transfer->deadline() > now) return false;
    transfer->Expire(max_connections_);
    return true;
  });
  while (!waiting_.empty() &&
         (max_connections_ <= 0 || active_.size() < static_cast<size_t>(max_connections_))) {
    const std::shared_ptr<Transfer> transfer = std::move(waiting_.front());
    waiting_.pop_front();
    Begin(transfer);
  }
}

void Loop::Begin(const std::shared_ptr<Transfer>& transfer) {
  transfer->SetTimeLeft();
  if (!EnterPool(*transfer)) {
    transfer->Fail(absl::ResourceExhaustedError("The HTTP client is out of memory."));
    return;
  }
  if (curl_multi_add_handle(multi_.get(), transfer->easy()) != CURLM_OK) {
    transfer->Fail(absl::InternalError("The HTTP client cannot start the request."));
    LeavePool(transfer->connection_key());
    return;
  }
  may_have_connections_ = true;
  last_active_ = std::chrono::steady_clock::now();
  active_.emplace(transfer.get(), transfer);
}

// Taking an unfinished HTTP/1.1 transfer out of the multi handle closes its connection.
void Loop::Drop(Transfer* transfer) {
  const auto found = active_.find(transfer);
  const std::shared_ptr<Transfer> keep = std::move(found->second);
  active_.erase(found);
  last_active_ = std::chrono::steady_clock::now();
  curl_multi_remove_handle(multi_.get(), keep->easy());
  keep->Cancel();
  LeavePool(keep->connection_key());
}

bool Loop::EnterPool(Transfer& transfer) {
  const std::string& key = transfer.connection_key();
  if (key.empty()) return true;
  Pool& pool = pools_[key];
  if (!pool.share) {
    pool.share.reset(curl_share_init());
    if (!pool.share || curl_share_setopt(pool.share.get(), CURLSHOPT_SHARE,
                                         CURL_LOCK_DATA_CONNECT) != CURLSHE_OK) {
      pools_.erase(key);
      return false;
    }
  }
  curl_easy_setopt(transfer.easy(), CURLOPT_SHARE, pool.share.get());
  ++pool.active;
  return true;
}

// The transfer's handle is gone by now: libcurl keeps a pool that a handle still uses.
void Loop::LeavePool(const std::string& key) {
  const auto pool = pools_.find(key);
  if (pool == pools_.end()) return;
  --pool->second.active;
  pool->second.last_active = std::chrono::steady_clock::now();
}

void Loop::DropIdlePools() {
  const auto now = std::chrono::steady_clock::now();
  const bool many = pools_.size() > kMostPools;
  std::erase_if(pools_, [&](const auto& entry) {
    const Pool& pool = entry.second;
    return pool.active == 0 &&
           (many || now - pool.last_active >= std::chrono::milliseconds(idle_timeout_ms_));
  });
}

void Loop::CollectDone() {
  int left = 0;
  while (CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    const CURLcode code = message->data.result;
    char* pointer = nullptr;
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &pointer);
    const auto found = active_.find(reinterpret_cast<Transfer*>(pointer));
    const std::shared_ptr<Transfer> transfer = std::move(found->second);
    active_.erase(found);
    last_active_ = std::chrono::steady_clock::now();
    curl_multi_remove_handle(multi_.get(), transfer->easy());
    transfer->Finish(code);
    LeavePool(transfer->connection_key());
  }
}

// libcurl looks at a connection's age only when it is used again; a quiet datasource would hold
// its sockets for ever.
void Loop::DropIdleConnections() {
  if (!may_have_connections_) return;
  const auto quiet = std::chrono::steady_clock::now() - last_active_;
  if (quiet < std::chrono::milliseconds(idle_timeout_ms_)) return;
  Multi fresh = MakeMulti();
  if (!fresh) return;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!to_add_.empty() || stopping_) return;
    multi_.swap(fresh);
  }
  may_have_connections_ = false;
}

}  // namespace spanlog::http
