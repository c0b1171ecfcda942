// Zipkin's API v2.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "stores/word_store.h"

namespace spanlog::stores {

// Thread-safe.
class Zipkin : public WordStore {
 public:
  Zipkin(std::string base_url, std::shared_ptr<http::Client> client)
      : WordStore("Zipkin", std::move(base_url), std::move(client)) {}

  absl::StatusOr<Trace> FetchTrace(const TraceId& id, const RequestContext& context) override;
  absl::StatusOr<std::vector<TraceSummary>> Search(const TraceSearch& search,
                                                   const RequestContext& context) override;
  absl::StatusOr<std::vector<std::string>> Services(const RequestContext& context) override;
  absl::StatusOr<std::vector<std::string>> Operations(const std::string& service,
                                                      const RequestContext& context) override;

 private:
  absl::StatusOr<std::vector<std::string>> List(std::string_view what, Call call,
                                                const RequestContext& context);
};

}  // namespace spanlog::stores
