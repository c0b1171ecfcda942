// Who called whom in a run, as Grafana's node graph wants it: a frame of nodes and one of edges.
#pragma once

#include <string>

#include "frame/table.h"
#include "weave/woven.h"

namespace spanlog::views {

struct NodeGraph {
  frame::Table nodes;  // id, title, subtitle, mainstat, secondarystat, arc__*, detail__*
  frame::Table edges;  // id, source, target, mainstat, secondarystat, detail__*
};

// Agents call models, models call tools, tools may call agents and models. A tool hangs from the
// model whose call came last before it in the same agent. Calls outside of any agent hang from
// their service. Without calls both frames have no rows.
NodeGraph MakeNodeGraph(const weave::Woven& woven, const std::string& ref_id);

}  // namespace spanlog::views
