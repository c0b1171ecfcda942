#include "settings/settings.h"

#include "base/text.h"
#include "nlohmann/json.hpp"
#include "settings/object_reader.h"
#include "settings/parse.h"
#include "settings/upstream.h"

namespace spanlog::settings {
namespace {

using nlohmann::json;

void ReadShift(ObjectReader& reader, std::string_view key, int64_t& out) {
  std::string text;
  reader.Text(key, text);
  if (TrimSpace(text).empty()) return;
  const absl::StatusOr<int64_t> shift = ParseDuration(text);
  if (!shift.ok()) return reader.Fail(key, Concat("is ", std::string(shift.status().message())));
  out = *shift;
}

void ReadTags(ObjectReader& reader, std::vector<LogTag>& tags) {
  std::vector<ObjectReader> items = reader.Objects("tags");
  // One pass over an empty object tells KnownKeys what a tag holds.
  if (items.empty())
    ObjectReader(nullptr, reader.PathOf("tags[0]"), reader.state()).Ask({"key", "value"});
  for (ObjectReader& item : items) {
    LogTag tag;
    item.Text("key", tag.key);
    item.Text("value", tag.value);
    if (tag.key.empty()) item.Fail("key", "is empty; it names a resource attribute");
    tags.push_back(std::move(tag));
  }
}

void ReadLogs(const RawSettings& raw, const Upstream& traces, ObjectReader& root, LogSettings& logs,
              ReadState& state) {
  ObjectReader reader = root.Object("logs");
  const Secrets secrets(raw.secrets, "logs", &state);
  bool same_as_traces = false;
  reader.Bool("sameAsTraces", same_as_traces);
  if (same_as_traces) {
    logs.upstream = traces;
    int64_t seconds = -1;
    reader.Int("timeout", 0, 24 * 3600, seconds);
    if (seconds >= 0) logs.upstream.http.total_timeout_ms = static_cast<int>(seconds * 1000);
  } else {
    ReadHttp(reader, secrets, logs.upstream);
    bool basic = false;
    std::string user;
    reader.Bool("basicAuth", basic);
    reader.Text("basicAuthUser", user);
    std::string password = secrets.Get("basicAuthPassword");
    if (basic) {
      if (user.empty()) reader.Fail("basicAuthUser", "is empty, but basicAuth is on");
      logs.upstream.http.basic_user = std::move(user);
      logs.upstream.http.basic_password = std::move(password);
    }
  }
  std::string url;
  reader.Text("url", url);
  SetUrl(url, reader.PathOf("url"), state, logs.upstream);
  reader.Text("query", logs.query);
  reader.Text("datasourceUid", logs.datasource_uid);
  ReadTags(reader, logs.tags);
  ReadShift(reader, "startShift", logs.start_shift_ns);
  ReadShift(reader, "endShift", logs.end_shift_ns);
  reader.Int("maxRecords", 1, 1'000'000, logs.max_records);
  reader.Texts("traceIdKeys", logs.trace_id_keys);
  reader.Texts("spanIdKeys", logs.span_id_keys);
  reader.Text("traceIdRegex", logs.trace_id_regex);
}

void ReadMessages(ObjectReader& root, MessageSettings& messages) {
  ObjectReader reader = root.Object("messages");
  reader.OneOf<Lanes>("lanes", {{"role", Lanes::kRole}, {"service", Lanes::kService}},
                      messages.lanes);
  reader.OneOf<History>("history", {{"full", History::kFull}, {"delta", History::kDelta}},
                        messages.history);
  reader.Int("previewChars", 10, 2000, messages.preview_chars);
}

void ReadPrices(ObjectReader& root, std::vector<Price>& prices) {
  std::vector<ObjectReader> items = root.Objects("prices");
  if (items.empty()) {
    ObjectReader(nullptr, root.PathOf("prices[0]"), root.state())
        .Ask({"model", "input", "output", "cacheRead", "cacheWrite"});
  }
  constexpr double kMax = 1e6;
  for (ObjectReader& item : items) {
    Price price;
    item.Text("model", price.model);
    if (price.model.empty())
      item.Fail("model", "is empty; it is a name or a pattern such as gpt-4o*");
    item.Double("input", 0, kMax, price.input);
    item.Double("output", 0, kMax, price.output);
    item.Double("cacheRead", 0, kMax, price.cache_read);
    item.Double("cacheWrite", 0, kMax, price.cache_write);
    prices.push_back(std::move(price));
  }
}

void ReadLimits(ObjectReader& root, Limits& limits) {
  ObjectReader reader = root.Object("limits");
  reader.Int("responseBytes", 1 << 20, 2ll << 30, limits.response_bytes);
  reader.Int("frameBytes", 64 << 10, 1ll << 30, limits.frame_bytes);
  reader.Int("attributeBytes", 256, 16 << 20, limits.attribute_bytes);
  reader.Int("spans", 1, 1'000'000, limits.spans);
  reader.Int("concurrentQueries", 1, 10'000, limits.concurrent_queries);
}

// Grafana's own key for the jump from spans to logs. It is Grafana's: whatever is in it is no
// error.
std::string UidOfTracesToLogs(const json& json_data) {
  for (const char* key : {"tracesToLogsV2", "tracesToLogs"}) {
    const auto found = json_data.find(key);
    if (found == json_data.end() || !found->is_object()) continue;
    const auto uid = found->find("datasourceUid");
    if (uid != found->end() && uid->is_string()) return uid->get<std::string>();
  }
  return {};
}

}  // namespace

Settings ReadSettings(const RawSettings& raw, const json& json_data, ReadState& state) {
  Settings out;
  out.uid = raw.uid;
  ObjectReader root(&json_data, "jsonData", &state);
  const Secrets secrets(raw.secrets, "", &state);
  root.OneOf<TraceStoreKind>("traceStore",
                             {{"tempo", TraceStoreKind::kTempo},
                              {"jaeger", TraceStoreKind::kJaeger},
                              {"zipkin", TraceStoreKind::kZipkin}},
                             out.trace_store);
  for (const char* key : {"url", "user", "basicAuth", "basicAuthUser"}) state.keys.push_back(key);
  SetUrl(raw.url, "url", state, out.traces);
  std::string password = secrets.Get("password");
  std::string basic_password = secrets.Get("basicAuthPassword");
  if (raw.basic_auth) {
    out.traces.http.basic_user = raw.basic_auth_user;
    out.traces.http.basic_password = std::move(basic_password);
  } else if (!raw.user.empty()) {
    out.traces.http.basic_user = raw.user;
    out.traces.http.basic_password = std::move(password);
  }
  ReadHttp(root, secrets, out.traces);
  ReadLogs(raw, out.traces, root, out.logs, state);
  if (out.logs.datasource_uid.empty()) out.logs.datasource_uid = UidOfTracesToLogs(json_data);
  ReadMessages(root, out.messages);
  ReadPrices(root, out.prices);
  ReadLimits(root, out.limits);
  out.traces.http.max_response_bytes = out.limits.response_bytes;
  out.logs.upstream.http.max_response_bytes = out.limits.response_bytes;
  root.Bool("correctClockSkew", out.correct_clock_skew);
  root.RawObject("policy", out.policy_json);
  return out;
}

absl::StatusOr<Settings> ParseSettings(const RawSettings& raw) {
  json json_data = json::object();
  if (!TrimSpace(raw.json_data).empty()) {
    json_data = json::parse(raw.json_data, nullptr, false);
    if (json_data.is_null()) json_data = json::object();
    if (!json_data.is_object()) {
      return absl::InvalidArgumentError("jsonData is no JSON object; save the datasource again");
    }
  }
  ReadState state;
  Settings out = ReadSettings(raw, json_data, state);
  if (!state.error.ok()) return state.error;
  return out;
}

}  // namespace spanlog::settings
