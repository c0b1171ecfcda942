#include "stores/jaeger/jaeger_errors.h"

#include "base/errors.h"
#include "base/text.h"
#include "stores/json/json_body.h"

namespace spanlog::stores {
namespace {

// {"data":null,"errors":[{"code":400,"msg":"…"}]} is v1's way to say what is wrong.
std::string WordsOf(const http::Response& response) {
  const auto body = JsonBody::Parse(response.body);
  if (body.has_value()) {
    if (const auto errors = ArrayMember(body->root(), "errors")) {
      for (const JsonElement error : *errors) return std::string(TextMember(error, "msg"));
    }
  }
  return response.body;
}

}  // namespace

bool LacksPath(const http::Response& response) {
  if (response.status == 501 || response.status == 405) return true;
  if (IsWebPage(response)) return true;
  // VictoriaTraces says so with 400.
  if (response.status == 400 && Contains(response.body, "unsupported path")) return true;
  return response.status == 404 && !StartsWith(TrimSpace(response.body), "{");
}

absl::Status CheckJaeger(const Upstream& upstream, std::string_view what,
                         const http::Response& response) {
  if (response.status == 200) return upstream.CheckAnswer(what, response);
  return UpstreamHttpError("Jaeger", what, response.status, WordsOf(response));
}

}  // namespace spanlog::stores
