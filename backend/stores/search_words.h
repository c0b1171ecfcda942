// The search words of stores without TraceQL: `service=web operation="GET /" http.method=GET
// minDuration=100ms`. A simple TraceQL filter of equalities is understood too, because the query
// editor's builder and Grafana's links write it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"

namespace spanlog::stores {

struct SearchWords {
  std::string service;
  std::string operation;
  int64_t min_duration_ns = 0;  // 0: any
  int64_t max_duration_ns = 0;
  std::vector<std::pair<std::string, std::string>> tags;
};

// InvalidArgument says which word is not understood and what is. `store` is named in it.
absl::StatusOr<SearchWords> ParseSearchWords(std::string_view query, std::string_view store);

// {"key":"value",…}, as Jaeger's tag filter wants it.
std::string TagsAsJson(const SearchWords& words);

}  // namespace spanlog::stores
