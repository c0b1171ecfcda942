#include "host/query_backend.h"

#include <utility>

#include "query/pipeline.h"

namespace spanlog::host {
namespace {

class QueryBackend final : public Backend {
 public:
  explicit QueryBackend(std::shared_ptr<query::Datasource> datasource)
      : datasource_(std::move(datasource)) {}

  const settings::Settings& settings() const override { return datasource_->settings(); }
  stores::TraceStore* traces() const override { return datasource_->traces(); }
  stores::LogStore* logs() const override { return datasource_->logs(); }

  absl::StatusOr<query::Answer> Run(const settings::Query& query, const std::string& ref_id,
                                    const query::Reader& reader,
                                    const stores::RequestContext& context) const override {
    return query::Run(*datasource_, query, ref_id, reader, context);
  }
  absl::StatusOr<weave::Woven> WeaveTrace(const settings::Query& query, const query::Reader& reader,
                                          const stores::RequestContext& context) const override {
    return query::WeaveTrace(*datasource_, query, reader, context);
  }

 private:
  const std::shared_ptr<query::Datasource> datasource_;
};

}  // namespace

absl::StatusOr<std::shared_ptr<Backend>> OpenQueryBackend(settings::Settings settings,
                                                          std::string user_agent) {
  auto datasource = query::Datasource::Create(std::move(settings), std::move(user_agent));
  if (!datasource.ok()) return datasource.status();
  return std::make_shared<QueryBackend>(*std::move(datasource));
}

}  // namespace spanlog::host
