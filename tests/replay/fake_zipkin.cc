#include "replay/fake_zipkin.h"

#include "base/text.h"

namespace spanlog::replay {

FakeZipkin::FakeZipkin(FixturesPtr fixtures, int port) : FakeStore(std::move(fixtures)) {
  Listen(port);
}

void FakeZipkin::Serve(const std::string& case_name) {
  const Case& one = fixtures().Get(case_name);
  const std::unique_lock<std::shared_mutex> lock(state_);
  for (size_t i = 0; i < one.trace_ids().size(); ++i) {
    Trace trace;
    trace.strict = one.Answer("zipkin", i, "json");
    trace.loose = one.Answer("zipkin_nonstrict", i, "json");
    if (trace.strict) traces_[one.trace_ids()[i]] = std::move(trace);
  }
}

void FakeZipkin::ServeAll() {
  for (const Case& one : fixtures().cases()) Serve(one.name());
}

void FakeZipkin::ServeBody(const std::string& trace_id, std::string spans) {
  const std::unique_lock<std::shared_mutex> lock(state_);
  traces_[CanonicalTraceId(trace_id)].strict = JsonReply(std::move(spans));
}

void FakeZipkin::BeStrict(bool strict) {
  const std::unique_lock<std::shared_mutex> lock(state_);
  strict_ = strict;
}

Reply FakeZipkin::Answer(const Request& request) {
  constexpr std::string_view kTrace = "/api/v2/trace/";
  std::string path = request.path;
  if (StartsWith(path, "/zipkin/")) path = path.substr(7);
  const std::shared_lock<std::shared_mutex> lock(state_);
  if (StartsWith(path, kTrace)) return AnswerTrace(request, path.substr(kTrace.size()));
  if (path == "/api/v2/traces") return fixtures().Api("zipkin_search.json");
  if (path == "/api/v2/traceMany") return fixtures().Api("zipkin_tracemany.json");
  if (path == "/api/v2/services") return fixtures().Api("zipkin_services.json");
  if (path == "/api/v2/spans") {
    if (request.Param("serviceName").empty()) Violation("spans without serviceName");
    return fixtures().Api("zipkin_spans.json");
  }
  if (path == "/health") return fixtures().Api("zipkin_health.json");
  if (path == "/info") return fixtures().Api("zipkin_info.json");
  return NoRoute(request);
}

Reply FakeZipkin::AnswerTrace(const Request& request, const std::string& id) {
  Reply refusal = TextReply(400, "");
  refusal.content_type = "text/*";
  if (id.empty() || id.find_first_not_of("0123456789abcdef") != id.npos) {
    Violation(Concat(request.path, ": Zipkin takes ids in lower-case hex only"));
    refusal.body = id + " should be lower-hex encoded with no prefix";
    return refusal;
  }
  if (id.size() > 32) {
    refusal.body = "traceId.length > 32";
    return refusal;
  }
  if (id.find_first_not_of('0') == id.npos) {
    refusal.body = "traceId is all zeros";
    return refusal;
  }
  // Zipkin stores an id whose upper half is zero with 16 digits and finds it only so.
  const std::string canonical = CanonicalTraceId(id);
  const bool upper_zero = canonical.find_first_not_of('0') >= 16;
  for (const auto& [key, trace] : traces_) {
    const bool same = strict_ ? key == canonical && !(upper_zero && id.size() > 16)
                              : key.substr(16) == canonical.substr(16);
    if (!same) continue;
    return !strict_ && trace.loose ? *trace.loose : *trace.strict;
  }
  refusal.status = 404;
  refusal.body = id + " not found";
  return refusal;
}

}  // namespace spanlog::replay
