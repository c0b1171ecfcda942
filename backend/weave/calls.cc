#include "weave/calls.h"

#include "absl/container/flat_hash_map.h"
#include "weave/prices.h"

namespace spanlog::weave {
namespace {

constexpr std::string_view kUnknownModel = "unknown model";

bool SaysTokens(const CallUsage& call) {
  return call.input_tokens >= 0 || call.output_tokens >= 0 || call.cache_read_tokens >= 0 ||
         call.cache_write_tokens >= 0 || call.reasoning_tokens >= 0;
}

std::string_view NameOf(const CallUsage& call, const Span& span) {
  if (call.kind == CallKind::kModel) return call.model.empty() ? kUnknownModel : call.model;
  const std::string_view name = call.kind == CallKind::kTool ? call.tool_name : call.agent_name;
  if (!name.empty()) return name;
  return span.name.empty() ? "unnamed" : span.name;
}

class Collector {
 public:
  Collector(const Trace& trace, const SpanTree& tree, const Reading& reading, const RollUp& usage,
            const std::vector<settings::Price>& prices)
      : trace_(trace), tree_(tree), reading_(reading), usage_(usage), prices_(prices) {
    for (const RecordCall& call : reading.record_calls) {
      if (call.span != kNoIndex) recorded_[call.span].push_back(&call.usage);
    }
  }

  std::vector<Call> Run() {
    std::vector<uint32_t> nearest(trace_.spans.size(), kNoIndex);  // the call of a span or above it
    for (const uint32_t i : tree_.top_down()) {
      const uint32_t above = tree_.parent(i);
      nearest[i] = above == kNoIndex ? kNoIndex : nearest[above];
      if (IsCounted(i)) {
        AddSpan(i, nearest[i]);
        nearest[i] = static_cast<uint32_t>(calls_.size() - 1);
      }
      if (reading_.calls[i].kind != CallKind::kModel && usage_.own[i].llm_calls > 0) {
        AddRecorded(i, nearest[i]);
      }
    }
    return std::move(calls_);
  }

 private:
  bool IsCounted(uint32_t span) const {
    switch (reading_.calls[span].kind) {
      case CallKind::kModel:
        return usage_.own[span].llm_calls > 0;
      case CallKind::kTool:
        return usage_.own[span].tools > 0;
      case CallKind::kAgent:
        return true;
      case CallKind::kNone:
        break;
    }
    return false;
  }

  Call CallAt(uint32_t span, uint32_t parent) const {
    Call call;
    call.parent = parent;
    call.service = trace_.resource_of(trace_.spans[span]).service_name;
    call.start_ns = trace_.spans[span].start_ns;
    return call;
  }

  void AddSpan(uint32_t i, uint32_t parent) {
    const CallUsage& said = reading_.calls[i];
    const Span& span = trace_.spans[i];
    const Usage& own = usage_.own[i];
    Call call = CallAt(i, parent);
    call.kind = said.kind;
    call.name = NameOf(said, span);
    call.provider = said.provider;
    call.duration_ns = span.end_ns - span.start_ns;
    call.failed = span.status == StatusCode::kError;
    // What records tell of an agent's calls is theirs.
    const bool is_own = said.kind == CallKind::kModel || !recorded_.contains(i) || SaysTokens(said);
    if (own.has_tokens && is_own) {
      call.input_tokens = own.input;
      call.output_tokens = own.output;
      call.cache_read_tokens = own.cache_read;
      call.cache_write_tokens = own.cache_write;
    }
    if (own.has_cost && is_own) call.cost_usd = own.cost_usd;
    calls_.push_back(call);
  }

  void AddRecorded(uint32_t i, uint32_t parent) {
    const auto found = recorded_.find(i);
    if (found == recorded_.end()) return;
    const CallUsage& said = reading_.calls[i];
    const bool counted_above = said.kind == CallKind::kAgent && SaysTokens(said);
    for (const CallUsage* usage : found->second) {
      Call call = CallAt(i, parent);
      call.kind = CallKind::kModel;
      call.name = usage->model.empty() ? kUnknownModel : usage->model;
      call.provider = usage->provider;
      call.duration_ns = -1;
      if (!counted_above) {
        call.input_tokens = usage->input_tokens;
        call.output_tokens = usage->output_tokens;
        call.cache_read_tokens = usage->cache_read_tokens;
        call.cache_write_tokens = usage->cache_write_tokens;
        call.cost_usd = CostOf(*usage, prices_);
      }
      calls_.push_back(call);
    }
  }

  const Trace& trace_;
  const SpanTree& tree_;
  const Reading& reading_;
  const RollUp& usage_;
  const std::vector<settings::Price>& prices_;
  absl::flat_hash_map<uint32_t, std::vector<const CallUsage*>> recorded_;  // by span
  std::vector<Call> calls_;
};

}  // namespace

std::vector<Call> CollectCalls(const Trace& trace, const SpanTree& tree, const Reading& reading,
                               const RollUp& usage, const std::vector<settings::Price>& prices) {
  return Collector(trace, tree, reading, usage, prices).Run();
}

}  // namespace spanlog::weave
