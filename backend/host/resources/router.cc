#include "host/resources/router.h"

#include "base/text.h"
#include "base/utf8.h"
#include "nlohmann/json.hpp"
#include "query/pipeline.h"

namespace spanlog::host {
namespace {

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Form decoding. A % without two hex digits stays as it is.
std::string Decode(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+') {
      out.push_back(' ');
    } else if (text[i] == '%' && i + 2 < text.size() && HexDigit(text[i + 1]) >= 0 &&
               HexDigit(text[i + 2]) >= 0) {
      out.push_back(static_cast<char>(HexDigit(text[i + 1]) << 4 | HexDigit(text[i + 2])));
      i += 2;
    } else {
      out.push_back(text[i]);
    }
  }
  return ToValidUtf8(out);
}

}  // namespace

const std::string& ResourceRequest::Param(const std::string& name) const {
  static const std::string* const empty = new std::string;
  const auto found = params.find(name);
  return found == params.end() ? *empty : found->second;
}

const Route* FindRoute(const std::vector<Route>& routes, std::string_view path) {
  for (const Route& route : routes) {
    if (route.path == path) return &route;
  }
  return nullptr;
}

ResourceRequest ParseResourceRequest(std::string_view method, std::string_view path,
                                     std::string_view url) {
  ResourceRequest request;
  request.method = method.empty() ? "GET" : std::string(method);
  while (StartsWith(path, "/")) path.remove_prefix(1);
  while (EndsWith(path, "/")) path.remove_suffix(1);
  request.path = std::string(path);
  const size_t mark = url.find('?');
  std::string_view query = mark == url.npos ? std::string_view() : url.substr(mark + 1);
  query = query.substr(0, query.find('#'));
  while (!query.empty()) {
    const size_t end = query.find('&');
    const std::string_view pair = query.substr(0, end);
    const size_t equals = pair.find('=');
    if (!pair.empty()) {
      request.params.emplace(Decode(pair.substr(0, equals)),
                             equals == pair.npos ? std::string() : Decode(pair.substr(equals + 1)));
    }
    query = end == query.npos ? std::string_view() : query.substr(end + 1);
  }
  return request;
}

ResourceReply ErrorReplyJson(int code, std::string_view text) {
  ResourceReply reply;
  reply.code = code;
  reply.body = nlohmann::json{{"message", text}, {"error", text}}.dump(
      -1, ' ', false, nlohmann::json::error_handler_t::replace);
  return reply;
}

ResourceReply ErrorReplyJson(const absl::Status& status) {
  const query::ErrorReply reply = query::ToErrorReply(status);
  return ErrorReplyJson(reply.status, reply.text);
}

}  // namespace spanlog::host
