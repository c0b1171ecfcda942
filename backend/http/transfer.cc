#include "http/transfer.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "base/errors.h"
#include "base/text.h"
#include "http/curl_errors.h"
#include "http/decoder.h"
#include "http/hidden.h"
#include "http/proxy.h"

namespace spanlog::http {
namespace {

constexpr long kDnsCacheSeconds = 5;      // short: stores move in Kubernetes
constexpr long kBufferBytes = 64 * 1024;  // answers have megabytes: fewer reads
constexpr long kTcpKeepAliveSeconds = 30;

}  // namespace

Transfer::Transfer(std::shared_ptr<const ClientConfig> config, Request request)
    : config_(std::move(config)), request_(std::move(request)) {}

absl::StatusOr<std::shared_ptr<Transfer>> Transfer::Make(std::shared_ptr<const ClientConfig> config,
                                                         Request request) {
  std::shared_ptr<Transfer> transfer(new Transfer(std::move(config), std::move(request)));
  const absl::Status status = transfer->Prepare();
  if (!status.ok()) return status;
  return transfer;
}

absl::Status Transfer::Prepare() {
  const ClientOptions& options = config_->options;
  const absl::StatusOr<Endpoint> endpoint = ParseEndpoint(request_.url);
  if (!endpoint.ok()) return endpoint.status();
  who_ = endpoint->Display();
  receiver_.emplace(who_, options.max_response_bytes, std::move(request_.piecewise));
  const absl::Status checked = CheckHeaders(request_.headers);
  if (!checked.ok()) return DownstreamError(checked.code(), std::string(checked.message()));

  Headers headers = std::move(request_.headers);
  ReplaceHeaders(headers, options.headers);
  if (!options.basic_user.empty() && !HasHeader(headers, "Authorization")) {
    headers.emplace_back("Authorization",
                         BasicAuthorization(options.basic_user, options.basic_password));
  }
  if (!options.user_agent.empty() && !HasHeader(headers, "User-Agent")) {
    headers.emplace_back("User-Agent", options.user_agent);
  }
  if (!HasHeader(headers, "Accept-Encoding")) {
    headers.emplace_back("Accept-Encoding", kAcceptEncoding);
  }

  easy_ = connection_key().empty() ? config_->handles.Take() : Easy::New();
  if (easy() == nullptr) return absl::ResourceExhaustedError("out of memory");
  PrepareTarget(*endpoint, headers);
  headers_ = ToSlist(headers);
  if (!headers_) return absl::ResourceExhaustedError("out of memory");
  curl_easy_setopt(easy(), CURLOPT_HTTPHEADER, headers_.get());
  if (request_.method == "HEAD") {
    curl_easy_setopt(easy(), CURLOPT_NOBODY, 1L);
  } else if (request_.method == "POST") {
    curl_easy_setopt(easy(), CURLOPT_POST, 1L);
    curl_easy_setopt(easy(), CURLOPT_POSTFIELDSIZE_LARGE,
                     static_cast<curl_off_t>(request_.body.size()));
    curl_easy_setopt(easy(), CURLOPT_POSTFIELDS, request_.body.c_str());
  } else if (request_.method != "GET") {
    return DownstreamError(absl::StatusCode::kInvalidArgument,
                           "The HTTP method must be GET, HEAD or POST.");
  }

  PrepareTransport();
  return absl::OkStatus();
}

void Transfer::PrepareTransport() {
  const ClientOptions& options = config_->options;
  total_timeout_ms_ = std::max(options.total_timeout_ms, 0);
  // The caller's deadline only ever shortens what the settings allow.
  if (request_.total_timeout_ms >= 0 &&
      (total_timeout_ms_ == 0 || request_.total_timeout_ms < total_timeout_ms_)) {
    total_timeout_ms_ = request_.total_timeout_ms;
  }
  if (total_timeout_ms_ > 0) {
    deadline_ = std::chrono::steady_clock::now() + std::chrono::milliseconds(total_timeout_ms_);
  }
  curl_easy_setopt(easy(), CURLOPT_CONNECTTIMEOUT_MS,
                   static_cast<long>(std::max(options.connect_timeout_ms, 0)));
  curl_easy_setopt(easy(), CURLOPT_MAXAGE_CONN,
                   static_cast<long>(std::max(options.idle_timeout_ms / 1000, 1)));
  curl_easy_setopt(easy(), CURLOPT_BUFFERSIZE, kBufferBytes);
  curl_easy_setopt(easy(), CURLOPT_DNS_CACHE_TIMEOUT, kDnsCacheSeconds);
  curl_easy_setopt(easy(), CURLOPT_TCP_KEEPALIVE, 1L);
  curl_easy_setopt(easy(), CURLOPT_TCP_KEEPIDLE, kTcpKeepAliveSeconds);
  curl_easy_setopt(easy(), CURLOPT_TCP_KEEPINTVL, kTcpKeepAliveSeconds);

  curl_easy_setopt(easy(), CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy(), CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  curl_easy_setopt(easy(), CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy(), CURLOPT_PATH_AS_IS, 1L);
  curl_easy_setopt(easy(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy(), CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  curl_easy_setopt(easy(), CURLOPT_ERRORBUFFER, error_);
  curl_easy_setopt(easy(), CURLOPT_PRIVATE, this);
  curl_easy_setopt(easy(), CURLOPT_HEADERFUNCTION, &Transfer::OnHeader);
  curl_easy_setopt(easy(), CURLOPT_HEADERDATA, this);
  curl_easy_setopt(easy(), CURLOPT_WRITEFUNCTION, &Transfer::OnBody);
  curl_easy_setopt(easy(), CURLOPT_WRITEDATA, this);
}

void Transfer::PrepareTarget(const Endpoint& endpoint, Headers& headers) {
  const TlsContext& tls = *config_->tls;
  std::string url = request_.url;
  if (endpoint.scheme == "https" && !tls.server_name().empty() &&
      !EqualsIgnoreCase(tls.server_name(), endpoint.host)) {
    // libcurl takes the name for SNI and verification from the URL only: so the URL gets that
    // name, the connection its true target, and the Host header what the URL said.
    const size_t authority = url.find("://") + 3;
    const size_t end = std::min(url.find_first_of("/?#", authority), url.size());
    const size_t at = url.substr(0, end).rfind('@');
    const size_t host = at == url.npos || at < authority ? authority : at + 1;
    url.replace(host, end - host, Concat(tls.url_host(), ":", endpoint.port));
    connect_to_.reset(
        curl_slist_append(nullptr, Concat("::", endpoint.host, ":", endpoint.port).c_str()));
    curl_easy_setopt(easy(), CURLOPT_CONNECT_TO, connect_to_.get());
    if (!HasHeader(headers, "Host")) headers.emplace_back("Host", endpoint.Authority());
  }
  curl_easy_setopt(easy(), CURLOPT_URL, url.c_str());
  const std::string proxy = ProxyFor(endpoint);
  curl_easy_setopt(easy(), CURLOPT_PROXY, proxy.c_str());  // empty: libcurl reads no environment
  curl_easy_setopt(easy(), CURLOPT_NOPROXY, "");
  if (!proxy.empty()) {
    proxy_ = ProxyDisplay(proxy);
    curl_easy_setopt(easy(), CURLOPT_PROXY_SSL_VERIFYPEER, tls.skip_verify() ? 0L : 1L);
    curl_easy_setopt(easy(), CURLOPT_PROXY_SSL_VERIFYHOST, tls.skip_verify() ? 0L : 2L);
  }
  tls.Apply(easy());
}

// An exception must not pass through libcurl's C frames; only memory can run out here.
size_t Transfer::OnHeader(char* data, size_t size, size_t count, void* self) noexcept try {
  const std::string_view line(data, size * count);
  return static_cast<Transfer*>(self)->receiver_->TakeHeader(line) ? line.size() : 0;
} catch (const std::exception&) {
  return 0;
}

size_t Transfer::OnBody(char* data, size_t size, size_t count, void* self) noexcept try {
  const std::string_view piece(data, size * count);
  return static_cast<Transfer*>(self)->TakeBody(piece) ? piece.size() : 0;
} catch (const std::exception&) {
  return 0;
}

bool Transfer::TakeBody(std::string_view bytes) {
  if (!receiver_->TakeBody(bytes)) return false;
  std::vector<Chunk> pieces = receiver_->TakePieces();
  if (!pieces.empty()) HandOut(std::move(pieces));
  return true;
}

void Transfer::HandOut(std::vector<Chunk> pieces) {
  const std::lock_guard<std::mutex> lock(mutex_);
  for (Chunk& piece : pieces) pieces_.push_back(std::move(piece));
  ready_.notify_all();
}

absl::Status Transfer::Explain(CURLcode code) {
  if (!receiver_->status().ok()) return receiver_->status();
  Failure failure;
  failure.code = code;
  failure.who = who_;
  failure.proxy = proxy_;
  failure.detail = TrimSpace(error_);
  long number = 0;
  if (curl_easy_getinfo(easy(), CURLINFO_OS_ERRNO, &number) == CURLE_OK) {
    failure.os_error = static_cast<int>(number);
  }
  if (curl_easy_getinfo(easy(), CURLINFO_HTTP_CONNECTCODE, &number) == CURLE_OK) {
    failure.proxy_status = static_cast<int>(number);
  }
  curl_off_t microseconds = 0;
  curl_easy_getinfo(easy(), CURLINFO_PRETRANSFER_TIME_T, &microseconds);
  failure.connected = microseconds > 0;
  curl_easy_getinfo(easy(), CURLINFO_TOTAL_TIME_T, &microseconds);
  failure.elapsed_ms = static_cast<double>(microseconds) / 1000;
  failure.headers_seen = receiver_->headers_seen();
  failure.received = receiver_->received();
  failure.total_timeout_ms = total_timeout_ms_;
  failure.connect_timeout_ms = config_->options.connect_timeout_ms;
  failure.own_ca = config_->tls->own_ca();
  if (code == CURLE_PEER_FAILED_VERIFICATION) failure.system_roots = HasSystemRoots();
  return FailureToStatus(failure);
}

absl::StatusOr<Response> Transfer::Result(CURLcode code) {
  if (code != CURLE_OK) return Explain(code);
  const absl::Status whole = receiver_->AtEnd();
  if (!whole.ok()) return whole;
  Response& response = receiver_->response();
  long status = 0;
  curl_off_t microseconds = 0;
  curl_easy_getinfo(easy(), CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo(easy(), CURLINFO_TOTAL_TIME_T, &microseconds);
  response.status = static_cast<int>(status);
  response.total_ms = static_cast<double>(microseconds) / 1000;
  // A page is none, whatever it says it is.
  const bool is_data = response.status < 300 &&
                       !StartsWith(ToLower(response.Header("content-type")), "text/") &&
                       !StartsWith(TrimSpace(std::string_view(response.body).substr(0, 256)), "<");
  if (!is_data) HideSent(config_->options, request_.url, headers_.get(), response.body);
  response.body.reserve(response.body.size() + kBodyPadding);
  return std::move(response);
}

void Transfer::Finish(CURLcode code) {
  absl::StatusOr<Response> result = Result(code);
  if (result.ok()) HandOut(receiver_->TakeRest());
  if (result.ok() && connection_key().empty()) config_->handles.Give(std::move(easy_));
  Settle(std::move(result));
}

void Transfer::Cancel() {
  Settle(
      DownstreamError(absl::StatusCode::kCancelled, Concat(who_, ": the request was cancelled.")));
}

void Transfer::Expire(int connections) {
  Settle(DownstreamError(
      absl::StatusCode::kDeadlineExceeded,
      Concat(who_, ": all ", connections, " connections were busy for ",
             Milliseconds(total_timeout_ms_),
             ". Ask for less at a time, or raise httpMaxConnsPerHost or the timeout in the "
             "datasource's settings.")));
}

void Transfer::SetTimeLeft() {
  if (total_timeout_ms_ <= 0) return;
  const auto left =
      std::chrono::ceil<std::chrono::milliseconds>(deadline_ - std::chrono::steady_clock::now());
  curl_easy_setopt(easy(), CURLOPT_TIMEOUT_MS,
                   static_cast<long>(std::max<int64_t>(left.count(), 1)));
}

void Transfer::Fail(absl::Status status) { Settle(std::move(status)); }

void Transfer::Settle(absl::StatusOr<Response> result) {
  easy_.curl.reset();
  const std::lock_guard<std::mutex> lock(mutex_);
  result_ = std::move(result);
  done_.store(true, std::memory_order_release);
  ready_.notify_all();
}

std::optional<Chunk> Transfer::NextPiece(absl::FunctionRef<void()> before_waiting) {
  std::unique_lock<std::mutex> lock(mutex_);
  if (pieces_.empty() && !result_.has_value()) {
    lock.unlock();
    before_waiting();
    lock.lock();
    ready_.wait(lock, [this] { return !pieces_.empty() || result_.has_value(); });
  }
  if (pieces_.empty() || (result_.has_value() && !result_->ok())) return std::nullopt;
  Chunk piece = std::move(pieces_.front());
  pieces_.pop_front();
  return piece;
}

absl::StatusOr<Response> Transfer::Wait() {
  std::unique_lock<std::mutex> lock(mutex_);
  ready_.wait(lock, [this] { return result_.has_value(); });
  if (result_->ok() && !pieces_.empty()) {
    size_t size = 0;
    for (const Chunk& piece : pieces_) size += piece.size();
    std::string& body = (*result_)->body;
    body.reserve(size + kBodyPadding);
    for (const Chunk& piece : pieces_) body += piece.view();
  }
  pieces_.clear();
  return *std::move(result_);
}

}  // namespace spanlog::http
