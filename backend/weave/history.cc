#include "weave/history.h"

#include <algorithm>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "base/stable_hash.h"
#include "base/text.h"

namespace spanlog::weave {
namespace {

// Blanks between JSON tokens are the emitter's habit and differ between a model's answer and the
// history that repeats it. What is left need not be JSON.
void AddWithoutBlanks(std::string_view text, StableHash& hash) {
  size_t begin = 0;
  for (size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && text[i] != ' ' && text[i] != '\n' && text[i] != '\t') continue;
    for (size_t at = begin; at < i; ++at) hash.Add(static_cast<uint64_t>(text[at]));
    begin = i + 1;
  }
}

uint64_t Fingerprint(const Message& message) {
  StableHash hash;
  hash.Add(static_cast<uint64_t>(message.kind));
  if (message.kind == PartKind::kToolCall) {
    if (!message.tool.id.empty()) {
      hash.Add(message.tool.id);
    } else {
      hash.Add(message.tool.name);
      AddWithoutBlanks(message.tool.arguments, hash);
    }
  } else {
    if (message.kind != PartKind::kToolResult) hash.Add(static_cast<uint64_t>(message.role));
    hash.Add(TrimSpace(message.text));
  }
  return hash.value();
}

// Which conversation a call belongs to: one agent's, under its supervisors. A run of an agent is
// one span, and a conversation may take many runs.
struct AgentOfCall {
  uint32_t run = kNoIndex;
  uint64_t conversation = 0;
};

// For each span what calls right below it belong to. From the top down, so that a deep tree is
// walked once.
std::vector<AgentOfCall> FindAgents(const Trace& trace, const SpanTree& tree,
                                    const Reading& reading) {
  std::vector<AgentOfCall> agents(trace.spans.size());
  std::vector<uint64_t> names(trace.spans.size(), 0);  // of the agents from the top to here
  for (const uint32_t i : tree.top_down()) {
    const uint32_t parent = tree.parent(i);
    if (parent != kNoIndex) {
      agents[i] = agents[parent];
      names[i] = names[parent];
    }
    const CallUsage& call = reading.calls[i];
    if (call.kind != CallKind::kAgent) continue;
    StableHash path;
    path.Add(names[i]);
    path.Add(call.agent_name.empty() ? trace.spans[i].name : call.agent_name);
    names[i] = path.value();
    path.Add(call.conversation_id);
    agents[i] = {i, path.value()};
  }
  return agents;
}

using Counts = absl::flat_hash_map<uint64_t, uint32_t>;

// What one conversation has shown so far.
struct Seen {
  Counts counts;  // how often each message stands in the conversation
  uint32_t last_call = kNoIndex;
  uint32_t last_run = kNoIndex;
  std::vector<uint64_t> last_inputs;  // without the system's
};

// Was `call` given a conversation that lost messages of the call before it?
bool IsRewritten(const Seen& seen, uint32_t run, uint32_t call, const Counts& now,
                 const Trace& trace) {
  // Another run may be another conversation, and calls side by side are two.
  if (seen.last_call == kNoIndex || seen.last_run != run) return false;
  if (trace.spans[seen.last_call].end_ns > trace.spans[call].start_ns) return false;
  return std::any_of(seen.last_inputs.begin(), seen.last_inputs.end(),
                     [&](uint64_t before) { return !now.contains(before); });
}

bool IsCut(const Message& message) {
  return message.status == MessageStatus::kCut || message.status == MessageStatus::kRepaired;
}

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

  absl::flat_hash_map<uint64_t, Seen> conversations;
  const std::vector<AgentOfCall> agents = FindAgents(trace, tree, reading);
  for (const uint32_t call : calls) {
    const uint32_t parent = tree.parent(call);
    const AgentOfCall agent = parent == kNoIndex ? AgentOfCall() : agents[parent];
    Seen& seen = conversations[agent.conversation];
    const bool is_model = reading.calls[call].kind == CallKind::kModel;
    Counts inputs;  // of this call
    Counts outputs;
    std::vector<uint64_t> said;  // inputs that a rewritten history would lose
    bool continues = false;
    bool is_cut = false;
    for (const uint32_t i : by_span[call]) {
      const Message& message = reading.messages[i];
      const uint64_t print = Fingerprint(message);
      const bool is_input = message.direction == Direction::kInput;
      const uint32_t number = is_input ? ++inputs[print] : ++outputs[print];
      const auto known = seen.counts.find(print);
      const bool is_known = known != seen.counts.end() && number <= known->second;
      if (is_input && message.role != Role::kSystem) said.push_back(print);
      is_cut |= is_input && IsCut(message);
      // An output may repeat an earlier text word for word; it is new all the same. Under a tool
      // span the call that the model made is known already.
      const bool foldable = is_input || (!is_model && message.kind == PartKind::kToolCall);
      if (!is_known || !foldable || message.status == MessageStatus::kOff) continue;
      history.fold[i] = true;
      if (is_model) ++history.calls[call].folded;
      if (message.role != Role::kSystem) continues = true;
    }
    if (is_model) {
      // What a cut took away may be there.
      history.calls[call].rewritten =
          continues && !is_cut && IsRewritten(seen, agent.run, call, inputs, trace);
      seen.last_call = call;
      seen.last_run = agent.run;
      seen.last_inputs = std::move(said);
    }
    for (const auto& [print, count] : inputs) {
      uint32_t& total = seen.counts[print];
      total = std::max(total, count);
    }
    for (const auto& [print, count] : outputs) seen.counts[print] += count;
  }
  return history;
}

}  // namespace spanlog::weave
