#include "weave/rollup.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "base/text.h"
#include "weave/prices.h"
#include "weave/titles.h"

namespace spanlog::weave {
namespace {

constexpr double kLongestMs = 1e12;  // so that no time overflows

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

// What is known of a span's subtree besides its sums.
struct Below {
  // Model calls that are not made by a tool below the span: they are what the span's own usage
  // would repeat.
  int64_t direct_calls = 0;
  int64_t first_token_ns = 0;  // 0: not said
  // The tools called below with nothing but spans of no kind between, the first few.
  std::vector<std::string_view> tools;

  void Add(const Below& other) {
    direct_calls += other.direct_calls;
    if (other.first_token_ns != 0 &&
        (first_token_ns == 0 || other.first_token_ns < first_token_ns)) {
      first_token_ns = other.first_token_ns;
    }
    constexpr size_t kMaxTools = 8;
    for (const std::string_view tool : other.tools) {
      if (tools.size() < kMaxTools) tools.push_back(tool);
    }
  }
};

// Works bottom-up. Lives for one call of RollUpUsage.
class Summer {
 public:
  Summer(const Trace& trace, const SpanTree& tree, const Reading& reading,
         const std::vector<settings::Price>& prices)
      : trace_(trace), tree_(tree), reading_(reading), prices_(prices), below_(trace.spans.size()) {
    result_.own.resize(trace.spans.size());
    result_.subtree.resize(trace.spans.size());
    for (const RecordCall& call : reading.record_calls) {
      if (call.span != kNoIndex) recorded_[call.span].push_back(&call.usage);
    }
  }

  RollUp Run() {
    const std::vector<uint32_t>& order = tree_.top_down();
    for (auto at = order.rbegin(); at != order.rend(); ++at) Sum(*at);
    return std::move(result_);
  }

 private:
  void Sum(uint32_t span) {
    const CallUsage& call = reading_.calls[span];
    Usage sum;
    Below below;
    for (const uint32_t child : tree_.children(span)) {
      sum.Add(result_.subtree[child]);
      below.Add(below_[child]);
    }
    Usage& own = result_.own[span];
    own = OwnOf(span, sum, below);
    AddRecorded(span, sum, own);
    // An MCP client span below a tool span is the same call seen again.
    const bool seen_below =
        std::find(below.tools.begin(), below.tools.end(), call.tool_name) != below.tools.end();
    if (call.kind == CallKind::kTool && !seen_below) own.tools = 1;
    if (trace_.spans[span].status == StatusCode::kError && sum.errors == 0) own.errors = 1;
    sum.Add(own);

    const int64_t start_ns = trace_.spans[span].start_ns;
    if (call.ttft_ms >= 0) {
      below.first_token_ns =
          start_ns + static_cast<int64_t>(std::min(call.ttft_ms, kLongestMs) * 1e6);
      sum.ttft_ms = call.ttft_ms;
    } else if (below.first_token_ns > start_ns) {
      sum.ttft_ms = static_cast<double>(below.first_token_ns - start_ns) / 1e6;
    }
    below.direct_calls += own.llm_calls;
    if (call.kind != CallKind::kNone) below.tools.clear();
    if (call.kind == CallKind::kTool) {
      below.direct_calls = 0;
      if (!call.tool_name.empty()) below.tools.push_back(call.tool_name);
    }
    result_.subtree[span] = sum;
    below_[span] = std::move(below);
  }

  // What the span itself says of its call, unless calls below it say the same.
  Usage OwnOf(uint32_t span, const Usage& sum, const Below& below) const {
    const CallUsage& call = reading_.calls[span];
    Usage own;
    if (call.kind == CallKind::kModel) {
      if (below.direct_calls > 0 || call.aggregates_children) return own;
      own = OwnUsage(call, prices_);
      own.llm_calls = 1;
    } else if (call.kind == CallKind::kAgent && !sum.has_tokens && !sum.has_cost) {
      own = OwnUsage(call, prices_);
    } else if (call.kind == CallKind::kAgent && !sum.has_cost && call.cost_usd >= 0) {
      own.cost_usd = call.cost_usd;
      own.has_cost = true;
    }
    return own;
  }

  void AddRecorded(uint32_t span, const Usage& sum, Usage& own) const {
    const auto found = recorded_.find(span);
    if (found == recorded_.end()) return;
    // The span itself, or spans below, are these calls.
    if (reading_.calls[span].kind == CallKind::kModel || sum.llm_calls > 0) return;
    const bool has_tokens = own.has_tokens;
    for (const CallUsage* recorded : found->second) {
      ++own.llm_calls;
      if (!has_tokens) own.Add(OwnUsage(*recorded, prices_));
    }
  }

  const Trace& trace_;
  const SpanTree& tree_;
  const Reading& reading_;
  const std::vector<settings::Price>& prices_;
  absl::flat_hash_map<uint32_t, std::vector<const CallUsage*>> recorded_;  // by span
  std::vector<Below> below_;
  RollUp result_;
};

std::string DollarText(double usd) {
  return Concat('$', FixedText(usd, usd >= 1 ? 2 : usd >= 0.001 ? 3 : 6));
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
  return Summer(trace, tree, reading, prices).Run();
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

void AddUsageTags(const Usage& own, const Usage& subtree, Arena& arena, TagList& tags) {
  const auto count = [&](std::string_view key, int64_t value) {
    if (value > 0) tags.Add(key, Value::Int(value));
  };
  if (subtree.ttft_ms >= 0) tags.Add("spanlog.ttft_ms", Value::Double(subtree.ttft_ms));
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
