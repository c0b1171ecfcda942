// One query from settings to frames: fetch, read, weave, filter, encode.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "base/compute_turn.h"
#include "base/rope.h"
#include "query/datasource.h"
#include "settings/query.h"
#include "stores/store.h"
#include "weave/woven.h"

namespace spanlog::query {

// The reader of an answer, for the content policy.
struct Reader {
  std::string login;
  std::string role;          // "Viewer", "Editor", "Admin"; empty: none (backend-initiated)
  int64_t org_id = 0;        // of Grafana
  bool from_alert = false;   // alerting
  bool is_terminal = false;  // `spanlog`, no policy
};

struct Answer {
  std::vector<Rope> frames;  // Arrow IPC files, the trace frame first
};

// Runs one query. Blocks; call it on a worker thread.
absl::StatusOr<Answer> Run(const Datasource& datasource, const settings::Query& query,
                           const std::string& ref_id, const Reader& reader,
                           const stores::RequestContext& context);

// The same up to the woven trace, policy applied: for exports and the terminal.
absl::StatusOr<weave::Woven> WeaveTrace(const Datasource& datasource, const settings::Query& query,
                                        const Reader& reader,
                                        const stores::RequestContext& context);
// For who has more to do with it: `turn` is taken once everything is fetched.
absl::StatusOr<weave::Woven> WeaveTrace(const Datasource& datasource, const settings::Query& query,
                                        const Reader& reader, const stores::RequestContext& context,
                                        ComputeTurn& turn);

// How Grafana is told of a failure. The only place that decides it.
struct ErrorReply {
  int status = 500;
  std::string source;  // "plugin" | "downstream"
  std::string text;    // valid UTF-8, bounded
};
ErrorReply ToErrorReply(const absl::Status& status);

}  // namespace spanlog::query
