// Tokens, cost, calls and errors of every span and of all below it, each counted once.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/message.h"
#include "model/trace.h"
#include "settings/settings.h"
#include "weave/span_tree.h"
#include "weave/tags.h"

namespace spanlog::weave {

struct Usage {
  int64_t llm_calls = 0;
  int64_t tools = 0;
  int64_t errors = 0;  // spans in error without a span in error below them
  int64_t input = 0;
  int64_t output = 0;
  int64_t cache_read = 0;
  int64_t cache_write = 0;
  int64_t reasoning = 0;
  double cost_usd = 0;
  bool has_tokens = false;
  bool has_cost = false;
  double ttft_ms = -1;  // from the span's start to the first token of any call; -1 = not said

  // Sums; ttft_ms stays.
  void Add(const Usage& other);
};

struct RollUp {
  std::vector<Usage> own;      // parallel to Trace::spans; of the call itself
  std::vector<Usage> subtree;  // the span and all below it
};

// A span that repeats the usage of calls below it (an agent, an SDK's outer span) has none of its
// own (genai.md 1.i.7). What a model's call asked a tool to do is below it and no repeat. A call
// that only a record tells of counts at the span that the record belongs to.
RollUp RollUpUsage(const Trace& trace, const SpanTree& tree, const Reading& reading,
                   const std::vector<settings::Price>& prices);

// "3 LLM · 12.4k→1.1k · $0.043 · 1 error"; empty without LLM calls.
std::string SummaryText(const Usage& usage);

// Adds `summary` and the spanlog.* counts of one span. Adds nothing where there is nothing.
void AddUsageTags(const Usage& own, const Usage& subtree, Arena& arena, TagList& tags);

}  // namespace spanlog::weave
