#include "genai/rebuild.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/stable_hash.h"
#include "base/text.h"
#include "genai/fields.h"

namespace spanlog::genai {
namespace {

// One level of the tree: under which names records carry its id, and what its span is called.
struct LevelKey {
  std::string_view span_key;        // attribute of the rebuilt span
  std::string_view record_keys[3];  // first that the record has
};
constexpr LevelKey kSession = {"session.id",
                               {"session.id", "conversation.id", "gen_ai.conversation.id"}};
constexpr LevelKey kTurn = {"prompt.id", {"prompt.id", "", ""}};
constexpr LevelKey kTool = {"tool_use_id", {"tool_use_id", "call_id", "gen_ai.tool.call.id"}};
constexpr LevelKey kRequest = {"request_id", {"request_id", "gen_ai.response.id", ""}};

// What usage and titles are read from; copied onto the span of the record that says it.
constexpr std::string_view kUsageKeys[] = {
    "model",         "input_tokens",          "output_tokens",     "cache_read_tokens",
    "cost_usd",      "cache_creation_tokens", "cost_usd_micros",   "tool_name",
    "function_name", "input_token_count",     "output_token_count"};

std::string_view IdOf(const Fields& fields, const LevelKey& key) {
  for (const std::string_view name : key.record_keys) {
    if (name.empty()) continue;
    const std::string_view id = fields.Text(name);
    if (!id.empty()) return id;
  }
  return {};
}

class Rebuilder {
 public:
  Rebuilder(const LogBatch& logs, const TraceId& id) : logs_(logs) { trace_.id = id; }

  Trace Run() {
    for (const LogRecord& record : logs_.records) AddRecord(record);
    for (size_t i = 0; i < trace_.spans.size(); ++i) {
      trace_.spans[i].attributes = trace_.arena->CopyArray(attributes_[i]);
    }
    return std::move(trace_);
  }

 private:
  void AddRecord(const LogRecord& record) {
    const Fields fields(record, logs_.streams[record.stream]);
    const std::string_view session = IdOf(fields, kSession);
    if (session.empty()) return;
    const int64_t end = record.time_ns;
    int64_t duration_ms = 0;
    if (!fields.Int("duration_ms", duration_ms) || duration_ms < 0) duration_ms = 0;
    const int64_t start =
        std::max<int64_t>(end - std::min<int64_t>(duration_ms, 86'400'000) * 1'000'000, 1);

    uint32_t span = SpanFor(record, kSession, session, kNoIndex, Name(record, "session"));
    Cover(span, start, end);
    const std::string_view turn = IdOf(fields, kTurn);
    if (!turn.empty()) {
      span = SpanFor(record, kTurn, turn, span, Name(record, "interaction"));
      Cover(span, start, end);
    }
    const std::string_view tool = IdOf(fields, kTool);
    const std::string_view request = IdOf(fields, kRequest);
    if (!tool.empty()) {
      span = SpanFor(record, kTool, tool, span, Name(record, "tool"));
    } else if (!request.empty()) {
      span = SpanFor(record, kRequest, request, span, Name(record, "llm_request"));
    } else {
      return;
    }
    Cover(span, start, end);
    CopyUsage(fields, span);
    if (fields.Text("success") == "false") trace_.spans[span].status = StatusCode::kError;
  }

  // The names that Claude Code gives its own spans, so that its row reads their usage.
  std::string_view Name(const LogRecord& record, std::string_view what) {
    if (!StartsWith(record.scope_name, "com.anthropic.claude_code")) return what;
    return trace_.arena->Copy(Concat("claude_code.", what));
  }

  uint32_t SpanFor(const LogRecord& record, const LevelKey& key, std::string_view id,
                   uint32_t parent, std::string_view name) {
    StableHash hash;
    hash.Add(key.span_key);
    hash.Add(id);
    const uint64_t span_id = hash.value() == 0 ? 1 : hash.value();
    const auto found = by_id_.find(span_id);
    if (found != by_id_.end()) return found->second;
    Span span;
    span.span_id = span_id;
    if (parent != kNoIndex) span.parent_span_id = trace_.spans[parent].span_id;
    span.name = name;
    span.kind = SpanKind::kInternal;
    span.start_ns = record.time_ns;
    span.end_ns = record.time_ns;
    span.resource = ResourceFor(record);
    span.scope = ScopeFor(record);
    const auto index = static_cast<uint32_t>(trace_.spans.size());
    trace_.spans.push_back(span);
    attributes_.push_back({{key.span_key, Value::String(id)}});
    by_id_.emplace(span_id, index);
    return index;
  }

  void Cover(uint32_t span, int64_t start, int64_t end) {
    for (uint32_t at = span; at != kNoIndex; at = ParentOf(at)) {
      trace_.spans[at].start_ns = std::min(trace_.spans[at].start_ns, start);
      trace_.spans[at].end_ns = std::max(trace_.spans[at].end_ns, end);
    }
  }

  uint32_t ParentOf(uint32_t span) const {
    const auto found = by_id_.find(trace_.spans[span].parent_span_id);
    return found == by_id_.end() ? kNoIndex : found->second;
  }

  void CopyUsage(const Fields& fields, uint32_t span) {
    for (const std::string_view key : kUsageKeys) {
      const Value* value = fields.Find(key);
      if (value == nullptr || spanlog::Find(attributes_[span], key) != nullptr) continue;
      attributes_[span].push_back({key, *value});
    }
  }

  uint32_t ResourceFor(const LogRecord& record) {
    const auto [resource, is_new] =
        resources_.try_emplace(record.service, static_cast<uint32_t>(trace_.resources.size()));
    if (is_new) trace_.resources.push_back({record.service, logs_.streams[record.stream].labels});
    return resource->second;
  }

  uint32_t ScopeFor(const LogRecord& record) {
    const auto [scope, is_new] =
        scopes_.try_emplace(record.scope_name, static_cast<uint32_t>(trace_.scopes.size()));
    if (is_new) trace_.scopes.push_back({record.scope_name, {}, {}});
    return scope->second;
  }

  const LogBatch& logs_;
  Trace trace_;
  std::vector<std::vector<Attribute>> attributes_;
  absl::flat_hash_map<uint64_t, uint32_t> by_id_;
  StringMap<uint32_t> resources_, scopes_;  // by service, by name
};

}  // namespace

Trace RebuildTrace(const LogBatch& logs, const TraceId& id) { return Rebuilder(logs, id).Run(); }

}  // namespace spanlog::genai
