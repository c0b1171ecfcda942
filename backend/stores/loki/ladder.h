// Where the log records of a trace may be, cheapest place first: the LogQL of each rung. Pure text;
// who asks and when to stop is in loki.cc. docs/stores.md draws the ladder.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "settings/settings.h"
#include "stores/store.h"

namespace spanlog::stores {

class Ladder {
 public:
  // Both are kept by reference.
  Ladder(const LogSearch& search, const settings::LogSettings& settings);

  // The label that names a record's service in stream selectors ("service_name").
  const std::string& service_label() const { return service_label_; }

  // {service_name=~"a|b", …}: the settings' tags that the trace has values for. Without any
  // service: every stream that has the label.
  std::string Selector(const std::vector<std::string>& services) const;
  std::string Selector() const { return Selector(search_.services); }
  // The same services, also behind a namespace: Loki derives `shop/web` from Promtail's `job`.
  std::string WideSelector(const std::vector<std::string>& services) const;
  // Every stream with this label.
  static std::string AnyStream(std::string_view label);

  // | trace_id="…": structured metadata, in all lengths the id may have been written in. The
  // datasource's own keys are asked for too.
  std::string ByMetadata(std::string_view selector) const;
  // The same under the other names that loggers give it, and as Datadog's decimal.
  std::string ByOtherMetadata(std::string_view selector) const;
  // Both at once.
  std::string ByAnyMetadata(std::string_view selector) const;
  // |= "…": the id in the line. The low half is enough, and finds 64-bit spellings too.
  std::string ByLine(std::string_view selector) const;
  // |~ "…": the same in upper case, with a UUID's dashes, and in decimal as Datadog writes it.
  std::string ByLineInAnySpelling(std::string_view selector) const;
  // {trace_id="…"}: the id as a label; one query per spelling of the label.
  std::vector<std::string> ByLabel() const;
  // | session_id="…" | prompt_id="…": agents that write no trace ids. Empty: the trace has no such
  // keys.
  std::string BySession(std::string_view selector) const;
  // |~ "…": the session's ids in the line. Empty: there are none, or none is long enough to mean
  // much.
  std::string BySessionInLine(std::string_view selector) const;

  // True when BySession narrows to one prompt or turn.
  bool has_narrow_key() const;

  // True for an id whose upper half is zero: B3 and old Jaeger clients write it shorter.
  bool short_id() const { return search_.trace_id.high == 0; }
  // True when the spans tell of model calls: their evaluations may come much later.
  bool has_model_calls() const;

 private:
  std::string Select(const std::string& service_matcher) const;
  std::string IdEquals(std::string_view label) const;
  std::string OwnNames() const;
  std::string OtherNames() const;

  const LogSearch& search_;
  const settings::LogSettings& settings_;
  std::string service_label_;
};

}  // namespace spanlog::stores
