#include "replay/fake_jaeger.h"

#include "base/text.h"

namespace spanlog::replay {

FakeJaeger::FakeJaeger(FixturesPtr fixtures, int port) : FakeStore(std::move(fixtures)) {
  Listen(port);
}

void FakeJaeger::Serve(const std::string& case_name, const std::string& variant) {
  const Case& one = fixtures().Get(case_name);
  const std::string suffix = variant.empty() ? "" : "." + variant;
  const std::unique_lock<std::shared_mutex> lock(state_);
  for (size_t i = 0; i < one.trace_ids().size(); ++i) {
    Trace trace;
    trace.v3 = one.Answer("jaeger_v3" + suffix, i, "json");
    trace.v1 = one.Answer("jaeger" + suffix, i, "json");
    trace.adjusted = one.Answer("jaeger_adjusted" + suffix, i, "json");
    if (trace.v3 || trace.v1) traces_[one.trace_ids()[i]] = std::move(trace);
  }
}

void FakeJaeger::ServeAll() {
  for (const Case& one : fixtures().cases()) Serve(one.name());
}

void FakeJaeger::ServeBodies(const std::string& trace_id, std::string v3, std::string v1) {
  const std::unique_lock<std::shared_mutex> lock(state_);
  Trace& trace = traces_[CanonicalTraceId(trace_id)];
  trace.v3 = JsonReply(std::move(v3));
  trace.v1 = JsonReply(std::move(v1));
}

void FakeJaeger::BeNew(bool is_new) {
  const std::unique_lock<std::shared_mutex> lock(state_);
  new_ = is_new;
}

void FakeJaeger::BeOld(bool old) {
  const std::unique_lock<std::shared_mutex> lock(state_);
  old_ = old;
}

Reply FakeJaeger::Answer(const Request& request) {
  const std::shared_lock<std::shared_mutex> lock(state_);
  if (StartsWith(request.path, "/api/v3/")) {
    // An old Jaeger gives its web page for what it does not know.
    if (old_) {
      Reply page = TextReply(200, "<!doctype html><html><title>Jaeger UI</title></html>");
      page.content_type = "text/html; charset=utf-8";
      return page;
    }
    return AnswerV3(request, request.path.substr(8));
  }
  if (StartsWith(request.path, "/api/")) return AnswerV1(request, request.path.substr(5));
  return NoRoute(request);
}

Reply FakeJaeger::AnswerV3(const Request& request, const std::string& path) {
  if (StartsWith(path, "traces/")) return AnswerTrace(request, path.substr(7), true);
  if (path == "services") {
    return fixtures().Api(new_ ? "jaeger_main_v3_services.json" : "jaeger_v3_services.json");
  }
  if (path == "operations") return AnswerOperations(request, "jaeger_v3_operations.json");
  return NoRoute(request);
}

Reply FakeJaeger::AnswerV1(const Request& request, const std::string& path) {
  constexpr std::string_view kServices = "services/", kOperations = "/operations";
  if (StartsWith(path, "traces/")) return AnswerTrace(request, path.substr(7), false);
  if (new_) return TextReply(404, "404 page not found\n");
  if (path == "services") return fixtures().Api("jaeger_services.json");
  if (path == "operations") return AnswerOperations(request, "jaeger_operations_v2.json");
  if (StartsWith(path, kServices) && EndsWith(path, kOperations)) {
    return fixtures().Api("jaeger_operations.json");
  }
  if (path == "traces") {
    if (request.Param("service").empty())
      return fixtures().Api("jaeger_search_no_service_400.json");
    return fixtures().Api(request.Param("service") == "no-such" ? "jaeger_search_none.json"
                                                                : "jaeger_search.json");
  }
  return NoRoute(request);
}

Reply FakeJaeger::AnswerOperations(const Request& request, const std::string& file) {
  if (request.Param("service").empty()) {
    Violation(Concat(request.path, " without service"));
    return fixtures().Api("jaeger_search_no_service_400.json");
  }
  return fixtures().Api(file);
}

Reply FakeJaeger::AnswerTrace(const Request& request, const std::string& id, bool v3) {
  const std::string canonical = CanonicalTraceId(id);
  if (canonical.empty())
    return fixtures().Api(v3 ? "jaeger_v3_bad_id.json" : "jaeger_bad_id_400.json");
  const bool raw = request.Param(v3 ? "raw_traces" : "raw") == "true" ||
                   (v3 && request.Param("rawTraces") == "true");
  if (!raw) {
    Violation(Concat(request.path, " without raw=true: Jaeger would shift spans in time"));
  }
  const auto found = traces_.find(canonical);
  if (found != traces_.end()) {
    const Trace& trace = found->second;
    if (!v3 && !raw && trace.adjusted) return *trace.adjusted;
    if (v3 ? trace.v3.has_value() : trace.v1.has_value()) return v3 ? *trace.v3 : *trace.v1;
  }
  return fixtures().Api(v3 ? "jaeger_v3_not_found_404.json" : "jaeger_not_found_404.json");
}

}  // namespace spanlog::replay
