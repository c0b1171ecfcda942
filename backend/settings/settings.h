// Datasource settings as plain structs, checked once; every default is here.
// Key names: design.md "Settings" and Grafana's standard HTTP keys (protocol.md 3.3).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "http/client.h"

namespace spanlog::settings {

enum class TraceStoreKind { kTempo, kJaeger, kZipkin };
enum class Lanes { kRole, kService };
enum class History { kFull, kDelta };

// One upstream: where it is and how to talk to it.
struct Upstream {
  std::string url;  // empty: not configured
  http::ClientOptions http;
  bool oauth_pass_thru = false;           // forward Authorization and X-Id-Token
  std::vector<std::string> keep_cookies;  // names of cookies to forward; `x[]` is a prefix
};

struct LogTag {
  std::string key;    // resource attribute
  std::string value;  // Loki label
};

struct LogSettings {
  Upstream upstream;
  // Uid of the Loki data source in Grafana that reads the same Loki, for links into it; empty:
  // none.
  std::string datasource_uid;
  std::string query;  // empty: the ladder
  std::vector<LogTag> tags;
  int64_t start_shift_ns = -300'000'000'000;
  int64_t end_shift_ns = 300'000'000'000;
  int max_records = 5000;
  // Further names under which lines carry ids, and a regular expression with one group.
  std::vector<std::string> trace_id_keys;
  std::vector<std::string> span_id_keys;
  std::string trace_id_regex;
};

struct MessageSettings {
  Lanes lanes = Lanes::kRole;
  History history = History::kFull;
  int preview_chars = 160;
};

struct Price {
  std::string model;  // pattern with * as wildcard
  double input = 0;   // USD per million tokens
  double output = 0;
  double cache_read = -1;   // -1: as input
  double cache_write = -1;  // -1: as input
};

// Ends of what one answer may hold; hitting one is said on the trace.
struct Limits {
  int64_t response_bytes = 256ll << 20;  // of one upstream answer
  int64_t frame_bytes = 64ll << 20;
  int attribute_bytes = 256 << 10;  // of one attribute in the frame
  int spans = 50'000;
  int concurrent_queries = 256;  // of one datasource; more wait their turn
};

struct Settings {
  std::string uid;  // of the datasource in Grafana, for links that point back at it
  TraceStoreKind trace_store = TraceStoreKind::kTempo;
  Upstream traces;
  LogSettings logs;
  MessageSettings messages;
  std::vector<Price> prices;
  Limits limits;
  bool correct_clock_skew = false;
  std::string policy_json;  // jsonData.policy as it is; policy/ reads it
};

// What Grafana sends about a datasource, untouched.
struct RawSettings {
  std::string uid;
  std::string url;
  std::string user;
  bool basic_auth = false;
  std::string basic_auth_user;
  std::string json_data;                       // JSON object or empty
  std::map<std::string, std::string> secrets;  // decryptedSecureJsonData
};

// InvalidArgument names the key, what is wrong with it and what it may be. A missing trace store
// URL is no error here (health and queries say it). Unknown keys are ignored.
absl::StatusOr<Settings> ParseSettings(const RawSettings& raw);

// "-5m", "1h30m", "10s", "500ms" (Grafana's and Go's duration words) in ns.
absl::StatusOr<int64_t> ParseDuration(std::string_view text);

}  // namespace spanlog::settings
