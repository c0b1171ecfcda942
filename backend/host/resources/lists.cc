#include "host/resources/lists.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "nlohmann/json.hpp"

namespace spanlog::host {
namespace {

using Values = absl::StatusOr<std::vector<std::string>>;

absl::StatusOr<ResourceReply> Reply(const Backend& backend, const RequestFacts& facts,
                                    std::string_view key, Values values) {
  Values visible = backend.Visible(key, std::move(values), facts.reader);
  if (!visible.ok()) return visible.status();
  return ValuesReply(*std::move(visible));
}

absl::Status Missing(std::string_view param) {
  return absl::InvalidArgumentError(Concat("the parameter `", param, "` is missing"));
}

absl::Status NoTraceStore() {
  return absl::FailedPreconditionError(
      "No trace store is configured: set its URL in the datasource's settings.");
}

absl::Status NoLogStore() {
  return absl::FailedPreconditionError(
      "No log store is configured: set Loki's URL in the datasource's settings.");
}

stores::RequestContext TraceContext(const ResourceRequest& request, const Backend& backend,
                                    const RequestFacts& facts) {
  stores::RequestContext context = ContextOf(facts, backend.settings());
  constexpr int64_t kLatest = 4'000'000'000;  // seconds; far beyond it the ns would overflow
  int64_t start = 0, end = 0;
  const bool has_range = ParseInt64(request.Param("start"), start) &&
                         ParseInt64(request.Param("end"), end) && start > 0 && end > start &&
                         end < kLatest;
  if (has_range) {
    context.list_start_ns = start * 1'000'000'000;
    context.list_end_ns = end * 1'000'000'000;
  }
  return context;
}

}  // namespace

ResourceReply ValuesReply(std::vector<std::string> values) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  ResourceReply reply;
  reply.body = nlohmann::json{{"values", values}}.dump(-1, ' ', false,
                                                       nlohmann::json::error_handler_t::replace);
  return reply;
}

absl::StatusOr<ResourceReply> ListTags(const ResourceRequest& request, const Backend& backend,
                                       const RequestFacts& facts) {
  if (backend.traces() == nullptr) return NoTraceStore();
  return Reply(backend, facts, "", backend.traces()->Tags(TraceContext(request, backend, facts)));
}

absl::StatusOr<ResourceReply> ListTagValues(const ResourceRequest& request, const Backend& backend,
                                            const RequestFacts& facts) {
  if (backend.traces() == nullptr) return NoTraceStore();
  if (request.Param("tag").empty()) return Missing("tag");
  return Reply(
      backend, facts, request.Param("tag"),
      backend.traces()->TagValues(request.Param("tag"), TraceContext(request, backend, facts)));
}

absl::StatusOr<ResourceReply> ListServices(const ResourceRequest& request, const Backend& backend,
                                           const RequestFacts& facts) {
  if (backend.traces() == nullptr) return NoTraceStore();
  return Reply(backend, facts, "service.name",
               backend.traces()->Services(TraceContext(request, backend, facts)));
}

absl::StatusOr<ResourceReply> ListOperations(const ResourceRequest& request, const Backend& backend,
                                             const RequestFacts& facts) {
  if (backend.traces() == nullptr) return NoTraceStore();
  return Reply(backend, facts, "name",
               backend.traces()->Operations(request.Param("service"),
                                            TraceContext(request, backend, facts)));
}

absl::StatusOr<ResourceReply> ListLogLabels(const ResourceRequest& request, const Backend& backend,
                                            const RequestFacts& facts) {
  if (backend.logs() == nullptr) return NoLogStore();
  return Reply(backend, facts, "",
               backend.logs()->Labels(TraceContext(request, backend, facts).ForLogs()));
}

absl::StatusOr<ResourceReply> ListLogLabelValues(const ResourceRequest& request,
                                                 const Backend& backend,
                                                 const RequestFacts& facts) {
  if (backend.logs() == nullptr) return NoLogStore();
  if (request.Param("name").empty()) return Missing("name");
  return Reply(backend, facts, request.Param("name"),
               backend.logs()->LabelValues(request.Param("name"),
                                           TraceContext(request, backend, facts).ForLogs()));
}

}  // namespace spanlog::host
