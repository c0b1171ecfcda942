// Zipkin's API v2.
#pragma once

#include <memory>
#include <string>

#include "stores/store.h"
#include "stores/upstream.h"

namespace spanlog::stores {

// Thread-safe.
class Zipkin : public TraceStore {
 public:
  Zipkin(std::string base_url, std::shared_ptr<http::Client> client)
      : upstream_("Zipkin", std::move(base_url), std::move(client)) {}

  std::string_view name() const override { return upstream_.store(); }
  absl::StatusOr<Trace> FetchTrace(const TraceId& id, const RequestContext& context) override;
  // Words as in search_words.h.
  absl::StatusOr<std::vector<TraceSummary>> Search(const TraceSearch& search,
                                                   const RequestContext& context) override;
  absl::StatusOr<std::vector<std::string>> Tags(const RequestContext& context) override;
  absl::StatusOr<std::vector<std::string>> TagValues(const std::string& tag,
                                                     const RequestContext& context) override;
  absl::StatusOr<std::vector<std::string>> Services(const RequestContext& context) override;
  absl::StatusOr<std::vector<std::string>> Operations(const std::string& service,
                                                      const RequestContext& context) override;
  absl::Status CheckHealth(const RequestContext& context) override;

 private:
  absl::StatusOr<std::vector<std::string>> List(std::string_view what, Call call,
                                                const RequestContext& context);
  Upstream upstream_;
};

}  // namespace spanlog::stores
