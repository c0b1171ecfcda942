#include "query/agent_run.h"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "absl/container/flat_hash_set.h"
#include "base/text.h"
#include "genai/reader.h"
#include "weave/calls.h"
#include "weave/rollup.h"
#include "weave/span_tree.h"

namespace spanlog::query {
namespace {

// A search may not say who is below whom. Then a call belongs to the shortest one that covers its
// time: an agent's span, which repeats the tokens of its calls, must not count beside them.
void GuessParents(std::vector<Span>& spans) {
  // Tempo gives some hundreds of such spans for a trace; of more than these it would take too long.
  constexpr size_t kMostSpans = 4096;
  if (spans.size() > kMostSpans) return;
  for (Span& span : spans) {
    if (span.parent_span_id != 0) continue;
    const Span* best = nullptr;
    for (const Span& other : spans) {
      const bool covers = other.start_ns <= span.start_ns && other.end_ns >= span.end_ns &&
                          other.end_ns - other.start_ns > span.end_ns - span.start_ns;
      if (!covers) continue;
      if (best == nullptr || other.end_ns - other.start_ns < best->end_ns - best->start_ns) {
        best = &other;
      }
    }
    if (best != nullptr) span.parent_span_id = best->span_id;
  }
}

Trace ToTrace(const stores::TraceSummary& summary) {
  Trace trace;
  trace.id = summary.id;
  trace.resources.push_back({summary.root_service, {}});
  trace.scopes.push_back({});
  std::vector<Attribute> attributes;
  absl::flat_hash_set<uint64_t> seen;  // Zipkin may have a span in several pieces
  for (const stores::SummarySpan& from : summary.spans) {
    if (!seen.insert(from.id).second) continue;
    Span span;
    span.span_id = from.id;
    span.parent_span_id = from.parent;
    span.name = from.name;
    span.status = from.error ? StatusCode::kError : StatusCode::kUnset;
    span.start_ns = std::max<int64_t>(from.start_ns, 1);
    span.end_ns = std::max(from.end_ns, span.start_ns);
    attributes.clear();
    for (const auto& [key, value] : from.attributes)
      attributes.push_back({key, Value::String(value)});
    span.attributes = trace.arena->CopyArray(attributes);
    trace.spans.push_back(span);
  }
  std::stable_sort(trace.spans.begin(), trace.spans.end(),
                   [](const Span& a, const Span& b) { return a.start_ns < b.start_ns; });
  GuessParents(trace.spans);
  return trace;
}

void AddOnce(std::string& list, StringSet<>& names, std::string_view name) {
  if (!names.insert(name).second) return;
  Append(list, list.empty() ? "" : ", ", name);
}

// By the start of its call: a conversation's first words are in every later call again.
std::string_view FirstUserText(const Trace& trace, const Reading& reading) {
  const Message* first = nullptr;
  const auto start = [&](const Message& message) {
    return message.span < trace.spans.size() ? trace.spans[message.span].start_ns : 0;
  };
  for (const Message& message : reading.messages) {
    if (message.role != Role::kUser || message.kind != PartKind::kText || message.text.empty())
      continue;
    if (first == nullptr ||
        std::pair(start(message), message.order) < std::pair(start(*first), first->order)) {
      first = &message;
    }
  }
  return first == nullptr ? std::string_view() : first->text;
}

}  // namespace

AgentRun ReadAgentRun(const stores::TraceSummary& summary,
                      const std::vector<settings::Price>& prices) {
  AgentRun run;
  run.input_tokens = run.output_tokens = run.cost_usd = NAN;
  if (summary.spans.empty()) return run;
  const Trace trace = ToTrace(summary);
  const Reading reading = genai::Read(trace, LogBatch());
  const weave::SpanTree tree(trace);
  const weave::RollUp usage = weave::RollUpUsage(trace, tree, reading, prices);
  std::vector<weave::Call> calls = weave::CollectCalls(trace, tree, reading, usage, prices);
  std::stable_sort(calls.begin(), calls.end(), [](const weave::Call& a, const weave::Call& b) {
    return a.start_ns < b.start_ns;
  });
  StringSet<> models, tools;
  for (const weave::Call& call : calls) {
    run.is_run = true;
    if (call.kind == CallKind::kModel) AddOnce(run.models, models, call.name);
    if (call.kind == CallKind::kTool) AddOnce(run.tools, tools, call.name);
  }
  weave::Usage all;
  for (const weave::Usage& own : usage.own) all.Add(own);
  if (all.has_tokens) {
    run.input_tokens = static_cast<double>(all.input);
    run.output_tokens = static_cast<double>(all.output);
  }
  if (all.has_cost) run.cost_usd = all.cost_usd;
  run.first_message = FirstUserText(trace, reading);
  return run;
}

}  // namespace spanlog::query
