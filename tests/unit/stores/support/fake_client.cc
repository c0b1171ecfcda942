#include "support/fake_client.h"

#include "base/text.h"

namespace spanlog::stores::testing {
namespace {

std::string Decode(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      out.push_back(static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16)));
      i += 2;
    } else {
      out.push_back(text[i] == '+' ? ' ' : text[i]);
    }
  }
  return out;
}

std::map<std::string, std::string> ReadParams(std::string_view text) {
  std::map<std::string, std::string> params;
  while (!text.empty()) {
    const std::string_view pair = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(pair.size() + 1, text.size()));
    const size_t equals = pair.find('=');
    params[Decode(pair.substr(0, equals))] = Decode(pair.substr(equals + 1));
  }
  return params;
}

class Done : public http::Pending {
 public:
  Done(absl::StatusOr<http::Response> response, const std::string& piecewise)
      : response_(std::move(response)),
        in_pieces_(response_.ok() && response_->status == 200 && !piecewise.empty() &&
                   StartsWith(response_->Header("content-type"), piecewise)) {}

  std::optional<Chunk> NextPiece(absl::FunctionRef<void()>) override {
    constexpr size_t kBytes = 113;
    if (!in_pieces_ || response_->body.size() < kBytes) return std::nullopt;
    std::string piece = response_->body.substr(0, kBytes);
    response_->body.erase(0, kBytes);
    return piece;
  }
  absl::StatusOr<http::Response> Wait() override { return std::move(response_); }

 private:
  absl::StatusOr<http::Response> response_;
  const bool in_pieces_;
};

}  // namespace

std::string Asked::Header(const std::string& name) const {
  for (const auto& [key, value] : headers) {
    if (EqualsIgnoreCase(key, name)) return value;
  }
  return "";
}

http::Response Answer(int status, std::string body, std::string content_type) {
  http::Response response;
  response.status = status;
  response.headers = {{"content-type", std::move(content_type)}};
  response.body = std::move(body);
  return response;
}

std::unique_ptr<http::Pending> FakeClient::Start(http::Request request) {
  Asked one;
  one.method = request.method;
  one.raw_url = request.url;
  one.headers = request.headers;
  one.total_timeout_ms = request.total_timeout_ms;
  const size_t path = request.url.find('/', request.url.find("://") + 3);
  const size_t query = request.url.find('?');
  one.path = Decode(std::string_view(request.url).substr(path, query - path));
  if (query != std::string::npos) one.params = ReadParams(request.url.substr(query + 1));
  if (!request.body.empty()) one.params = ReadParams(request.body);
  asked.push_back(one);
  return std::make_unique<Done>(handler_(one), request.piecewise);
}

}  // namespace spanlog::stores::testing
