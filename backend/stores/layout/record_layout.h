// Finds trace id, span id, level, message and service of a log record, wherever its producer put
// them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "model/log_record.h"
#include "stores/layout/facts.h"
#include "stores/layout/key_roles.h"
#include "stores/layout/line_reader.h"

namespace re2 {
class RE2;
}

namespace spanlog::stores {

// What a datasource's settings say about its own layout. Immutable, shared by all queries.
class LayoutOptions {
 public:
  // `trace_id_regex` has a group that holds the trace id and may have a second one that holds the
  // span id; empty: none. InvalidArgument says what is wrong.
  static absl::StatusOr<std::shared_ptr<const LayoutOptions>> Create(
      OwnKeys own_keys, const std::string& trace_id_regex);
  ~LayoutOptions();

  const OwnKeys& own_keys() const { return own_keys_; }
  // The groups' texts in `line`; empty when there is no match or no expression.
  struct Match {
    std::string_view trace_id, span_id;
  };
  Match MatchIds(std::string_view line) const;

 private:
  LayoutOptions() = default;
  OwnKeys own_keys_;
  std::unique_ptr<re2::RE2> trace_id_regex_;
};

// Reads the records of one batch. Not thread-safe.
class RecordLayout {
 public:
  RecordLayout(std::shared_ptr<const LayoutOptions> options, const TraceId& wanted, Arena& arena)
      : options_(std::move(options)),
        wanted_(wanted),
        arena_(arena),
        roles_(options_->own_keys()),
        lines_(roles_, arena) {}

  // Its parts refer to each other.
  RecordLayout(const RecordLayout&) = delete;
  RecordLayout& operator=(const RecordLayout&) = delete;

  // Sets the fields of `record` below "What the layout … says".
  void Read(const std::vector<LogStream>& streams, LogRecord& record);

 private:
  std::shared_ptr<const LayoutOptions> options_;
  TraceId wanted_;
  Arena& arena_;
  KeyRoles roles_;
  LineReader lines_;
  std::vector<Facts> labels_;  // by stream
};

}  // namespace spanlog::stores
