#include "http/curl_errors.h"

#include <cstring>

#include "base/errors.h"
#include "base/text.h"

namespace spanlog::http {
namespace {

using absl::StatusCode;

struct Row {
  CURLcode code;
  StatusCode status;
  std::string_view what;  // empty: libcurl's words
  std::string_view advice;
};

constexpr char kNoConnectionKey[] = "spanlog/no_connection";

constexpr std::string_view kCheckStore =
    "Check that the server runs and look at its log; a proxy or load balancer on the way may have "
    "closed the connection.";
constexpr std::string_view kCheckPort =
    "Check that the URL's port is the one for HTTP (not gRPC or another protocol).";
constexpr std::string_view kCheckProxy =
    "Check HTTP_PROXY, HTTPS_PROXY and NO_PROXY in Grafana's environment.";

constexpr Row kRows[] = {
    {CURLE_UNSUPPORTED_PROTOCOL, StatusCode::kUnavailable, "the answer is not HTTP/1.1",
     kCheckPort},
    {CURLE_HTTP2, StatusCode::kUnavailable, "the answer is not HTTP/1.1", kCheckPort},
    {CURLE_WEIRD_SERVER_REPLY, StatusCode::kUnavailable, "the answer is not valid HTTP",
     kCheckPort},
    {CURLE_URL_MALFORMAT, StatusCode::kInvalidArgument, "the URL is not valid",
     "Check the URL in the datasource's settings."},
    {CURLE_COULDNT_RESOLVE_HOST, StatusCode::kUnavailable, "the host name cannot be resolved",
     "Check the host name in the URL and the DNS of the machine that Grafana runs on."},
    {CURLE_COULDNT_RESOLVE_PROXY, StatusCode::kUnavailable,
     "the proxy's host name cannot be resolved", kCheckProxy},
    {CURLE_PROXY, StatusCode::kUnavailable, "the proxy failed", kCheckProxy},
    {CURLE_PARTIAL_FILE, StatusCode::kDataLoss, "the connection ended before the answer was whole",
     kCheckStore},
    {CURLE_GOT_NOTHING, StatusCode::kUnavailable, "the connection was closed without an answer",
     kCheckStore},
    {CURLE_SEND_ERROR, StatusCode::kUnavailable, "the connection broke while the request was sent",
     kCheckStore},
    {CURLE_RECV_ERROR, StatusCode::kUnavailable, "the connection was reset", kCheckStore},
    {CURLE_OUT_OF_MEMORY, StatusCode::kResourceExhausted, "out of memory", "Ask for less."},
    {CURLE_WRITE_ERROR, StatusCode::kResourceExhausted, "out of memory", "Ask for less."},
};

bool IsTls(const Failure& failure) {
  switch (failure.code) {
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CLIENTCERT:
      return true;
    default:
      // TLS 1.3 refuses a client certificate only after the handshake, as a failed read or write.
      return (failure.code == CURLE_RECV_ERROR || failure.code == CURLE_SEND_ERROR) &&
             Contains(failure.detail, "alert");
  }
}

std::string_view TlsAdvice(const Failure& failure) {
  const std::string_view detail = failure.detail;
  if (Contains(detail, "does not match") || Contains(detail, "no alternative certificate")) {
    return "The certificate is for another host name: correct the URL, or set the server name "
           "(serverName) that the certificate carries.";
  }
  if (Contains(detail, "expired") || Contains(detail, "not yet valid")) {
    return "Renew the server's certificate, or correct the clock.";
  }
  if (Contains(detail, "alert") || Contains(detail, "handshake failure")) {
    return "The server refused the handshake: it may ask for a TLS client certificate (tlsAuth), "
           "or "
           "not know the one that is set.";
  }
  if (Contains(detail, "wrong version number") || Contains(detail, "packet length too long") ||
      Contains(detail, "http request")) {
    return "The server does not seem to speak TLS on this port: try http:// in the URL.";
  }
  if (Contains(detail, "reset") || Contains(detail, "SYSCALL") || Contains(detail, "closed")) {
    return "The server ended the handshake: it may not speak TLS on this port (then try http:// in "
           "the URL), or not the TLS versions 1.2 and 1.3.";
  }
  if (failure.code == CURLE_PEER_FAILED_VERIFICATION) {
    if (failure.own_ca) {
      return "The CA certificate in the settings (tlsCACert) did not issue the server's "
             "certificate.";
    }
    if (!failure.system_roots) {
      return "No CA certificates were found on this machine: install ca-certificates, or set the "
             "CA "
             "certificate (tlsAuthWithCACert).";
    }
    return "Set the CA certificate that issued the server's (tlsAuthWithCACert).";
  }
  return "Check the TLS settings of the datasource and of the server.";
}

absl::Status Say(const Failure& failure, StatusCode code, std::string_view what,
                 std::string_view advice) {
  std::string message = failure.who;
  if (!failure.proxy.empty()) Append(message, " (through proxy ", failure.proxy, ")");
  Append(message, ": ", what, ". ", advice);
  return DownstreamError(code, std::move(message));
}

absl::Status Timeout(const Failure& failure) {
  if (!failure.connected) {
    return Say(
        failure, StatusCode::kDeadlineExceeded,
        Concat("no connection within ", Milliseconds(static_cast<int64_t>(failure.elapsed_ms))),
        "Check host and port in the URL, and firewalls between Grafana and the server.");
  }
  const std::string after = Milliseconds(failure.total_timeout_ms);
  const std::string what = failure.headers_seen ? Concat("the answer was not whole within ", after,
                                                         " (", failure.received, " bytes came)")
                                                : Concat("no answer within ", after);
  return Say(failure, StatusCode::kDeadlineExceeded, what,
             "Ask for less, or raise the timeout in the datasource's settings.");
}

absl::Status NoConnection(const Failure& failure) {
  const char* reason = failure.os_error == 0 ? nullptr : strerrordesc_np(failure.os_error);
  std::string what = failure.proxy.empty() ? "cannot connect" : "cannot connect to the proxy";
  if (reason != nullptr) Append(what, ": ", reason);
  return Say(failure, StatusCode::kUnavailable, what,
             failure.proxy.empty()
                 ? "Check that the server runs, that host and port in the URL are right and can be "
                   "reached from the machine that Grafana runs on."
                 : kCheckProxy);
}

absl::Status Describe(const Failure& failure) {
  if (failure.code == CURLE_OPERATION_TIMEDOUT) return Timeout(failure);
  if (failure.proxy_status >= 300) {
    return Say(failure, StatusCode::kUnavailable,
               Concat("the proxy answered ", failure.proxy_status), kCheckProxy);
  }
  if (IsTls(failure)) {
    const std::string_view detail =
        failure.detail.empty() ? curl_easy_strerror(failure.code) : failure.detail;
    return Say(failure, StatusCode::kFailedPrecondition, Concat("TLS failed: ", detail),
               TlsAdvice(failure));
  }
  if (failure.code == CURLE_COULDNT_CONNECT) return NoConnection(failure);
  if (failure.code == CURLE_RECV_ERROR && failure.headers_seen) {
    return Say(failure, StatusCode::kUnavailable,
               Concat("the connection was reset in mid-answer, after ", failure.received, " bytes"),
               kCheckStore);
  }
  for (const Row& row : kRows) {
    if (row.code == failure.code) return Say(failure, row.status, row.what, row.advice);
  }
  return Say(failure, StatusCode::kUnavailable, curl_easy_strerror(failure.code), kCheckStore);
}

}  // namespace

std::string Milliseconds(int64_t ms) {
  if (ms < 1000) return Concat(ms, " ms");
  return Concat(DoubleToText(static_cast<double>(ms / 100) / 10), " s");
}

bool FailedToConnect(const absl::Status& status) {
  return status.GetPayload(kNoConnectionKey).has_value();
}

absl::Status FailureToStatus(const Failure& failure) {
  absl::Status status = Describe(failure);
  const bool proxy_refused = failure.proxy_status >= 300;
  if (!proxy_refused &&
      (failure.code == CURLE_COULDNT_CONNECT || failure.code == CURLE_COULDNT_RESOLVE_HOST ||
       failure.code == CURLE_COULDNT_RESOLVE_PROXY)) {
    status.SetPayload(kNoConnectionKey, absl::Cord());
  }
  return status;
}

}  // namespace spanlog::http
