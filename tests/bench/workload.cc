#include "bench/workload.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.h"

namespace spanlog::bench {
namespace {

constexpr int64_t kStart = 1'795'252'381'000'000'000;
constexpr int64_t kStep = 1'000'000;
constexpr uint64_t kFirstId = 0x00F067AA0BA90000;

enum class Kind { kAgent, kModel, kTool, kHttp };
Kind KindOf(int span) { return static_cast<Kind>(span % 4); }
uint64_t IdOf(int span) { return kFirstId + static_cast<uint64_t>(span) * 0x9E37; }

class List {
 public:
  explicit List(Arena& arena) : arena_(arena) {}
  List& Text(std::string_view key, const std::string& text) {
    items_.push_back({key, Value::String(arena_.Copy(text))});
    return *this;
  }
  List& Int(std::string_view key, int64_t value) {
    items_.push_back({key, Value::Int(value)});
    return *this;
  }
  List& Double(std::string_view key, double value) {
    items_.push_back({key, Value::Double(value)});
    return *this;
  }
  Attributes Take() {
    const Attributes taken = arena_.CopyArray(items_);
    items_.clear();
    return taken;
  }

 private:
  Arena& arena_;
  std::vector<Attribute> items_;
};

void AddModelCall(List& list, int i, int prompt_bytes) {
  list.Text("gen_ai.operation.name", "chat")
      .Text("gen_ai.provider.name", "openai")
      .Text("gen_ai.request.model", "gpt-4o-mini")
      .Text("gen_ai.response.model", "gpt-4o-mini-2024-07-18")
      .Text("gen_ai.response.id", Concat("chatcmpl-", SpanIdHex(IdOf(i)), "Qz"))
      .Double("gen_ai.request.temperature", 0.7)
      .Int("gen_ai.request.max_tokens", 4096)
      .Int("gen_ai.usage.input_tokens", 900 + i % 5000)
      .Int("gen_ai.usage.output_tokens", 40 + i % 700)
      .Text("gen_ai.conversation.id", "conv_5j66UpCpwteGg4YSxUnt7lPY")
      .Text("server.address", "api.openai.com")
      .Int("server.port", 443);
  if (prompt_bytes == 0) return;
  list.Text("gen_ai.input.messages",
            Concat(R"([{"role":"user","parts":[{"type":"text","content":)",
                   Quoted(Prose(i, static_cast<size_t>(prompt_bytes))), "}]}]"));
}

void AddTool(List& list, int i) {
  list.Text("gen_ai.operation.name", "execute_tool")
      .Text("gen_ai.tool.name", i % 8 < 4 ? "search_documents" : "read_file")
      .Text("gen_ai.tool.call.id", Concat("call_", SpanIdHex(IdOf(i)), "aB"))
      .Text("gen_ai.tool.type", "function")
      .Text("gen_ai.tool.description", "Looks up passages of the manual that match a question.")
      .Text("code.function.name", "agent.tools.documents.search")
      .Text("code.file.path", "/srv/agent/src/agent/tools/documents.py")
      .Int("code.line.number", 100 + i % 900)
      .Text("thread.name", "ThreadPoolExecutor-0_3")
      .Int("thread.id", 140'000'000 + i)
      .Text("tool.cache.key", Concat("documents:", i, ":v2"))
      .Double("tool.score", 0.25 + i % 100 * 0.005);
}

void AddHttp(List& list, int i) {
  list.Text("http.request.method", "POST")
      .Text("url.full", Concat("https://search.internal:8443/v1/indexes/manual/query?page=", i))
      .Int("http.response.status_code", 200)
      .Text("server.address", "search.internal")
      .Int("server.port", 8443)
      .Text("network.protocol.version", "1.1")
      .Text("network.peer.address", Concat("10.12.", i % 250, ".17"))
      .Int("network.peer.port", 8443)
      .Text("user_agent.original", "python-httpx/0.27.2")
      .Int("http.request.body.size", 200 + i % 300)
      .Int("http.response.body.size", 2000 + i % 9000)
      .Text("peer.service", "search");
}

void AddAgent(List& list, int i) {
  list.Text("gen_ai.operation.name", "invoke_agent")
      .Text("gen_ai.provider.name", "openai")
      .Text("gen_ai.agent.name", "support-triage")
      .Text("gen_ai.agent.id", "asst_5j66UpCpwteGg4YSxUnt7lPY")
      .Text("gen_ai.agent.description", "Answers questions about the product from its manual.")
      .Text("gen_ai.conversation.id", "conv_5j66UpCpwteGg4YSxUnt7lPY")
      .Text("gen_ai.request.model", "gpt-4o-mini")
      .Text("user.id", Concat("user-", i % 40))
      .Text("session.id", "session-2f1c")
      .Int("agent.step", i / 4)
      .Int("agent.retries", 0)
      .Text("agent.plan", Concat("step ", i / 4, ": look up, then answer"));
}

constexpr std::string_view kNames[] = {"invoke_agent support-triage", "chat gpt-4o-mini",
                                       "execute_tool search_documents", "POST"};

}  // namespace

std::string Prose(int number, size_t size) {
  static constexpr std::string_view kWords =
      "The user asks how the \"export\" button works; the manual says:\n  1. open Settings -> "
      "Data, "
      "2. choose a format (CSV & JSON), 3. wait <= 5 s. Grüße, naïve café. ";
  std::string text = Concat("Turn ", number, ": ");
  while (text.size() < size) text += kWords;
  while (text.size() > size && (text.back() & 0x80) != 0) text.pop_back();
  return text;
}

std::string Quoted(std::string_view text) { return nlohmann::json(text).dump(); }

Workload::Workload(const Load& load) : load_(load) {
  trace_.id = {0x4bf92f3577b34da6, 0xa3ce929d0e0e4736};
  MakeSpans();
  MakeRecords();
}

int64_t Workload::start_ns() const { return kStart; }
int64_t Workload::end_ns() const { return kStart + (load_.spans + 10) * kStep; }

void Workload::MakeSpans() {
  List list(*trace_.arena);
  for (const char* service : {"agent", "search-tools"}) {
    list.Text("service.name", service)
        .Text("service.version", "1.42.0")
        .Text("service.namespace", "support")
        .Text("service.instance.id", "7c9d1f0e-agent-5f6b8")
        .Text("deployment.environment.name", "production")
        .Text("host.name", "ip-10-12-4-17.eu-central-1.compute.internal")
        .Text("telemetry.sdk.name", "opentelemetry")
        .Text("telemetry.sdk.language", "python")
        .Text("telemetry.sdk.version", "1.38.0");
    trace_.resources.push_back({service, list.Take()});
  }
  trace_.scopes.push_back({"opentelemetry.instrumentation.openai_v2", "2.2b0", {}});
  for (int i = 0; i < load_.spans; ++i) {
    Span& span = trace_.spans.emplace_back();
    span.span_id = IdOf(i);
    span.parent_span_id = i == 0 ? 0 : IdOf((i - 1) / 4);
    span.start_ns = kStart + i * kStep;
    span.end_ns = span.start_ns + 5 * kStep + 123'456;
    const Kind kind = KindOf(i);
    span.name = kNames[i % 4];
    span.kind =
        kind == Kind::kModel || kind == Kind::kHttp ? SpanKind::kClient : SpanKind::kInternal;
    span.resource = kind == Kind::kHttp ? 1 : 0;
    if (i % 50 == 7) {
      span.status = StatusCode::kError;
      span.status_message = "upstream said 503";
    }
    switch (kind) {
      case Kind::kAgent:
        AddAgent(list, i);
        break;
      case Kind::kModel:
        AddModelCall(list, i, load_.prompt_bytes);
        break;
      case Kind::kTool:
        AddTool(list, i);
        break;
      case Kind::kHttp:
        AddHttp(list, i);
        break;
    }
    span.attributes = list.Take();
    const SpanEvent event{span.start_ns + kStep, "first byte",
                          list.Int("bytes", 100 + i).Text("from", "upstream").Take()};
    span.events = trace_.arena->CopyArray(absl::Span<const SpanEvent>(&event, 1));
  }
}

void Workload::MakeRecords() {
  static constexpr std::string_view kEvents[] = {"gen_ai.user.message", "gen_ai.choice",
                                                 "gen_ai.tool.message", ""};
  const int calls = std::max(1, (load_.spans + 2) / 4);
  for (int i = 0; i < load_.records; ++i) {
    const int span = load_.spans > 1 ? std::min(i % calls * 4 + 1, load_.spans - 1) : 0;
    const size_t size = 200 + static_cast<size_t>(i) * 7919 % 1800;
    const std::string_view event = kEvents[i % 4];
    const std::string text = Prose(i, size - 60);
    std::string line = text;
    if (event == "gen_ai.user.message")
      line = Concat(R"({"content":)", Quoted(text), R"(,"role":"user"})");
    if (event == "gen_ai.choice") {
      line = Concat(R"({"finish_reason":"stop","index":0,"message":{"content":)", Quoted(text),
                    R"(,"role":"assistant"}})");
    }
    if (event == "gen_ai.tool.message") {
      line = Concat(R"({"content":)", Quoted(text), R"(,"id":"call_)", SpanIdHex(IdOf(span + 1)),
                    R"(aB"})");
    }
    const int64_t time_ns = kStart + span * kStep + i % 1000 + 1000;
    std::string json = Concat("[\"", time_ns, "\",", Quoted(line),
                              R"(,{"structuredMetadata":{"detected_level":"info",)");
    if (!event.empty()) Append(json, R"("event_name":")", event, R"(","gen_ai_system":"openai",)");
    Append(json, R"("flags":"1","observed_timestamp":")", time_ns + 999,
           R"(","scope_name":"opentelemetry.instrumentation.openai_v2","scope_version":"2.2b0",)",
           R"("severity_number":"9","severity_text":"INFO","span_id":")", SpanIdHex(IdOf(span)),
           R"(","trace_id":")", trace_.id.Hex(), R"("}}])");
    records_.push_back({time_ns, static_cast<size_t>(i % 4 == 3), std::move(json)});
  }
  std::stable_sort(records_.begin(), records_.end(),
                   [](const Record& a, const Record& b) { return a.time_ns < b.time_ns; });
}

Body Workload::TraceBody(settings::TraceStoreKind store) const {
  switch (store) {
    case settings::TraceStoreKind::kJaeger:
      return std::make_shared<const std::string>(ToJaeger(trace_));
    case settings::TraceStoreKind::kZipkin:
      return std::make_shared<const std::string>(ToZipkin(trace_));
    case settings::TraceStoreKind::kTempo:
      break;
  }
  return std::make_shared<const std::string>(ToOtlp(trace_));
}

Body Workload::LogPage(int64_t start_ns, int64_t end_ns, size_t limit) {
  const auto at = [&](int64_t time) {
    const auto found =
        std::lower_bound(records_.begin(), records_.end(), time,
                         [](const Record& one, int64_t t) { return one.time_ns < t; });
    return static_cast<size_t>(found - records_.begin());
  };
  const size_t first = at(start_ns);
  const size_t count = std::min(limit, at(end_ns) - std::min(first, at(end_ns)));
  const std::lock_guard<std::mutex> lock(mutex_);
  Body& page = pages_[{first, count}];
  if (page != nullptr) return page;
  std::string json =
      R"({"status":"success","data":{"resultType":"streams","encodingFlags":["categorize-labels"],"result":[)";
  for (size_t stream = 0; stream < 2; ++stream) {
    std::string values;
    for (size_t i = first; i < first + count; ++i) {
      if (records_[i].stream == stream) Append(values, values.empty() ? "" : ",", records_[i].json);
    }
    if (values.empty()) continue;
    if (json.back() == '}') json += ',';
    Append(json, R"({"stream":{"deployment_environment_name":"production","service_name":")",
           stream == 0 ? "agent" : "search-tools", R"(","service_namespace":"support"},"values":[)",
           values, "]}");
  }
  json += R"(],"stats":{"summary":{"bytesProcessedPerSecond":0,"execTime":0.01}}}})";
  page = std::make_shared<const std::string>(std::move(json));
  return page;
}

}  // namespace spanlog::bench
