#include "replay/http_server.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <csignal>
#include <mutex>
#include <optional>
#include <set>
#include <thread>
#include <vector>

#include "base/text.h"
#include "replay/wire.h"

namespace spanlog::replay {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;

constexpr int kForever = -1;

std::string SubjectOf(SSL* ssl) {
  X509* certificate = SSL_get1_peer_certificate(ssl);
  if (certificate == nullptr) return "";
  char* text = X509_NAME_oneline(X509_get_subject_name(certificate), nullptr, 0);
  std::string subject(text);
  OPENSSL_free(text);
  X509_free(certificate);
  return subject;
}

}  // namespace

class HttpServer::Impl {
 public:
  Impl(Handler handler, std::optional<ServerTls> tls, int port)
      : handler_(std::move(handler)),
        acceptor_(io_, tcp::endpoint(asio::ip::address_v4::loopback(),
                                     static_cast<unsigned short>(port))),
        stop_fd_(eventfd(0, EFD_CLOEXEC)) {
    std::signal(SIGPIPE, SIG_IGN);
    if (tls) UseTls(*tls);
    accepting_ = std::thread([this] { Accept(); });
  }

  ~Impl() {
    stopping_ = true;
    const uint64_t one = 1;
    [[maybe_unused]] const ssize_t written = write(stop_fd_, &one, sizeof(one));
    shutdown(acceptor_.native_handle(), SHUT_RDWR);
    accepting_.join();
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      for (const int fd : open_) shutdown(fd, SHUT_RDWR);
    }
    for (std::thread& thread : threads_) thread.join();
    close(stop_fd_);
  }

  int port() const { return acceptor_.local_endpoint().port(); }
  bool tls() const { return context_.has_value(); }
  int connections() const { return connections_; }
  int abandoned() const { return abandoned_; }
  int open_connections() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return static_cast<int>(open_.size());
  }

 private:
  enum class After { kGoOn, kEnd, kAbandoned };

  void UseTls(const ServerTls& tls) {
    context_.emplace(asio::ssl::context::tls_server);
    context_->use_certificate_chain(asio::buffer(tls.certificate_pem));
    context_->use_private_key(asio::buffer(tls.key_pem), asio::ssl::context::pem);
    if (!tls.client_ca_pem.empty()) {
      context_->add_certificate_authority(asio::buffer(tls.client_ca_pem));
      context_->set_verify_mode(asio::ssl::verify_peer | asio::ssl::verify_fail_if_no_peer_cert);
    }
  }

  void Accept() {
    while (!stopping_) {
      tcp::socket socket(io_);
      boost::system::error_code error;
      acceptor_.accept(socket, error);
      if (error) {
        if (stopping_) return;
        continue;
      }
      socket.set_option(tcp::no_delay(true), error);
      const int number = ++connections_;
      const int fd = socket.native_handle();
      {
        const std::lock_guard<std::mutex> lock(mutex_);
        open_.insert(fd);
      }
      threads_.emplace_back([this, number, fd, socket = std::move(socket)]() mutable {
        Converse(socket, number);
        const std::lock_guard<std::mutex> lock(mutex_);
        open_.erase(fd);
        boost::system::error_code ignored;
        socket.close(ignored);
      });
    }
  }

  void Converse(tcp::socket& socket, int number) {
    if (!context_) {
      while (!stopping_ && Exchange(socket, socket, number, nullptr)) {
      }
      return;
    }
    asio::ssl::stream<tcp::socket&> stream(socket, *context_);
    boost::system::error_code error;
    stream.handshake(asio::ssl::stream_base::server, error);
    if (error) return;
    while (!stopping_ && Exchange(stream, socket, number, stream.native_handle())) {
    }
    SSL_shutdown(stream.native_handle());
  }

  // One request and its answer; false: the connection ends.
  template <typename Stream>
  bool Exchange(Stream& stream, tcp::socket& socket, int number, SSL* ssl) {
    beast::http::request_parser<beast::http::string_body> parser;
    parser.body_limit(boost::none);
    boost::system::error_code error;
    beast::flat_buffer& buffer = BufferOf(number);
    beast::http::read(stream, buffer, parser, error);
    if (error.category() == BadMessage()) Write(stream, "HTTP/1.1 400 Bad Request\r\n\r\n");
    if (error) return false;
    Request request = Convert(parser.get());
    request.connection = number;
    if (ssl != nullptr) {
      const char* name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
      request.sni = name == nullptr ? "" : name;
      request.client = SubjectOf(ssl);
    }
    const Answer answer = handler_(request);
    const After after = Send(stream, socket, answer, request);
    if (after == After::kAbandoned && !stopping_) ++abandoned_;
    return after == After::kGoOn && parser.get().keep_alive();
  }

  static const boost::system::error_category& BadMessage() {
    return make_error_code(beast::http::error::bad_version).category();
  }

  static beast::flat_buffer& BufferOf(int number) {
    thread_local int owner = 0;
    thread_local beast::flat_buffer buffer;
    if (owner != number) buffer.clear();
    owner = number;
    return buffer;
  }

  static Request Convert(const beast::http::request<beast::http::string_body>& message) {
    Request request;
    request.method = std::string(message.method_string());
    request.target = std::string(message.target());
    for (const auto& field : message) {
      const std::string name(field.name_string());
      request.headers.emplace_back(ToLower(name), std::string(field.value()));
    }
    request.body = message.body();
    ParseTarget(request);
    return request;
  }

  // Waits; false when the client goes away first or the server stops.
  bool Quiet(tcp::socket& socket, int ms) {
    pollfd fds[] = {{socket.native_handle(), POLLRDHUP, 0}, {stop_fd_, POLLIN, 0}};
    return poll(fds, 2, ms) == 0;
  }

  template <typename Stream>
  bool Write(Stream& stream, std::string_view bytes) {
    boost::system::error_code error;
    asio::write(stream, asio::buffer(bytes.data(), bytes.size()), error);
    return !error;
  }

  static After Reset(tcp::socket& socket) {
    boost::system::error_code ignored;
    socket.set_option(asio::socket_base::linger(true, 0), ignored);
    socket.close(ignored);
    return After::kEnd;
  }

  template <typename Stream>
  After Send(Stream& stream, tcp::socket& socket, const Answer& answer, const Request& request) {
    if (answer.delay_ms > 0 && !Quiet(socket, answer.delay_ms)) return After::kAbandoned;
    const WireAnswer wire = ToWire(answer, request);
    const std::string_view half = std::string_view(wire.body).substr(0, wire.body.size() / 2);
    switch (answer.trouble) {
      case Trouble::kStall:
        Quiet(socket, kForever);
        return After::kAbandoned;
      case Trouble::kStallInBody:
        if (Write(stream, wire.head) && Write(stream, half)) Quiet(socket, kForever);
        return After::kAbandoned;
      case Trouble::kReset:
        return Reset(socket);
      case Trouble::kResetInBody:
        Write(stream, wire.head);
        Write(stream, half);
        Quiet(socket, 50);  // let the client read what came
        return Reset(socket);
      case Trouble::kClose:
        return After::kEnd;
      case Trouble::kTruncate:
        Write(stream, wire.head);
        Write(stream, half);
        return After::kEnd;
      case Trouble::kGarbage:
        Write(stream, std::string_view("\x16\x03\x01garbage \xff\xfe\r\n\r\n\0\0", 18));
        return After::kEnd;
      case Trouble::kSlowHeaders:
        for (const char& byte : wire.head) {
          if (!Write(stream, std::string_view(&byte, 1)) || !Quiet(socket, 20)) {
            return After::kAbandoned;
          }
        }
        break;
      default:
        if (!Write(stream, wire.head)) return After::kAbandoned;
    }
    if (!Write(stream, wire.body)) return After::kAbandoned;
    return wire.close ? After::kEnd : After::kGoOn;
  }

  const Handler handler_;
  asio::io_context io_;
  tcp::acceptor acceptor_;
  std::optional<asio::ssl::context> context_;
  const int stop_fd_;
  std::atomic<bool> stopping_{false};
  std::atomic<int> connections_{0};
  std::atomic<int> abandoned_{0};
  mutable std::mutex mutex_;
  std::set<int> open_;  // guarded by mutex_
  std::vector<std::thread> threads_;
  std::thread accepting_;
};

HttpServer::HttpServer(Handler handler, int port)
    : impl_(std::make_shared<Impl>(std::move(handler), std::nullopt, port)) {}

HttpServer::HttpServer(Handler handler, ServerTls tls, int port)
    : impl_(std::make_shared<Impl>(std::move(handler), std::move(tls), port)) {}

HttpServer::~HttpServer() = default;

int HttpServer::port() const { return impl_->port(); }

std::string HttpServer::url() const {
  return Concat(impl_->tls() ? "https" : "http", "://127.0.0.1:", port());
}

int HttpServer::connections() const { return impl_->connections(); }
int HttpServer::open_connections() const { return impl_->open_connections(); }
int HttpServer::abandoned() const { return impl_->abandoned(); }

bool Eventually(const std::function<bool()>& condition, int timeout_ms) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(timeout_ms);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return true;
}

}  // namespace spanlog::replay
