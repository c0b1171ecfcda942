// What the tests of the client share.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <string>

#include "base/errors.h"
#include "http/client.h"
#include "replay/http_server.h"

namespace spanlog::http {

// Long before the 30 s that a request without a timeout of its own may take, and long enough for
// a machine under load with sanitizers.
inline constexpr double kSoonMs = 10'000;

inline std::unique_ptr<Client> MakeClient(ClientOptions options = {}) {
  auto client = Client::Create(std::move(options));
  EXPECT_TRUE(client.ok()) << client.status();
  return std::move(client).value();
}

inline Request Get(std::string url, Headers headers = {}) {
  Request request;
  request.url = std::move(url);
  request.headers = std::move(headers);
  return request;
}

// Answers every request with one body, spoilt in one way.
inline replay::HttpServer::Handler Always(std::string body,
                                          replay::Trouble trouble = replay::Trouble::kNone) {
  return [body = std::move(body), trouble](const replay::Request&) {
    replay::Answer answer;
    answer.reply = replay::TextReply(200, body);
    answer.trouble = trouble;
    return answer;
  };
}

// Answers with what it was asked: "GET /path\nname: value\n…\n\nbody".
inline replay::Answer Echo(const replay::Request& request) {
  std::string text = request.method + " " + request.target + "\n";
  for (const auto& [name, value] : request.headers) text += name + ": " + value + "\n";
  replay::Answer answer;
  answer.reply = replay::TextReply(200, text + "\n" + request.body);
  answer.reply.content_type = "message/http";  // data: of a page in text the client hides secrets
  return answer;
}

inline double MsSince(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
      .count();
}

}  // namespace spanlog::http
