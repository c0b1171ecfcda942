#include "bench/loopback_server.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <stdexcept>

#include "base/text.h"

namespace spanlog::bench {
namespace {

bool SendAll(int fd, std::string_view head, std::string_view body) {
  while (!head.empty() || !body.empty()) {
    std::array<iovec, 2> pieces = {iovec{const_cast<char*>(head.data()), head.size()},
                                   iovec{const_cast<char*>(body.data()), body.size()}};
    msghdr message{};
    message.msg_iov = pieces.data();
    message.msg_iovlen = pieces.size();
    const ssize_t sent = sendmsg(fd, &message, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    const size_t of_head = std::min(static_cast<size_t>(sent), head.size());
    head.remove_prefix(of_head);
    body.remove_prefix(static_cast<size_t>(sent) - of_head);
  }
  return true;
}

}  // namespace

LoopbackServer::LoopbackServer(std::function<Served(std::string_view)> answer)
    : answer_(std::move(answer)), listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* const general = reinterpret_cast<sockaddr*>(&address);
  if (listener_ < 0 || bind(listener_, general, size) != 0 || listen(listener_, 64) != 0 ||
      getsockname(listener_, general, &size) != 0) {
    throw std::runtime_error("cannot listen on 127.0.0.1");
  }
  port_ = ntohs(address.sin_port);
  accepting_ = std::thread([this] { Accept(); });
}

LoopbackServer::~LoopbackServer() {
  stopping_ = true;
  shutdown(listener_, SHUT_RDWR);
  accepting_.join();
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    for (const int fd : open_) shutdown(fd, SHUT_RDWR);
  }
  for (std::thread& thread : threads_) thread.join();
  close(listener_);
}

std::string LoopbackServer::url() const { return Concat("http://127.0.0.1:", port_); }

void LoopbackServer::Accept() {
  while (!stopping_) {
    const int fd = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) continue;
    const int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      open_.push_back(fd);
    }
    threads_.emplace_back([this, fd] {
      Converse(fd);
      const std::lock_guard<std::mutex> lock(mutex_);
      std::erase(open_, fd);
      close(fd);
    });
  }
}

// GET only: whatever follows the blank line is the next request.
void LoopbackServer::Converse(int fd) {
  std::string pending;
  std::array<char, 16 << 10> chunk;
  while (true) {
    const size_t end = pending.find("\r\n\r\n");
    if (end == std::string::npos) {
      const ssize_t size = recv(fd, chunk.data(), chunk.size(), 0);
      if (size < 0 && errno == EINTR) continue;
      if (size <= 0) return;
      pending.append(chunk.data(), static_cast<size_t>(size));
      continue;
    }
    const std::string_view line = std::string_view(pending).substr(0, pending.find("\r\n"));
    const size_t begin = std::min(line.find(' '), line.size() - 1) + 1;
    const Served served = answer_(line.substr(begin, line.rfind(' ') - begin));
    const std::string_view body = served.body == nullptr ? std::string_view() : *served.body;
    const std::string head =
        Concat("HTTP/1.1 ", served.status, " Bench\r\nContent-Type: ", served.content_type,
               "\r\nContent-Length: ", body.size(), "\r\n\r\n");
    pending.erase(0, end + 4);
    bytes_ += body.size();
    ++requests_;
    if (!SendAll(fd, head, body)) return;
  }
}

std::string Parameter(std::string_view target, std::string_view name) {
  const size_t question = target.find('?');
  std::string_view rest =
      question == target.npos ? std::string_view() : target.substr(question + 1);
  while (!rest.empty()) {
    const std::string_view pair = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
    if (pair.size() <= name.size() || pair.substr(0, name.size()) != name ||
        pair[name.size()] != '=') {
      continue;
    }
    std::string value;
    for (size_t i = name.size() + 1; i < pair.size(); ++i) {
      unsigned code = 0;
      if (pair[i] == '%' && i + 2 < pair.size() &&
          std::from_chars(pair.data() + i + 1, pair.data() + i + 3, code, 16).ec == std::errc()) {
        value.push_back(static_cast<char>(code));
        i += 2;
      } else {
        value.push_back(pair[i]);
      }
    }
    return value;
  }
  return {};
}

}  // namespace spanlog::bench
