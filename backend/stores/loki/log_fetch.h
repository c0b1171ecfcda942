// One walk down the ladder: which queries are asked for one trace, and when it is enough.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "settings/settings.h"
#include "stores/layout/record_layout.h"
#include "stores/loki/ladder.h"
#include "stores/loki/pager.h"
#include "stores/upstream.h"

namespace spanlog::stores {

// Used once, on one thread.
class LogFetch {
 public:
  LogFetch(const Upstream& upstream, const settings::LogSettings& settings,
           std::shared_ptr<const LayoutOptions> layout, std::atomic<int>& entries_limit,
           const LogSearch& search, const CallContext& context);

  absl::StatusOr<LogBatch> Run();

 private:
  struct Rung {
    std::string query;
    Window window;
  };

  // Asks all at once and takes the answers in this order. Rungs asked before are left out.
  void Ask(std::vector<Rung> rungs);
  // The same, without records that name another trace.
  void AskForTrace(std::vector<Rung> rungs);
  void RunConfigured(const std::string& query);
  void RunLadder(const std::string& own_selector);
  void AskForSession(const std::string& selector, const Window& window);
  void AskEverywhere();
  absl::StatusOr<LogBatch> Result();

  // Services of the trace without a record so far.
  std::vector<std::string> ServicesWithoutRecords();
  // Together they hold all streams, also those without service_name. Empty: there are no streams.
  std::vector<std::string> SelectorsOfAllStreams(const Window& window);
  // The trace's time, each shift multiplied.
  Window Around(int widened) const;

  const Upstream& upstream_;
  const settings::LogSettings& settings_;
  const LogSearch& search_;
  const CallContext& context_;
  Ladder ladder_;
  std::shared_ptr<Arena> layout_arena_ = std::make_shared<Arena>();
  RecordLayout layout_;
  Pager pager_;
  std::vector<Rung> asked_;
  std::vector<std::pair<std::string, absl::Status>> failures_;
  bool any_answer_ = false;
  bool stop_ = false;  // the store does not answer; further queries would not fare better
};

// Names in an answer of /labels or /label/…/values. Nothing when it is no such answer.
std::optional<std::vector<std::string>> NamesIn(std::string body);

}  // namespace spanlog::stores
