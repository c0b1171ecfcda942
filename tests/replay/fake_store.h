// What the four fake stores have in common: they keep the requests they got, check them, and
// misbehave when told to.
#pragma once

#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <vector>

#include "replay/fixtures.h"
#include "replay/http_server.h"

namespace spanlog::replay {

// Which requests a verb is about.
struct Scope {
  std::string path;  // part of the path; empty: all
  int times = -1;    // so many requests, then well again; -1: until Heal
};

// Thread-safe: verbs may come while requests run.
class FakeStore {
 public:
  virtual ~FakeStore() = default;

  std::string url() const { return server_->url(); }
  HttpServer& server() { return *server_; }

  void Fail(int status, std::string body, Scope scope = {});
  void Delay(int ms, Scope scope = {});
  void Spoil(Trouble trouble, Scope scope = {});
  void Stall(Scope scope = {}) { Spoil(Trouble::kStall, std::move(scope)); }
  void Reset(Scope scope = {}) { Spoil(Trouble::kReset, std::move(scope)); }
  void Truncate(Scope scope = {}) { Spoil(Trouble::kTruncate, std::move(scope)); }
  void Garbage(Scope scope = {}) { Spoil(Trouble::kGarbage, std::move(scope)); }
  // Answers with this, whatever was asked.
  void ReplyWith(Reply reply, Scope scope = {});
  void Heal();  // takes all of the above back

  // Requests without this header get 401 and are a violation. Names in lower case.
  void RequireHeader(std::string lower_case_name, std::string value);
  void Compress(bool on);  // gzip for those who accept it; on at first

  std::vector<Request> Requests() const;
  Request LastRequest() const;  // throws when there was none
  // What a real server would have taken otherwise than meant, or not at all.
  std::vector<std::string> Violations() const;
  void Forget();  // requests and violations

 protected:
  explicit FakeStore(FixturesPtr fixtures);

  // A derived class calls Listen last in its constructor and Close first in its destructor,
  // because Answer is called from the server's threads.
  void Listen(int port);
  void Close() { server_.reset(); }

  virtual Reply Answer(const Request& request) = 0;

  void Violation(std::string text);
  // The router's answer to an unknown path, which is a violation.
  Reply NoRoute(const Request& request);
  const Fixtures& fixtures() const { return *fixtures_; }

 private:
  struct Fault {
    Scope scope;
    Trouble trouble = Trouble::kNone;
    int delay_ms = 0;
    std::optional<Reply> reply;
  };

  void Add(Fault fault);
  replay::Answer Handle(const Request& request);
  std::optional<Reply> Spoilt(const Request& request, replay::Answer& answer);

  const FixturesPtr fixtures_;
  mutable std::mutex mutex_;
  std::list<Fault> faults_;              // guarded by mutex_
  std::vector<Request> requests_;        // guarded by mutex_
  std::vector<std::string> violations_;  // guarded by mutex_
  Pairs required_;                       // guarded by mutex_
  bool compress_ = true;                 // guarded by mutex_
  std::unique_ptr<HttpServer> server_;
};

}  // namespace spanlog::replay
