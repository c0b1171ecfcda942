#include "replay/fake_loki.h"

#include <algorithm>
#include <map>

#include "base/text.h"

namespace spanlog::replay {
namespace {

constexpr int64_t kSecond = 1'000'000'000;
constexpr int64_t kHour = 3600 * kSecond;
constexpr char kApi[] = "/loki/api/v1";

Reply LokiJson(std::string body) {
  Reply reply = JsonReply(std::move(body));
  reply.content_type = "application/json; charset=UTF-8";
  return reply;
}

bool IsNineteenDigits(std::string_view text) {
  return text.size() == 19 && text.find_first_not_of("0123456789") == text.npos;
}

}  // namespace

FakeLoki::FakeLoki(FixturesPtr fixtures, int port) : FakeStore(std::move(fixtures)) {
  Listen(port);
}

void FakeLoki::Serve(const std::string& case_name) {
  Add(ReadLokiEntries(fixtures().Get(case_name)));
}

void FakeLoki::ServeAll() {
  for (const Case& one : fixtures().cases()) Serve(one.name());
}

void FakeLoki::Add(std::vector<LokiEntry> entries) {
  const std::unique_lock<std::shared_mutex> lock(state_);
  for (LokiEntry& entry : entries) {
    if (!entry.tenant.empty()) tenants_.insert(entry.tenant);
    entries_.push_back(std::move(entry));
  }
}

void FakeLoki::Clear() {
  const std::unique_lock<std::shared_mutex> lock(state_);
  entries_.clear();
}

void FakeLoki::SetMaxEntries(int limit) {
  const std::unique_lock<std::shared_mutex> lock(state_);
  max_entries_ = limit;
}

void FakeLoki::SetMaxRangeHours(int hours) {
  const std::unique_lock<std::shared_mutex> lock(state_);
  max_range_hours_ = hours;
}

void FakeLoki::RequireTenant(const std::string& tenant) {
  const std::unique_lock<std::shared_mutex> lock(state_);
  tenant_ = tenant;
}

void FakeLoki::BeOld(bool old) {
  const std::unique_lock<std::shared_mutex> lock(state_);
  old_ = old;
}

std::vector<std::string> FakeLoki::Queries() const {
  std::vector<std::string> queries;
  for (const Request& request : Requests()) {
    if (EndsWith(request.path, "/query_range")) queries.emplace_back(request.Param("query"));
  }
  return queries;
}

Reply FakeLoki::Answer(const Request& request) {
  constexpr std::string_view kLabel = "/label/", kValues = "/values";
  if (request.path == "/ready") return fixtures().Api("loki_ready.txt");
  const std::shared_lock<std::shared_mutex> lock(state_);
  if (!tenant_.empty()) {
    const std::string_view tenant = request.Header("x-scope-orgid");
    if (tenant.empty()) {
      Violation(Concat(request.path, " without X-Scope-OrgID"));
      return fixtures().Api("loki_no_org_id_401.txt");
    }
    if (Contains(tenant, "|")) return fixtures().Api("loki_multi_tenant_500.txt");
  }
  if (!StartsWith(request.path, kApi)) return NoRoute(request);
  const std::string path = request.path.substr(sizeof(kApi) - 1);
  if (path == "/query_range") return AnswerRange(request);
  if (path == "/query") return AnswerInstant(request);
  if (path == "/labels") {
    return AnswerList(request, [](const LokiEntry& entry, std::set<std::string>& out) {
      for (const auto& [name, value] : *entry.stream) out.insert(name);
    });
  }
  if (StartsWith(path, kLabel) && EndsWith(path, kValues)) {
    const std::string name =
        path.substr(kLabel.size(), path.size() - kLabel.size() - kValues.size());
    return AnswerList(request, [name](const LokiEntry& entry, std::set<std::string>& out) {
      const auto found = entry.stream->find(name);
      if (found != entry.stream->end()) out.insert(found->second);
    });
  }
  if (path == "/series") return fixtures().Api("loki_series.json");
  if (path == "/index/stats") return fixtures().Api("loki_index_stats.json");
  if (path == "/status/buildinfo") return fixtures().Api("loki_buildinfo.json");
  if (path == "/drilldown-limits") return TextReply(404, "404 page not found\n");  // before 3.6
  return NoRoute(request);
}

Reply FakeLoki::AnswerInstant(const Request& request) {
  if (request.Param("query") != "vector(1)+vector(1)") {
    Violation(Concat("instant query ", request.Param("query"), ": only the health check is known"));
  }
  return fixtures().Api("loki_health_vector.json");
}

void FakeLoki::CheckRange(const Request& request) {
  if (!Contains(request.Header("x-loki-response-encoding-flags"), "categorize-labels")) {
    Violation("query_range without X-Loki-Response-Encoding-Flags: categorize-labels");
  }
  for (const char* name : {"start", "end"}) {
    if (!IsNineteenDigits(request.Param(name))) {
      Violation(Concat("query_range with ", name, "=", request.Param(name),
                       ", not 19 digits of nanoseconds"));
    }
  }
  if (!EqualsIgnoreCase(request.Param("direction"), "forward")) {
    Violation("query_range without direction=forward: a cut answer would lose the oldest records");
  }
  if (!request.HasParam("limit"))
    Violation("query_range without limit: Loki would send 100 records");
  for (const char* name : {"step", "interval", "since"}) {
    if (request.HasParam(name)) Violation(Concat("query_range with ", name));
  }
}

// Up to ten digits are seconds, more are nanoseconds. Without bounds, all that was recorded: real
// Loki would take the last hour.
absl::StatusOr<FakeLoki::Range> FakeLoki::ReadRange(const Request& request) const {
  Range range{0, INT64_MAX};
  for (const char* name : {"start", "end"}) {
    const std::string_view text = request.Param(name);
    int64_t& value = name[0] == 's' ? range.start : range.end;
    if (text.empty()) continue;
    if (!ParseInt64(text, value)) {
      return absl::InvalidArgumentError(Concat("could not parse '", name,
                                               "' parameter: cannot parse \"", text,
                                               "\" to a valid timestamp"));
    }
    if (text.size() <= 10) value *= kSecond;
  }
  return range;
}

bool FakeLoki::Sees(const Request& request, const LokiEntry& entry) const {
  const std::string tenant(request.Header("x-scope-orgid"));
  if (!tenant_.empty() && tenant != tenant_) return false;
  return entry.tenant.empty() ? tenants_.count(tenant) == 0 : entry.tenant == tenant;
}

std::vector<LokiEntry> FakeLoki::Run(const Request& request, const LogQuery& query,
                                     const Range& range, int64_t limit) const {
  std::vector<LokiEntry> hits;
  std::map<const Labels*, bool> selected;  // streams have many entries
  for (const LokiEntry& entry : entries_) {
    if (entry.time_ns < range.start || entry.time_ns >= range.end) continue;
    const auto [stream, fresh] = selected.emplace(entry.stream.get(), false);
    if (fresh) stream->second = query.Selects(*entry.stream);
    if (!stream->second || !Sees(request, entry)) continue;
    LokiEntry hit = entry;
    if (query.Keep(hit)) hits.push_back(std::move(hit));
  }
  const bool forward = EqualsIgnoreCase(request.Param("direction"), "forward");
  std::stable_sort(hits.begin(), hits.end(), [&](const LokiEntry& a, const LokiEntry& b) {
    return forward ? a.time_ns < b.time_ns : a.time_ns > b.time_ns;
  });
  if (static_cast<int64_t>(hits.size()) > limit) hits.resize(static_cast<size_t>(limit));
  return hits;
}

Reply FakeLoki::AnswerRange(const Request& request) {
  CheckRange(request);
  const auto query = LogQuery::Parse(request.Param("query"));
  if (!query.ok()) {
    if (absl::IsUnimplemented(query.status())) {
      Violation(Concat(std::string(query.status().message()), ": ", request.Param("query")));
    }
    return TextReply(400, std::string(query.status().message()));
  }
  const auto range = ReadRange(request);
  if (!range.ok()) return TextReply(400, std::string(range.status().message()));
  if (range->end <= range->start) return fixtures().Api("loki_end_before_start_400.txt");
  if (request.HasParam("start") && request.HasParam("end") &&
      range->end - range->start > max_range_hours_ * kHour) {
    const int64_t hours = (range->end - range->start) / kHour;
    return TextReply(
        400, Concat("the query time range exceeds the limit (query length: ", hours,
                    "h0m0s, limit: ", max_range_hours_ / 24, "d", max_range_hours_ % 24, "h)"));
  }
  int64_t limit = 100;
  if (request.HasParam("limit") && (!ParseInt64(request.Param("limit"), limit) || limit <= 0)) {
    return fixtures().Api("loki_limit_zero_400.txt");
  }
  if (limit > max_entries_) {
    return TextReply(400, Concat("max entries limit per query exceeded, limit > "
                                 "max_entries_limit_per_query (",
                                 limit, " > ", max_entries_, ")"));
  }
  const std::vector<LokiEntry> hits = Run(request, *query, *range, limit);
  std::vector<const LokiEntry*> pointers;
  for (const LokiEntry& hit : hits) pointers.push_back(&hit);
  const bool categorize =
      !old_ && Contains(request.Header("x-loki-response-encoding-flags"), "categorize-labels");
  return LokiJson(WriteLokiAnswer(pointers, categorize));
}

Reply FakeLoki::AnswerList(
    const Request& request,
    const std::function<void(const LokiEntry&, std::set<std::string>&)>& pick) {
  const auto range = ReadRange(request);
  if (!range.ok()) return TextReply(400, std::string(range.status().message()));
  std::set<std::string> values;
  for (const LokiEntry& entry : entries_) {
    if (entry.time_ns < range->start || entry.time_ns >= range->end) continue;
    if (Sees(request, entry)) pick(entry, values);
  }
  if (values.empty()) return fixtures().Api("loki_labels_none.json");
  return LokiJson(Concat("{\"status\":\"success\",\"data\":", nlohmann::json(values).dump(), "}"));
}

}  // namespace spanlog::replay
