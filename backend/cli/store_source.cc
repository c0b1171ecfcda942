#include <utility>

#include "base/text.h"
#include "cli/source.h"
#include "frame/trace_columns.h"
#include "query/pipeline.h"
#include "settings/query.h"

namespace spanlog::cli {
namespace {

class StoreSource : public Source {
 public:
  StoreSource(std::shared_ptr<query::Datasource> datasource, settings::Query query)
      : datasource_(std::move(datasource)), query_(std::move(query)) {}

  absl::StatusOr<frame::FrameColumns> Trace() override {
    absl::StatusOr<weave::Woven> woven = Weave();
    if (!woven.ok()) return woven.status();
    const settings::Limits& limits = datasource_->settings().limits;
    frame::TraceFrameOptions options;
    options.ref_id = "A";
    options.executed_query = query_.trace_text;
    options.max_attribute_bytes = static_cast<size_t>(limits.attribute_bytes);
    options.max_frame_bytes = static_cast<size_t>(limits.frame_bytes);
    return frame::BuildTraceColumns(*woven, options);
  }

  absl::StatusOr<std::string> Document(exports::Format format) override {
    absl::StatusOr<weave::Woven> woven = Weave();
    if (!woven.ok()) return woven.status();
    return exports::Export(*woven, format);
  }

 private:
  absl::StatusOr<weave::Woven> Weave() {
    query::Reader reader;
    reader.is_terminal = true;
    return query::WeaveTrace(*datasource_, query_, reader, stores::RequestContext());
  }

  std::shared_ptr<query::Datasource> datasource_;
  settings::Query query_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Source>> OpenStores(const Options& options) {
  absl::StatusOr<settings::Settings> settings = settings::ParseSettings(MakeRawSettings(options));
  if (!settings.ok()) return settings.status();
  absl::StatusOr<settings::Query> query = settings::ParseQuery(MakeQueryJson(options), "");
  if (!query.ok()) return query.status();
  if (query->kind != settings::QueryKind::kTrace) {
    return absl::InvalidArgumentError(
        Concat("\"", options.trace_id, "\" is no trace ID: 1 to 32 hexadecimal digits"));
  }
  absl::StatusOr<std::shared_ptr<query::Datasource>> datasource =
      query::Datasource::Create(*std::move(settings), Concat("spanlog/", SPANLOG_VERSION));
  if (!datasource.ok()) return datasource.status();
  return std::make_unique<StoreSource>(*std::move(datasource), *std::move(query));
}

}  // namespace spanlog::cli
