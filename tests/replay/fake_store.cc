#include "replay/fake_store.h"

#include <stdexcept>

#include "base/text.h"

namespace spanlog::replay {

FakeStore::FakeStore(FixturesPtr fixtures) : fixtures_(std::move(fixtures)) {}

void FakeStore::Listen(int port) {
  server_ = std::make_unique<HttpServer>([this](const Request& request) { return Handle(request); },
                                         port);
}

void FakeStore::Add(Fault fault) {
  const std::lock_guard<std::mutex> lock(mutex_);
  faults_.push_back(std::move(fault));
}

void FakeStore::Fail(int status, std::string body, Scope scope) {
  ReplyWith(TextReply(status, std::move(body)), std::move(scope));
}

void FakeStore::Delay(int ms, Scope scope) {
  Fault fault;
  fault.scope = std::move(scope);
  fault.delay_ms = ms;
  Add(std::move(fault));
}

void FakeStore::Spoil(Trouble trouble, Scope scope) {
  Fault fault;
  fault.scope = std::move(scope);
  fault.trouble = trouble;
  Add(std::move(fault));
}

void FakeStore::ReplyWith(Reply reply, Scope scope) {
  Fault fault;
  fault.scope = std::move(scope);
  fault.reply = std::move(reply);
  Add(std::move(fault));
}

void FakeStore::Heal() {
  const std::lock_guard<std::mutex> lock(mutex_);
  faults_.clear();
}

void FakeStore::RequireHeader(std::string name, std::string value) {
  const std::lock_guard<std::mutex> lock(mutex_);
  required_.emplace_back(std::move(name), std::move(value));
}

void FakeStore::Compress(bool on) {
  const std::lock_guard<std::mutex> lock(mutex_);
  compress_ = on;
}

std::vector<Request> FakeStore::Requests() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return requests_;
}

Request FakeStore::LastRequest() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (requests_.empty()) throw std::runtime_error("there was no request");
  return requests_.back();
}

std::vector<std::string> FakeStore::Violations() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return violations_;
}

void FakeStore::Forget() {
  const std::lock_guard<std::mutex> lock(mutex_);
  requests_.clear();
  violations_.clear();
}

void FakeStore::Violation(std::string text) {
  const std::lock_guard<std::mutex> lock(mutex_);
  violations_.push_back(std::move(text));
}

Reply FakeStore::NoRoute(const Request& request) {
  Violation(Concat("no such route: ", request.method, " ", request.path));
  return TextReply(404, "404 page not found\n");
}

// Applies every fault in scope; the first reply among them is the answer.
std::optional<Reply> FakeStore::Spoilt(const Request& request, replay::Answer& answer) {
  std::optional<Reply> reply;
  for (auto fault = faults_.begin(); fault != faults_.end();) {
    if (!Contains(request.path, fault->scope.path)) {
      ++fault;
      continue;
    }
    answer.delay_ms += fault->delay_ms;
    if (fault->trouble != Trouble::kNone) answer.trouble = fault->trouble;
    if (!reply) reply = fault->reply;
    if (fault->scope.times > 0 && --fault->scope.times == 0) {
      fault = faults_.erase(fault);
    } else {
      ++fault;
    }
  }
  return reply;
}

replay::Answer FakeStore::Handle(const Request& request) {
  replay::Answer answer;
  std::optional<Reply> reply;
  bool compress = true;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    requests_.push_back(request);
    compress = compress_;
    for (const auto& [name, value] : required_) {
      if (request.Header(name) == value) continue;
      violations_.push_back(Concat(request.path, " without the right ", name));
      reply = TextReply(401, name == "x-scope-orgid" ? "no org id" : "Unauthorized");
    }
    std::optional<Reply> spoilt = Spoilt(request, answer);
    if (!reply) reply = std::move(spoilt);
  }
  answer.reply = reply ? *std::move(reply) : Answer(request);
  if (!compress) answer.reply.compress = false;
  return answer;
}

}  // namespace spanlog::replay
