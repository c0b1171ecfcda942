// Jaeger's query service: /api/v3 (OTLP JSON) first, the UI's /api/traces where a server lacks it.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include "stores/search_words.h"
#include "stores/store.h"
#include "stores/upstream.h"

namespace spanlog::stores {

// Thread-safe.
class Jaeger : public TraceStore {
 public:
  Jaeger(std::string base_url, std::shared_ptr<http::Client> client)
      : upstream_("Jaeger", std::move(base_url), std::move(client)) {}

  std::string_view name() const override { return upstream_.store(); }
  absl::StatusOr<Trace> FetchTrace(const TraceId& id, const RequestContext& context) override;
  // Words as in search_words.h; a service is required by Jaeger.
  absl::StatusOr<std::vector<TraceSummary>> Search(const TraceSearch& search,
                                                   const RequestContext& context) override;
  // Jaeger keeps no list of tags: the words that search understands.
  absl::StatusOr<std::vector<std::string>> Tags(const RequestContext& context) override;
  absl::StatusOr<std::vector<std::string>> TagValues(const std::string& tag,
                                                     const RequestContext& context) override;
  absl::StatusOr<std::vector<std::string>> Services(const RequestContext& context) override;
  absl::StatusOr<std::vector<std::string>> Operations(const std::string& service,
                                                      const RequestContext& context) override;
  absl::Status CheckHealth(const RequestContext& context) override;

 private:
  // Asks v3, and v1 where the server knows no v3. `v3` says whose answer it is.
  struct Answered {
    http::Response response;
    bool v3 = false;
  };
  absl::StatusOr<Answered> FetchEither(Call v3, Call v1, const CallContext& context);

  Upstream upstream_;
  std::atomic<int64_t> no_v3_until_ms_{0};
};

}  // namespace spanlog::stores
