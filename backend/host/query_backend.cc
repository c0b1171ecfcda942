#include "host/query_backend.h"

#include <utility>

#include "host/audit.h"
#include "host/log.h"
#include "query/pipeline.h"
#include "query/reader_policy.h"

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
    return Read(query, reader, query::Run(*datasource_, query, ref_id, reader, context));
  }
  absl::StatusOr<weave::Woven> WeaveTrace(const settings::Query& query, const query::Reader& reader,
                                          const stores::RequestContext& context) const override {
    return Read(query, reader, query::WeaveTrace(*datasource_, query, reader, context));
  }
  absl::StatusOr<std::vector<std::string>> Visible(std::string_view key,
                                                   absl::StatusOr<std::vector<std::string>> values,
                                                   const query::Reader& reader) const override {
    return query::VisibleValues(*datasource_, reader, key, std::move(values));
  }

 private:
  // What every answer passes on its way out.
  template <typename Answer>
  absl::StatusOr<Answer> Read(const settings::Query& query, const query::Reader& reader,
                              absl::StatusOr<Answer> answer) const {
    if (!answer.ok()) return query::VisibleError(*datasource_, reader, answer.status());
    if (datasource_->policy().audit) {
      AuditRead(settings().uid, query, reader, query::LevelOf(*datasource_, reader));
    }
    return answer;
  }

  const std::shared_ptr<query::Datasource> datasource_;
};

}  // namespace

absl::StatusOr<std::shared_ptr<Backend>> OpenQueryBackend(settings::Settings settings,
                                                          std::string user_agent) {
  const auto on_retry = [uid = settings.uid](std::string_view store,
                                             const http::RetryEvent& event) {
    Log(LogLevel::kDebug, "request to a store is sent again",
        {{"dsUid", std::string_view(uid)},
         {"store", store},
         {"attempt", static_cast<int64_t>(event.attempt)},
         {"delayMs", static_cast<int64_t>(event.delay_ms)},
         {"reason", std::string_view(event.reason)}});
  };
  auto datasource = query::Datasource::Create(std::move(settings), std::move(user_agent), on_retry);
  if (!datasource.ok()) return datasource.status();
  return std::make_shared<QueryBackend>(*std::move(datasource));
}

}  // namespace spanlog::host
