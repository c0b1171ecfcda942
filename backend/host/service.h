// What the host asks of the rest of Spanlog. The executable gives it the query room
// (query_backend.h); tests give it doubles.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "query/pipeline.h"
#include "settings/query.h"
#include "settings/settings.h"
#include "stores/store.h"

namespace spanlog::host {

// One datasource. Thread-safe; lives as long as anything that uses it.
class Backend {
 public:
  virtual ~Backend() = default;
  virtual const settings::Settings& settings() const = 0;
  virtual stores::TraceStore* traces() const = 0;  // null: no URL configured
  virtual stores::LogStore* logs() const = 0;      // null: no URL configured

  // As in query/pipeline.h. Both block.
  virtual absl::StatusOr<query::Answer> Run(const settings::Query& query, const std::string& ref_id,
                                            const query::Reader& reader,
                                            const stores::RequestContext& context) const = 0;
  virtual absl::StatusOr<weave::Woven> WeaveTrace(const settings::Query& query,
                                                  const query::Reader& reader,
                                                  const stores::RequestContext& context) const = 0;

  // A list of values of `key` as this reader may see it (query/reader_policy.h).
  virtual absl::StatusOr<std::vector<std::string>> Visible(
      std::string_view /*key*/, absl::StatusOr<std::vector<std::string>> values,
      const query::Reader& /*reader*/) const {
    return values;
  }
};

// Makes one; connects to nothing yet. InvalidArgument when the settings do not hold.
using OpenBackend = std::function<absl::StatusOr<std::shared_ptr<Backend>>(
    settings::Settings settings, std::string user_agent)>;

}  // namespace spanlog::host
