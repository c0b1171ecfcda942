// A recorded case: what was sent (meta.json) and what the stores answered.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "model/ids.h"
#include "stores/store.h"

namespace spanlog::stores::testing {

struct Case {
  std::string name;
  nlohmann::json meta;

  // A recorded body, also when it is stored as <file>.gz. Has() tells whether it exists.
  std::string File(const std::string& file) const;
  bool Has(const std::string& file) const;
  TraceId trace_id() const { return *ParseTraceId(meta["trace_ids"][0].get<std::string>()); }
  // The spans that were sent for the first trace.
  std::vector<nlohmann::json> Spans() const;
};

Case LoadCase(const std::string& name);
std::vector<std::string> CaseNames();
// A single recorded answer of fixtures/api.
std::string ApiFile(const std::string& file);

}  // namespace spanlog::stores::testing
