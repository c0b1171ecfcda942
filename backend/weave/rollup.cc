#include "weave/rollup.h"

#include <cstdio>

#include "base/text.h"
#include "weave/prices.h"
#include "weave/titles.h"

namespace spanlog::weave {
namespace {

Usage OwnUsage(const CallUsage& call, const std::vector<settings::Price>& prices) {
  Usage own;
  const auto take = [&](int64_t tokens, int64_t& out) {
    if (tokens < 0) return;
    out = tokens;
    own.has_tokens = true;
  };
  take(call.input_tokens, own.input);
  take(call.output_tokens, own.output);
  take(call.cache_read_tokens, own.cache_read);
  take(call.cache_write_tokens, own.cache_write);
  take(call.reasoning_tokens, own.reasoning);
  const double cost = CostOf(call, prices);
  if (cost >= 0) {
    own.cost_usd = cost;
    own.has_cost = true;
  }
  return own;
}

// An MCP client span directly below a tool span is the same call seen again.
bool SeenBelow(uint32_t span, const SpanTree& tree, const Reading& reading) {
  for (const uint32_t child : tree.children(span)) {
    const CallUsage& call = reading.calls[child];
    if (call.kind == CallKind::kTool && call.tool_name == reading.calls[span].tool_name) return true;
  }
  return false;
}

std::string DollarText(double usd) {
  char buffer[32];
  std::snprintf(buffer, sizeof(buffer), usd >= 1 ? "$%.2f" : usd >= 0.001 ? "$%.3f" : "$%.6f", usd);
  return buffer;
}

}  // namespace

void Usage::Add(const Usage& other) {
  llm_calls += other.llm_calls;
  tools += other.tools;
  errors += other.errors;
  input += other.input;
  output += other.output;
  cache_read += other.cache_read;
  cache_write += other.cache_write;
  reasoning += other.reasoning;
  cost_usd += other.cost_usd;
  has_tokens |= other.has_tokens;
  has_cost |= other.has_cost;
}

RollUp RollUpUsage(const Trace& trace, const SpanTree& tree, const Reading& reading,
                   const std::vector<settings::Price>& prices) {
  RollUp result;
  result.own.resize(trace.spans.size());
  result.subtree.resize(trace.spans.size());
  const std::vector<uint32_t>& order = tree.top_down();
  for (auto at = order.rbegin(); at != order.rend(); ++at) {
    const uint32_t span = *at;
    const CallUsage& call = reading.calls[span];
    Usage below;
    for (const uint32_t child : tree.children(span)) below.Add(result.subtree[child]);

    Usage own;
    const bool repeats = below.llm_calls > 0 || call.aggregates_children;
    const bool carries = call.kind == CallKind::kModel ||
                         (call.kind == CallKind::kAgent && below.llm_calls == 0);
    if (carries && !repeats) own = OwnUsage(call, prices);
    if (call.kind == CallKind::kModel && !repeats) own.llm_calls = 1;
    if (call.kind == CallKind::kTool && !SeenBelow(span, tree, reading)) own.tools = 1;
    if (trace.spans[span].status == StatusCode::kError && below.errors == 0) own.errors = 1;

    result.own[span] = own;
    below.Add(own);
    result.subtree[span] = below;
  }
  return result;
}

std::string SummaryText(const Usage& usage) {
  if (usage.llm_calls == 0) return {};
  std::string text = Concat(usage.llm_calls, " LLM");
  if (usage.has_tokens) {
    Append(text, " · ", CountText(usage.input), "→", CountText(usage.output));
  }
  if (usage.has_cost) Append(text, " · ", DollarText(usage.cost_usd));
  if (usage.errors > 0) Append(text, " · ", usage.errors, usage.errors == 1 ? " error" : " errors");
  return text;
}

void AddUsageTags(const CallUsage& call, const Usage& own, const Usage& subtree, Arena& arena,
                  TagList& tags) {
  const auto count = [&](std::string_view key, int64_t value) {
    if (value > 0) tags.Add(key, Value::Int(value));
  };
  if (call.ttft_ms >= 0) tags.Add("spanlog.ttft_ms", Value::Double(call.ttft_ms));
  if (own.has_tokens) {
    count("spanlog.own.tokens.input", own.input);
    count("spanlog.own.tokens.output", own.output);
    count("spanlog.own.tokens.cache_read", own.cache_read);
    count("spanlog.own.tokens.cache_write", own.cache_write);
    count("spanlog.own.tokens.reasoning", own.reasoning);
  }
  if (own.has_cost) tags.Add("spanlog.own.cost_usd", Value::Double(own.cost_usd));
  if (subtree.llm_calls == 0 && subtree.tools == 0 && !subtree.has_tokens) return;
  tags.AddText(kSummaryKey, arena.Copy(SummaryText(subtree)));
  count("spanlog.llm_calls", subtree.llm_calls);
  count("spanlog.tools", subtree.tools);
  count("spanlog.errors", subtree.errors);
  count("spanlog.tokens.input", subtree.input);
  count("spanlog.tokens.output", subtree.output);
  count("spanlog.tokens.cache_read", subtree.cache_read);
  count("spanlog.tokens.cache_write", subtree.cache_write);
  count("spanlog.tokens.reasoning", subtree.reasoning);
  if (subtree.has_cost) tags.Add("spanlog.cost_usd", Value::Double(subtree.cost_usd));
}

}  // namespace spanlog::weave
