// Doubles for what the host asks of the rest of Spanlog.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "host/service.h"

namespace spanlog::host {

class FakeTraceStore : public stores::TraceStore {
 public:
  using Values = absl::StatusOr<std::vector<std::string>>;
  std::function<absl::Status(const stores::RequestContext&)> health = [](const auto&) {
    return absl::OkStatus();
  };
  std::function<Values(const std::string& what, const stores::RequestContext&)> list =
      [](const std::string&, const auto&) { return Values(std::vector<std::string>{}); };

  std::string_view name() const override { return "Tempo"; }
  absl::StatusOr<Trace> FetchTrace(const TraceId&, const stores::RequestContext&) override {
    return absl::NotFoundError("no trace");
  }
  absl::StatusOr<std::vector<stores::TraceSummary>> Search(const stores::TraceSearch&,
                                                           const stores::RequestContext&) override {
    return std::vector<stores::TraceSummary>{};
  }
  Values Tags(const stores::RequestContext& c) override { return list("tags", c); }
  Values TagValues(const std::string& tag, const stores::RequestContext& c) override {
    return list("values of " + tag, c);
  }
  Values Services(const stores::RequestContext& c) override { return list("services", c); }
  Values Operations(const std::string& service, const stores::RequestContext& c) override {
    return list("operations of " + service, c);
  }
  absl::Status CheckHealth(const stores::RequestContext& c) override { return health(c); }
};

class FakeLogStore : public stores::LogStore {
 public:
  using Values = absl::StatusOr<std::vector<std::string>>;
  std::function<absl::Status(const stores::RequestContext&)> health = [](const auto&) {
    return absl::OkStatus();
  };
  std::function<Values(const std::string& what, const stores::RequestContext&)> list =
      [](const std::string&, const auto&) { return Values(std::vector<std::string>{}); };

  absl::StatusOr<LogBatch> FetchLogs(const stores::LogSearch&,
                                     const stores::RequestContext&) override {
    return LogBatch{};
  }
  Values Labels(const stores::RequestContext& c) override { return list("labels", c); }
  Values LabelValues(const std::string& label, const stores::RequestContext& c) override {
    return list("values of " + label, c);
  }
  absl::Status CheckHealth(const stores::RequestContext& c) override { return health(c); }
};

class FakeBackend : public Backend {
 public:
  using RunFunction = std::function<absl::StatusOr<query::Answer>(
      const settings::Query&, const std::string&, const query::Reader&,
      const stores::RequestContext&)>;

  settings::Settings parsed;
  std::unique_ptr<FakeTraceStore> trace_store = std::make_unique<FakeTraceStore>();
  std::unique_ptr<FakeLogStore> log_store = std::make_unique<FakeLogStore>();
  RunFunction run = [](const auto& query, const auto& ref_id, const auto&, const auto&) {
    return query::Answer{{Rope("frame of " + ref_id + " " + query.trace_text)}};
  };

  std::function<absl::StatusOr<weave::Woven>(const settings::Query&)> weave = [](const auto&) {
    return absl::NotFoundError("no trace");
  };

  const settings::Settings& settings() const override { return parsed; }
  stores::TraceStore* traces() const override { return trace_store.get(); }
  stores::LogStore* logs() const override { return log_store.get(); }
  absl::StatusOr<query::Answer> Run(const settings::Query& query, const std::string& ref_id,
                                    const query::Reader& reader,
                                    const stores::RequestContext& context) const override {
    return run(query, ref_id, reader, context);
  }
  absl::StatusOr<weave::Woven> WeaveTrace(const settings::Query& query, const query::Reader&,
                                          const stores::RequestContext&) const override {
    return weave(query);
  }
};

// Opens FakeBackends that `prepare` has changed, and counts them.
struct FakeOpener {
  std::function<void(FakeBackend&)> prepare = [](FakeBackend&) {};
  std::vector<std::weak_ptr<FakeBackend>> opened;
  std::vector<std::string> user_agents;

  OpenBackend Function() {
    return [this](settings::Settings settings,
                  std::string user_agent) -> absl::StatusOr<std::shared_ptr<Backend>> {
      auto backend = std::make_shared<FakeBackend>();
      backend->parsed = std::move(settings);
      prepare(*backend);
      opened.push_back(backend);
      user_agents.push_back(std::move(user_agent));
      return std::shared_ptr<Backend>(std::move(backend));
    };
  }
};

}  // namespace spanlog::host
