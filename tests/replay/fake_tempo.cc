#include "replay/fake_tempo.h"

#include "base/text.h"

namespace spanlog::replay {
namespace {

constexpr int64_t kSecond = 1'000'000'000;

std::string QuoteGo(std::string_view text) { return nlohmann::json(std::string(text)).dump(); }

}  // namespace

FakeTempo::FakeTempo(FixturesPtr fixtures, int port) : FakeStore(std::move(fixtures)) {
  Listen(port);
}

void FakeTempo::Serve(const std::string& case_name, const std::string& variant) {
  const Case& one = fixtures().Get(case_name);
  const std::string suffix = variant.empty() ? "" : "." + variant;
  const std::unique_lock<std::shared_mutex> lock(state_);
  for (size_t i = 0; i < one.trace_ids().size(); ++i) {
    Trace trace;
    trace.v2 = one.Answer("tempo_v2" + suffix, i, "pb");
    trace.v1 = one.Answer("tempo_v1" + suffix, i, "pb");
    trace.v2_json = one.Answer("tempo_v2" + suffix, i, "json");
    trace.start_ns = one.start_ns();
    trace.end_ns = one.end_ns();
    if (trace.v2 || trace.v1) traces_[one.trace_ids()[i]] = std::move(trace);
  }
}

void FakeTempo::ServeAll() {
  for (const Case& one : fixtures().cases()) Serve(one.name());
}

void FakeTempo::ServeBodies(const std::string& trace_id, std::string v2, std::string v1) {
  Trace trace;
  trace.v2 = JsonReply(std::move(v2));
  trace.v1 = JsonReply(std::move(v1));
  trace.v2->content_type = trace.v1->content_type = "application/protobuf";
  trace.end_ns = INT64_MAX;
  const std::unique_lock<std::shared_mutex> lock(state_);
  traces_[CanonicalTraceId(trace_id)] = std::move(trace);
}

void FakeTempo::BeOld(bool old) {
  const std::unique_lock<std::shared_mutex> lock(state_);
  old_ = old;
}

Reply FakeTempo::Answer(const Request& request) {
  constexpr std::string_view kV2 = "/api/v2/traces/", kV1 = "/api/traces/";
  constexpr std::string_view kTag = "/api/v2/search/tag/", kValues = "/values";
  const std::string& path = request.path;
  const std::shared_lock<std::shared_mutex> lock(state_);
  if (StartsWith(path, "/api/v2/") && old_) return TextReply(404, "404 page not found\n");
  if (StartsWith(path, kV2)) return AnswerTrace(request, path.substr(kV2.size()), true);
  if (StartsWith(path, kV1)) return AnswerTrace(request, path.substr(kV1.size()), false);
  if (path == "/api/search") return AnswerSearch(request);
  if (path == "/api/v2/search/tags") {
    return fixtures().Api(request.Param("scope") == "span" ? "tempo_tags_v2_span.json"
                                                           : "tempo_tags_v2.json");
  }
  if (path == "/api/search/tags") return fixtures().Api("tempo_tags_v1.json");
  if (StartsWith(path, kTag) && EndsWith(path, kValues)) {
    const size_t length = path.size() - kTag.size() - kValues.size();
    return AnswerTagValues(request, path.substr(kTag.size(), length));
  }
  if (path == "/api/echo") return fixtures().Api("tempo_echo.txt");
  if (path == "/ready") return fixtures().Api("tempo_ready.txt");
  if (path == "/api/status/buildinfo") return fixtures().Api("tempo_buildinfo.json");
  return NoRoute(request);
}

// start and end of a trace request: whole seconds, effective only when both are given.
std::optional<Reply> FakeTempo::CheckRange(const Request& request, int64_t& start, int64_t& end) {
  for (const char* name : {"start", "end"}) {
    int64_t value = 0;
    if (!request.HasParam(name)) continue;
    if (!ParseInt64(request.Param(name), value)) {
      Violation(
          Concat(request.path, " with ", name, "=", request.Param(name), ", not whole seconds"));
      return TextReply(400, Concat("invalid ", name, ": strconv.ParseInt: parsing ",
                                   QuoteGo(request.Param(name)), ": invalid syntax"));
    }
    (name[0] == 's' ? start : end) = value;
  }
  if (!request.HasParam("start") || !request.HasParam("end")) start = end = 0;
  if (end < start || (end == start && end != 0)) {
    return TextReply(400, Concat("http parameter start must be before end. received start=", start,
                                 " end=", end));
  }
  if (end > 99'999'999'999) {
    Violation(Concat(request.path, " with end=", end, ": that is not in seconds"));
  }
  return std::nullopt;
}

Reply FakeTempo::AnswerTrace(const Request& request, const std::string& id, bool v2) {
  const std::string_view accept = request.Header("accept");
  if (!Contains(accept, "application/protobuf")) {
    Violation(Concat(request.path, " with Accept \"", accept, "\": Tempo would answer JSON"));
  }
  for (size_t i = 0; i < id.size(); ++i) {
    if (CanonicalTraceId(id.substr(i, 1)).empty()) {
      return TextReply(400, Concat("trace IDs can only contain hex characters: invalid character '",
                                   id.substr(i, 1), "' at position ", i + 1));
    }
  }
  if (id.size() > 32) return TextReply(400, "trace IDs can't be larger than 128 bits");
  int64_t start = 0, end = 0;
  if (auto refusal = CheckRange(request, start, end)) return *std::move(refusal);
  const auto found = traces_.find(CanonicalTraceId(id));
  const bool outside =
      found != traces_.end() && end > 0 &&
      (found->second.start_ns / kSecond > end || found->second.end_ns / kSecond < start);
  const bool wants_json = v2 && !Contains(accept, "application/protobuf");
  std::optional<Reply> reply;
  if (found != traces_.end() && !outside) {
    const Trace& trace = found->second;
    reply = wants_json ? trace.v2_json : v2 ? trace.v2 : trace.v1;
  }
  if (reply) return *std::move(reply);
  return fixtures().Api(wants_json ? "tempo_v2_not_found.json"
                        : v2       ? "tempo_v2_not_found.pb"
                                   : "tempo_v1_not_found.txt");
}

Reply FakeTempo::AnswerSearch(const Request& request) {
  const std::string_view query = request.Param("q");
  if (request.HasParam("q") && request.HasParam("tags")) {
    return fixtures().Api("tempo_search_q_and_tags.txt");
  }
  int64_t limit = 20, start = 0, end = 0;
  if (request.HasParam("limit") && (!ParseInt64(request.Param("limit"), limit) || limit <= 0)) {
    return fixtures().Api("tempo_search_bad_limit.txt");
  }
  for (const char* name : {"start", "end"}) {
    int64_t& value = name[0] == 's' ? start : end;
    if (!request.HasParam(name)) continue;
    if (!ParseInt64(request.Param(name), value) || value < 0 || value > UINT32_MAX) {
      Violation(Concat("search with ", name, "=", request.Param(name), ", not in seconds"));
      return TextReply(400, Concat("invalid ", name, ": must be in seconds"));
    }
  }
  if (end - start > 168 * 3600) {
    return TextReply(
        400, Concat("range specified by start and end exceeds 168h0m0s. received start=", start,
                    " end=", end));
  }
  if (Contains(query, "foo")) return fixtures().Api("tempo_search_syntax_error.txt");
  if (Contains(query, "no-such")) return fixtures().Api("tempo_search_empty.json");
  if (Contains(query, "session.id")) return fixtures().Api("tempo_search_claude.json");
  if (Contains(query, "service.name")) return fixtures().Api("tempo_search_service.json");
  return fixtures().Api("tempo_search_select.json");
}

Reply FakeTempo::AnswerTagValues(const Request& request, const std::string& tag) {
  if (tag.find('/') != tag.npos) return NoRoute(request);
  if (tag == "resource.service.name") return fixtures().Api("tempo_tag_values_service.json");
  if (tag == "span.gen_ai.request.model") return fixtures().Api("tempo_tag_values_model.json");
  return fixtures().Api("tempo_tag_values_none.json");
}

}  // namespace spanlog::replay
