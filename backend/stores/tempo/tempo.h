// Grafana Tempo, any version: v2 protobuf first, v1 where the router does not know v2.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include "stores/store.h"
#include "stores/upstream.h"

namespace spanlog::stores {

// Thread-safe.
class Tempo : public TraceStore {
 public:
  Tempo(std::string base_url, std::shared_ptr<http::Client> client)
      : upstream_("Tempo", std::move(base_url), std::move(client)) {}

  std::string_view name() const override { return upstream_.store(); }
  absl::StatusOr<Trace> FetchTrace(const TraceId& id, const RequestContext& context) override;
  absl::StatusOr<std::vector<TraceSummary>> Search(const TraceSearch& search,
                                                   const RequestContext& context) override;
  absl::Status AddAgentSpans(const TraceSearch& search, bool with_content,
                             std::vector<TraceSummary>& found,
                             const RequestContext& context) override;
  absl::StatusOr<std::vector<std::string>> Tags(const RequestContext& context) override;
  absl::StatusOr<std::vector<std::string>> TagValues(const std::string& tag,
                                                     const RequestContext& context) override;
  absl::StatusOr<std::vector<std::string>> Services(const RequestContext& context) override;
  absl::StatusOr<std::vector<std::string>> Operations(const std::string& service,
                                                      const RequestContext& context) override;
  absl::Status CheckHealth(const RequestContext& context) override;

 private:
  absl::StatusOr<std::vector<std::string>> TagValuesWhere(const std::string& tag,
                                                          const std::string& filter,
                                                          const CallContext& context);
  absl::Status CheckAccess(const CallContext& context);
  // Reads the trace while it comes in. `missing` gets a 404, for its words.
  absl::StatusOr<Trace> Ask(const TraceId& id, bool v2, const CallContext& context,
                            std::optional<http::Response>& missing);
  // True while a Tempo without v2 is known. Asked again after a while: Tempo may have been
  // upgraded.
  bool SkipV2() const;

  Upstream upstream_;
  std::atomic<int64_t> no_v2_until_ms_{0};
};

}  // namespace spanlog::stores
