// What Tempo's search can tell of agents' runs: the spans of found traces that are model, tool and
// agent calls, with the attributes that say what they used.
#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "base/errors.h"
#include "base/text.h"
#include "stores/agent_spans.h"
#include "stores/clock_units.h"
#include "stores/json/json_body.h"
#include "stores/tempo/tempo.h"

namespace spanlog::stores {
namespace {

constexpr std::string_view kWhat = "Searching the spans of agents";
constexpr int64_t kNsPerSecond = 1'000'000'000;
// Ids in one request: with the attributes a URL below the 8 KB that proxies take.
constexpr size_t kIdsPerRequest = 50;
constexpr int kSpansPerTrace = 100;  // Tempo's own default for the most that may be asked for
constexpr int kContentSpansPerTrace = 3;
// Of one span; fewer are asked for.
constexpr size_t kMostAttributes = 256;

// A span with one of these is a call of an agent, a model or a tool.
constexpr std::string_view kMarks[] = {"gen_ai.operation.name",
                                       "gen_ai.request.model",
                                       "gen_ai.tool.name",
                                       "openinference.span.kind",
                                       "llm.request.type",
                                       "traceloop.span.kind",
                                       "langfuse.observation.type",
                                       "langsmith.span.kind",
                                       "ai.operationId",
                                       "ai.toolCall.name",
                                       "gcp.vertex.agent.llm_request",
                                       "query_source",
                                       "tool_name"};

// What dialects need to tell a call's kind, name, tokens and cost (genai.md 1.h).
constexpr std::string_view kFacts[] = {"gen_ai.operation.name",
                                       "gen_ai.request.model",
                                       "gen_ai.response.model",
                                       "gen_ai.provider.name",
                                       "gen_ai.system",
                                       "gen_ai.tool.name",
                                       "gen_ai.agent.name",
                                       "gen_ai.usage.input_tokens",
                                       "gen_ai.usage.output_tokens",
                                       "gen_ai.usage.prompt_tokens",
                                       "gen_ai.usage.completion_tokens",
                                       "gen_ai.usage.cache_read.input_tokens",
                                       "gen_ai.usage.cache_creation.input_tokens",
                                       "gen_ai.usage.cache_read_input_tokens",
                                       "gen_ai.usage.cache_creation_input_tokens",
                                       "gen_ai.usage.cost",
                                       "operation.cost",
                                       "openinference.span.kind",
                                       "llm.request.type",
                                       "llm.model_name",
                                       "llm.token_count.prompt",
                                       "llm.token_count.completion",
                                       "llm.token_count.prompt_details.cache_read",
                                       "llm.cost.total",
                                       "tool.name",
                                       "agent.name",
                                       "traceloop.span.kind",
                                       "traceloop.entity.name",
                                       "langfuse.observation.type",
                                       "langfuse.observation.model.name",
                                       "langfuse.observation.usage_details",
                                       "langfuse.observation.cost_details",
                                       "langsmith.span.kind",
                                       "ai.operationId",
                                       "ai.model.id",
                                       "ai.response.model",
                                       "ai.toolCall.name",
                                       "ai.usage.promptTokens",
                                       "ai.usage.completionTokens",
                                       "ai.usage.inputTokens",
                                       "ai.usage.outputTokens",
                                       "ai.usage.cachedInputTokens",
                                       "model",
                                       "tool_name",
                                       "input_tokens",
                                       "output_tokens",
                                       "cache_read_tokens",
                                       "cache_creation_tokens"};

// Where a person's first words are.
constexpr std::string_view kContent[] = {"gen_ai.input.messages",
                                         "gen_ai.prompt",
                                         "gen_ai.prompt.0.role",
                                         "gen_ai.prompt.0.content",
                                         "gen_ai.prompt.1.role",
                                         "gen_ai.prompt.1.content",
                                         "llm.input_messages.0.message.role",
                                         "llm.input_messages.0.message.content",
                                         "llm.input_messages.1.message.role",
                                         "llm.input_messages.1.message.content",
                                         "input.value",
                                         "traceloop.entity.input",
                                         "ai.prompt",
                                         "ai.prompt.messages",
                                         "langfuse.observation.input",
                                         "gcp.vertex.agent.llm_request",
                                         "pydantic_ai.all_messages",
                                         "all_messages_events",
                                         "events",
                                         "user_prompt"};

template <size_t kCount>
void AppendAnyOf(std::string& query, const std::string_view (&keys)[kCount]) {
  query += '(';
  for (size_t i = 0; i < kCount; ++i) Append(query, i == 0 ? "" : "||", "span.", keys[i], "!=nil");
  query += ')';
}

// Tempo writes ids without leading zeros and compares them so, or with them where an operator chose
// so.
void AppendIds(std::string& query, const std::vector<TraceSummary>& found, size_t from, size_t to) {
  query += '(';
  for (size_t i = from; i < to; ++i) {
    const std::string id = found[i].id.Hex();
    Append(query, i == from ? "" : "||", "trace:id=\"", id, "\"");
    const size_t digits = id.find_first_not_of('0');
    if (digits > 0 && digits != id.npos) Append(query, "||trace:id=\"", id.substr(digits), "\"");
  }
  query += ") && ";
}

struct Question {
  bool content = false;
  // Tempo before 2.8 knows no trace:id or no span:parentID.
  bool plain = false;
};

std::string QueryText(const Question& question, const std::vector<TraceSummary>& found, size_t from,
                      size_t to) {
  std::string query = "{ ";
  if (!question.plain) AppendIds(query, found, from, to);
  if (question.content) {
    AppendAnyOf(query, kContent);
  } else {
    AppendAnyOf(query, kMarks);
  }
  query += " } | select(name, status";
  if (!question.plain) query += ", span:parentID";
  if (question.content) {
    for (const std::string_view key : kContent) Append(query, ",span.", key);
  } else {
    for (const std::string_view key : kFacts) Append(query, ",span.", key);
  }
  return query + ")";
}

Call MakeCall(const Question& question, const TraceSearch& search,
              const std::vector<TraceSummary>& found, size_t from, size_t to) {
  int64_t start = search.start_ns, end = search.end_ns;
  for (size_t i = from; i < to; ++i) {
    const int64_t begin = found[i].start_ns;
    if (begin <= 0) continue;
    start = i == from ? begin : std::min(start, begin);
    end = std::max(i == from ? 0 : end, EndOf(begin, MsToNs(found[i].duration_ms)));
  }
  Call call;
  call.path = "/api/search";
  call.params = {{"q", QueryText(question, found, from, to)},
                 {"limit", Concat(to - from)},
                 {"spss", Concat(question.content ? kContentSpansPerTrace : kSpansPerTrace)}};
  if (start > 0) {
    call.params.emplace_back("start", Concat(start / kNsPerSecond - 1));
    call.params.emplace_back("end", Concat(end / kNsPerSecond + 2));
  }
  return call;
}

using IndexById = absl::flat_hash_map<uint64_t, size_t>;
// Where the found traces and their spans are.
struct Index {
  explicit Index(const std::vector<TraceSummary>& found) : spans(found.size()) {
    for (size_t i = 0; i < found.size(); ++i) {
      traces.try_emplace({found[i].id.high, found[i].id.low}, i);
      for (size_t s = 0; s < found[i].spans.size(); ++s) {
        spans[i].try_emplace(found[i].spans[s].id, s);
      }
    }
  }
  absl::flat_hash_map<std::pair<uint64_t, uint64_t>, size_t> traces;
  std::vector<IndexById> spans;  // of each trace
};

// `known`: where the summary's spans are.
void TakeSpan(JsonElement from, TraceSummary& summary, IndexById& known) {
  const uint64_t id = ParseSpanId(TextMember(from, "spanID"));
  if (id == 0) return;
  const auto [at, is_new] = known.try_emplace(id, summary.spans.size());
  if (is_new) summary.spans.emplace_back().id = id;
  SummarySpan* const span = &summary.spans[at->second];
  if (is_new) {
    span->name = TextMember(from, "name");
    span->start_ns = IntMember(from, "startTimeUnixNano").value_or(0);
    span->end_ns = EndOf(span->start_ns, IntMember(from, "durationNanos").value_or(0));
  }
  const auto attributes = ArrayMember(from, "attributes");
  if (!attributes.has_value()) return;
  for (const JsonElement attribute : *attributes) {
    const std::string_view key = TextMember(attribute, "key");
    const auto value = Member(attribute, "value");
    if (key.empty() || !value.has_value()) continue;
    std::string text = AnyValueText(*value);
    if (key == "status") {
      span->error = text == "error";
    } else if (key == "span:parentID") {
      span->parent = ParseSpanId(text);
    } else if (span->attributes.size() < kMostAttributes &&
               std::none_of(span->attributes.begin(), span->attributes.end(),
                            [key](const auto& one) { return one.first == key; })) {
      span->attributes.emplace_back(key, std::move(text));
    }
  }
}

void TakeTrace(JsonElement trace, bool content, Index& index, std::vector<TraceSummary>& found) {
  const auto id = ParseTraceId(TextMember(trace, "traceID"));
  if (!id.has_value()) return;
  const auto at = index.traces.find({id->high, id->low});
  if (at == index.traces.end()) return;
  TraceSummary* const summary = &found[at->second];
  // What was said on a span of no agent is nobody's first message.
  if (content && summary->spans.empty()) return;
  std::vector<JsonElement> sets;
  if (const auto span_sets = ArrayMember(trace, "spanSets")) {
    for (const JsonElement set : *span_sets) sets.push_back(set);
  }
  if (const auto set = Member(trace, "spanSet"); sets.empty() && set.has_value()) {
    sets.push_back(*set);
  }
  for (const JsonElement set : sets) {
    const auto spans = ArrayMember(set, "spans");
    if (!spans.has_value()) continue;
    for (const JsonElement span : *spans) TakeSpan(span, *summary, index.spans[at->second]);
    if (!content) {
      summary->spans_cut |=
          IntMember(set, "matched").value_or(0) > static_cast<int64_t>(spans->size());
    }
  }
}

}  // namespace

absl::Status Tempo::AddAgentSpans(const TraceSearch& search, bool with_content,
                                  std::vector<TraceSummary>& found, const RequestContext& request) {
  const CallContext context(request);
  Index index(found);
  const auto ask = [&](Question question) -> absl::Status {
    const size_t most = std::min(found.size(), kMostAgentRuns);
    std::vector<std::unique_ptr<http::Pending>> pending;
    for (size_t from = 0; from < most; from += kIdsPerRequest) {
      const size_t to = std::min(from + kIdsPerRequest, most);
      pending.push_back(upstream_.Start(MakeCall(question, search, found, from, to), context));
    }
    for (const std::unique_ptr<http::Pending>& each : pending) {
      absl::StatusOr<http::Response> response = each->Wait();
      if (!response.ok()) return response.status();
      if (absl::Status status = upstream_.CheckAnswer(kWhat, *response); !status.ok())
        return status;
      const auto body = JsonBody::Parse(std::move(response->body));
      if (!body.has_value()) return upstream_.Unreadable(kWhat, "a search result in JSON");
      const auto traces = ArrayMember(body->root(), "traces");
      if (!traces.has_value()) continue;
      for (const JsonElement trace : *traces) TakeTrace(trace, question.content, index, found);
    }
    return absl::OkStatus();
  };
  const auto any = [&found] {
    return std::any_of(found.begin(), found.end(),
                       [](const TraceSummary& each) { return !each.spans.empty(); });
  };

  if (found.empty()) return absl::OkStatus();
  Question question;
  absl::Status status = ask(question);
  if (UpstreamHttpStatus(status) == 400) {
    question.plain = true;
    status = ask(question);
  }
  if (status.ok() && with_content && any()) {
    question.content = true;
    status = ask(question);
  }
  for (TraceSummary& summary : found) {
    std::vector<std::pair<uint64_t, uint64_t>> parents;
    for (const SummarySpan& span : summary.spans) parents.emplace_back(span.id, span.parent);
    LinkToNearest(parents, summary.spans);
  }
  return status;
}

}  // namespace spanlog::stores
