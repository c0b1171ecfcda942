// What a search hit tells of an agent's run: who was asked what, with which models and tools, and
// what it cost. Read by the same rules as a whole trace.
#pragma once

#include <string>
#include <vector>

#include "settings/settings.h"
#include "stores/store.h"

namespace spanlog::query {

struct AgentRun {
  bool is_run = false;        // false: the hit shows no call of an agent, a model or a tool
  std::string first_message;  // the first text of a user
  std::string models;         // each once, in the order of first use: "gpt-4o, o3"
  std::string tools;
  double input_tokens = 0;  // NaN: no call says it
  double output_tokens = 0;
  double cost_usd = 0;
};

AgentRun ReadAgentRun(const stores::TraceSummary& summary,
                      const std::vector<settings::Price>& prices);

}  // namespace spanlog::query
