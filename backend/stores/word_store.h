// What trace stores without a query language of their own have in common: search words
// (search_words.h) and no list of tags.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "stores/store.h"
#include "stores/upstream.h"

namespace spanlog::stores {

// Thread-safe.
class WordStore : public TraceStore {
 public:
  std::string_view name() const final { return upstream_.store(); }
  // The words that search understands.
  absl::StatusOr<std::vector<std::string>> Tags(const RequestContext& context) final;
  // Values of `service`; nothing for other words.
  absl::StatusOr<std::vector<std::string>> TagValues(const std::string& tag,
                                                     const RequestContext& context) final;
  // Lists the services: that needs the right URL and credentials.
  absl::Status CheckHealth(const RequestContext& context) final;

 protected:
  WordStore(std::string store, std::string base_url, std::shared_ptr<http::Client> client)
      : upstream_(std::move(store), std::move(base_url), std::move(client)) {}

  const Upstream upstream_;
};

}  // namespace spanlog::stores
