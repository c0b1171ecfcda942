#include "base/errors.h"

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "base/utf8.h"

namespace spanlog {
namespace {

constexpr char kSourceKey[] = "spanlog/source";
constexpr char kHttpStatusKey[] = "spanlog/http_status";
constexpr size_t kHeadBytes = 512;

absl::StatusCode CodeOf(int http_status) {
  switch (http_status) {
    case 400:
      return absl::StatusCode::kInvalidArgument;
    case 401:
      return absl::StatusCode::kUnauthenticated;
    case 403:
      return absl::StatusCode::kPermissionDenied;
    case 404:
      return absl::StatusCode::kNotFound;
    case 413:
    case 422:
      return absl::StatusCode::kOutOfRange;
    case 429:
      return absl::StatusCode::kResourceExhausted;
    case 499:
      return absl::StatusCode::kCancelled;
    case 504:
      return absl::StatusCode::kDeadlineExceeded;
    default:
      return absl::StatusCode::kUnavailable;
  }
}

std::string_view AdviceOf(int http_status) {
  switch (http_status) {
    case 400:
      return "Check the query.";
    case 401:
      return "Check the credentials and the tenant header (X-Scope-OrgID) in the datasource's "
             "settings.";
    case 403:
      return "The credentials have no access; check them and the tenant in the datasource's "
             "settings.";
    case 404:
      return "Check the URL in the datasource's settings.";
    case 413:
      return "The answer is too large; ask for less.";
    case 422:
      return "The trace is over the store's limit (max_bytes_per_trace); raise it or ask for less.";
    case 429:
      return "The store is busy or rate-limited; try again later or raise its limits.";
    case 504:
      return "The store was too slow; narrow the time range or raise its timeout.";
    default:
      if (http_status >= 300 && http_status < 400) {
        return "Redirects are not followed; put the final URL into the datasource's settings.";
      }
      return "Look at the store's own log.";
  }
}

}  // namespace

absl::Status DownstreamError(absl::StatusCode code, std::string message, int http_status) {
  absl::Status status(code, ToValidUtf8(message));
  status.SetPayload(kSourceKey, absl::Cord("downstream"));
  if (http_status != 0) {
    status.SetPayload(kHttpStatusKey, absl::Cord(std::to_string(http_status)));
  }
  return status;
}

absl::Status UpstreamHttpError(std::string_view store, std::string_view what, int http_status,
                               std::string_view body) {
  const std::string head = ErrorBodyHead(body);
  std::string message = Concat(what, ": ", store, " answered ", http_status);
  if (!head.empty()) Append(message, ": ", head);
  Append(message, message.back() == '.' ? " " : ". ", AdviceOf(http_status));
  return DownstreamError(CodeOf(http_status), std::move(message), http_status);
}

absl::Status RequestCancelled() { return absl::CancelledError("Grafana cancelled the request."); }

bool IsDownstream(const absl::Status& status) { return status.GetPayload(kSourceKey).has_value(); }

int UpstreamHttpStatus(const absl::Status& status) {
  const auto payload = status.GetPayload(kHttpStatusKey);
  int64_t http_status = 0;
  if (payload.has_value()) ParseInt64(std::string(*payload), http_status);
  return static_cast<int>(http_status);
}

std::string ErrorBodyHead(std::string_view body) {
  body = TrimSpace(body);
  std::string text;
  if (StartsWith(body, "{") && body.size() < 64 * 1024) {
    const nlohmann::json json = nlohmann::json::parse(body, nullptr, false);
    if (json.is_object()) {
      for (const char* key : {"message", "error", "msg"}) {
        const auto found = json.find(key);
        if (found == json.end()) continue;
        if (found->is_string()) text = found->get<std::string>();
        if (found->is_object() && found->value("message", nlohmann::json()).is_string()) {
          text = (*found)["message"].get<std::string>();
        }
        if (!text.empty()) break;
      }
    }
  } else if (StartsWith(body, "<")) {
    const size_t title = body.find("<title>");
    const size_t end = body.find("</title>");
    text = "an HTML page";
    if (title != body.npos && end != body.npos && end > title + 7) {
      Append(text, " titled \"", TrimSpace(body.substr(title + 7, end - title - 7)), "\"");
    }
  }
  if (text.empty()) text = std::string(body.substr(0, kHeadBytes + 4));
  text = std::string(CutUtf8(ToValidUtf8(text), kHeadBytes));
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  }
  return std::string(TrimSpace(text));
}

}  // namespace spanlog
