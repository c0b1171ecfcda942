#include "weave/history.h"

#include <algorithm>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "base/stable_hash.h"

namespace spanlog::weave {
namespace {

uint64_t Fingerprint(const Message& message) {
  StableHash hash;
  hash.Add(static_cast<uint64_t>(message.kind));
  if (message.kind == PartKind::kToolCall) {
    if (!message.tool.id.empty()) {
      hash.Add(message.tool.id);
    } else {
      hash.Add(message.tool.name);
      hash.Add(message.tool.arguments);
    }
  } else {
    if (message.kind != PartKind::kToolResult) hash.Add(static_cast<uint64_t>(message.role));
    hash.Add(message.text);
  }
  return hash.value();
}

uint32_t AgentOf(uint32_t span, const SpanTree& tree, const Reading& reading) {
  for (uint32_t at = tree.parent(span); at != kNoIndex; at = tree.parent(at)) {
    if (reading.calls[at].kind == CallKind::kAgent) return at;
  }
  return kNoIndex;
}

// What one agent has shown so far.
struct Seen {
  absl::flat_hash_set<uint64_t> all;
  std::vector<uint64_t> last_inputs;
};

}  // namespace

History FoldHistory(const Trace& trace, const SpanTree& tree, const Reading& reading) {
  History history;
  history.fold.assign(reading.messages.size(), false);
  history.calls.resize(trace.spans.size());

  absl::flat_hash_map<uint32_t, std::vector<uint32_t>> by_span;
  for (uint32_t i = 0; i < reading.messages.size(); ++i) {
    if (reading.messages[i].span != kNoIndex) by_span[reading.messages[i].span].push_back(i);
  }
  std::vector<uint32_t> calls;
  for (const auto& [span, messages] : by_span) calls.push_back(span);
  std::sort(calls.begin(), calls.end(), [&](uint32_t a, uint32_t b) {
    const Span& x = trace.spans[a];
    const Span& y = trace.spans[b];
    return x.start_ns != y.start_ns ? x.start_ns < y.start_ns : a < b;
  });

  absl::flat_hash_map<uint32_t, Seen> agents;
  for (const uint32_t call : calls) {
    Seen& seen = agents[AgentOf(call, tree, reading)];
    const bool is_model = reading.calls[call].kind == CallKind::kModel;
    std::vector<uint64_t> inputs;
    std::vector<uint64_t> all;
    bool continues = false;
    for (const uint32_t i : by_span[call]) {
      const Message& message = reading.messages[i];
      const uint64_t print = Fingerprint(message);
      all.push_back(print);
      const bool known = seen.all.contains(print);
      if (message.direction == Direction::kInput) inputs.push_back(print);
      // An output may repeat an earlier text word for word; it is new all the same. Under a tool
      // span the call that the model made is known already.
      const bool foldable = message.direction == Direction::kInput ||
                            (!is_model && message.kind == PartKind::kToolCall);
      if (!known || !foldable || message.status == MessageStatus::kOff) continue;
      history.fold[i] = true;
      if (is_model) ++history.calls[call].folded;
      if (message.role != Role::kSystem) continues = true;
    }
    if (is_model) {
      if (continues) {
        const absl::flat_hash_set<uint64_t> now(inputs.begin(), inputs.end());
        for (const uint64_t before : seen.last_inputs) {
          if (!now.contains(before)) history.calls[call].rewritten = true;
        }
      }
      seen.last_inputs = std::move(inputs);
    }
    seen.all.insert(all.begin(), all.end());
  }
  return history;
}

}  // namespace spanlog::weave
