// Jaeger's query service: /api/v3 (OTLP JSON) first, the UI's /api/traces where a server lacks it.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "stores/word_store.h"

namespace spanlog::stores {

// Thread-safe.
class Jaeger : public WordStore {
 public:
  Jaeger(std::string base_url, std::shared_ptr<http::Client> client)
      : WordStore("Jaeger", std::move(base_url), std::move(client)) {}

  absl::StatusOr<Trace> FetchTrace(const TraceId& id, const RequestContext& context) override;
  // A service is required by Jaeger.
  absl::StatusOr<std::vector<TraceSummary>> Search(const TraceSearch& search,
                                                   const RequestContext& context) override;
  absl::StatusOr<std::vector<std::string>> Services(const RequestContext& context) override;
  absl::StatusOr<std::vector<std::string>> Operations(const std::string& service,
                                                      const RequestContext& context) override;

 private:
  // Asks v3, and v1 where the server knows no v3 or v3 fails. `v3` says whose answer it is.
  struct Answered {
    http::Response response;
    bool v3 = false;
  };
  absl::StatusOr<Answered> FetchEither(std::string_view what, Call v3, Call v1,
                                       const CallContext& context);

  std::atomic<int64_t> no_v3_until_ms_{0};
};

}  // namespace spanlog::stores
