// An HTTP client without a network: a function answers, and what was asked is kept. Who asks for
// pieces gets short ones, so that no reader may care where a body is cut.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "http/client.h"

namespace spanlog::stores::testing {

struct Asked {
  std::string method;
  std::string path;                           // decoded
  std::map<std::string, std::string> params;  // of the URL or of a form, decoded
  http::Headers headers;
  std::string raw_url;
  int total_timeout_ms = 0;

  std::string Header(const std::string& name) const;
};

http::Response Answer(int status, std::string body,
                      std::string content_type = "application/json; charset=UTF-8");

class FakeClient : public http::Client {
 public:
  using Handler = std::function<absl::StatusOr<http::Response>(const Asked&)>;
  explicit FakeClient(Handler handler) : handler_(std::move(handler)) {}

  std::unique_ptr<http::Pending> Start(http::Request request) override;

  std::vector<Asked> asked;

 private:
  Handler handler_;
};

}  // namespace spanlog::stores::testing
