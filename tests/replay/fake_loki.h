// A Loki that evaluates the queries it gets against the recorded records, as Loki would: half-open
// time range, limit, direction, streams apart, categorized labels only when asked for.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "replay/fake_store.h"
#include "replay/logql.h"
#include "replay/loki_entry.h"

namespace spanlog::replay {

class FakeLoki : public FakeStore {
 public:
  explicit FakeLoki(FixturesPtr fixtures, int port = 0);
  ~FakeLoki() override { Close(); }

  // Adds the records of a case. Records that were recorded for a tenant are seen by requests of
  // that tenant only.
  void Serve(const std::string& case_name);
  void ServeAll();
  void Add(std::vector<LokiEntry> entries);
  void Clear();

  void SetMaxEntries(int limit);                  // max_entries_limit_per_query, 5000 at first
  void SetMaxRangeHours(int hours);               // max_query_length, 721 at first
  void RequireTenant(const std::string& tenant);  // auth_enabled; others see nothing
  // Ignores the categorize-labels flag, as old Lokis and some proxies do.
  void BeOld(bool old);

  std::vector<std::string> Queries() const;  // of query_range, in order

 private:
  struct Range {
    int64_t start = 0, end = 0;
  };

  Reply Answer(const Request& request) override;
  Reply AnswerRange(const Request& request);
  Reply AnswerList(const Request& request,
                   const std::function<void(const LokiEntry&, std::set<std::string>&)>& pick);
  Reply AnswerInstant(const Request& request);
  void CheckRange(const Request& request);
  absl::StatusOr<Range> ReadRange(const Request& request) const;
  bool Sees(const Request& request, const LokiEntry& entry) const;
  std::vector<LokiEntry> Run(const Request& request, const LogQuery& query, const Range& range,
                             int64_t limit) const;

  mutable std::shared_mutex state_;
  std::vector<LokiEntry> entries_;  // guarded by state_
  std::set<std::string> tenants_;   // guarded by state_
  std::string tenant_;              // guarded by state_
  int64_t max_entries_ = 5000;      // guarded by state_
  int64_t max_range_hours_ = 721;   // guarded by state_
  bool old_ = false;                // guarded by state_
};

}  // namespace spanlog::replay
