// The plugin's resource endpoints (docs/resources.md): one handler per path.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "host/request.h"
#include "host/service.h"

namespace spanlog::host {

struct ResourceRequest {
  std::string path;  // decoded, no slash at either end
  std::string method;
  std::map<std::string, std::string> params;  // decoded; the first of each name

  // Empty when absent.
  const std::string& Param(const std::string& name) const;
};

struct ResourceReply {
  int code = 200;
  std::string content_type = "application/json";
  std::string body;
};

// May block. An error becomes JSON with the status that query/pipeline.h gives it.
using ResourceHandler = absl::StatusOr<ResourceReply> (*)(const ResourceRequest& request,
                                                          const Backend& backend,
                                                          const RequestFacts& facts);

struct Route {
  std::string_view path;
  ResourceHandler handler;
};

// The handler of a path, or null.
const Route* FindRoute(const std::vector<Route>& routes, std::string_view path);

// Splits Grafana's path ("tags/", decoded) and url ("tags?start=1", encoded) up.
ResourceRequest ParseResourceRequest(std::string_view method, std::string_view path,
                                     std::string_view url);

// {"message": text, "error": text}
ResourceReply ErrorReplyJson(int code, std::string_view text);
ResourceReply ErrorReplyJson(const absl::Status& status);

}  // namespace spanlog::host
