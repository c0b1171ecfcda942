// libcurl's failures in our own words and codes.
#pragma once

#include <curl/curl.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace spanlog::http {

// Facts about one failed transfer.
struct Failure {
  CURLcode code = CURLE_OK;
  std::string who;          // "http://tempo:3200"
  std::string proxy;        // "http://proxy:3128"; empty: none
  std::string_view detail;  // libcurl's and OpenSSL's own words
  int os_error = 0;         // errno of the failed connect
  int proxy_status = 0;     // HTTP status of the proxy's answer to CONNECT
  bool connected = false;   // a connection, TLS included, was made
  int64_t received = 0;     // bytes of body so far
  bool headers_seen = false;
  int total_timeout_ms = 0;
  int connect_timeout_ms = 0;
  double elapsed_ms = 0;
  bool own_ca = false;       // the settings name a CA
  bool system_roots = true;  // the machine has a CA bundle
};

// A DownstreamError: "<who>: <what happened>. <what to check>".
absl::Status FailureToStatus(const Failure& failure);

// True when no connection was made: nothing has reached the server. Not for TLS failures.
bool FailedToConnect(const absl::Status& status);

// "250 ms", "30 s", "1.5 s".
std::string Milliseconds(int64_t ms);

}  // namespace spanlog::http
