#include "stores/upstream.h"

#include <algorithm>

#include "base/errors.h"
#include "base/text.h"

namespace spanlog::stores {
namespace {

std::string QueryString(const Params& params) {
  std::string out;
  for (const auto& [key, value] : params) {
    if (!out.empty()) out.push_back('&');
    Append(out, http::UrlEncode(key), '=', http::UrlEncode(value));
  }
  return out;
}

// Puts the store's name before what its client says: the client knows only a host and a port.
class NamedPending : public http::Pending {
 public:
  NamedPending(std::unique_ptr<http::Pending> inner, std::string store)
      : inner_(std::move(inner)), store_(std::move(store)) {}

  std::optional<Chunk> NextPiece(absl::FunctionRef<void()> before_waiting) override {
    return inner_->NextPiece(before_waiting);
  }

  absl::StatusOr<http::Response> Wait() override {
    absl::StatusOr<http::Response> response = inner_->Wait();
    if (response.ok()) return response;
    const absl::Status& failure = response.status();
    absl::Status named(failure.code(), Concat(store_, " at ", std::string(failure.message())));
    failure.ForEachPayload(
        [&](absl::string_view key, const absl::Cord& value) { named.SetPayload(key, value); });
    return named;
  }

 private:
  std::unique_ptr<http::Pending> inner_;
  std::string store_;
};

}  // namespace

int CallContext::TimeoutMs() const {
  if (request_.deadline_ms <= 0) return -1;
  const auto used = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - started_);
  return static_cast<int>(std::clamp<int64_t>(request_.deadline_ms - used.count(), 1, 86'400'000));
}

std::unique_ptr<http::Pending> Upstream::Start(Call call, const CallContext& context) const {
  http::Request request;
  request.url = http::JoinUrl(base_url_, call.path);
  request.headers = std::move(call.headers);
  request.piecewise = std::move(call.piecewise);
  for (const auto& [name, value] : context.request().forwarded_headers) {
    request.headers.emplace_back(name, value);
    Append(request.connection_key, name, ':', value.size(), ':', value);
  }
  std::string parameters = QueryString(call.params);
  if (call.form) {
    request.method = "POST";
    request.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
    request.body = std::move(parameters);
  } else if (!parameters.empty()) {
    Append(request.url, '?', parameters);
  }
  request.total_timeout_ms = context.TimeoutMs();
  request.cancellation = context.request().cancellation;
  return std::make_unique<NamedPending>(client_->Start(std::move(request)), store_);
}

absl::StatusOr<http::Response> Upstream::FetchOk(std::string_view what, Call call,
                                                 const CallContext& context) const {
  absl::StatusOr<http::Response> response = Fetch(std::move(call), context);
  if (!response.ok()) return response;
  if (absl::Status status = CheckAnswer(what, *response); !status.ok()) return status;
  return response;
}

absl::Status Upstream::CheckAnswer(std::string_view what, const http::Response& response) const {
  if (response.status != 200) {
    return UpstreamHttpError(store_, what, response.status, response.body);
  }
  if (!IsWebPage(response)) return absl::OkStatus();
  return DownstreamError(
      absl::StatusCode::kFailedPrecondition,
      Concat(what, ": ", store_, " answered with ", ErrorBodyHead(TrimSpace(response.body)),
             " instead of data. It may be a login page or another server: check the URL and the "
             "credentials in the datasource's settings."),
      response.status);
}

absl::Status Upstream::Unreadable(std::string_view what, std::string_view expected) const {
  return DownstreamError(
      absl::StatusCode::kDataLoss,
      Concat(
          what, ": ", store_, " gave an answer that is not ", expected,
          ", or it was cut on the way. Check that the URL in the datasource's settings is that of ",
          store_, " and that no proxy changes its answers."));
}

bool IsWebPage(const http::Response& response) {
  if (StartsWith(ToLower(response.Header("content-type")), "text/html")) return true;
  const std::string_view body = TrimSpace(std::string_view(response.body).substr(0, 256));
  return EqualsIgnoreCase(body.substr(0, 14), "<!doctype html") ||
         EqualsIgnoreCase(body.substr(0, 5), "<html");
}

}  // namespace spanlog::stores
