#include "views/node_graph.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>
#include <vector>

#include "base/stable_hash.h"
#include "base/sum.h"
#include "base/text.h"
#include "base/utf8.h"
#include "views/call_totals.h"
#include "weave/titles.h"

namespace spanlog::views {
namespace {

using weave::CountText;

// Grafana itself warns from 1,000 on; its layout is slow long before.
constexpr size_t kMaxNodes = 500;

struct Edge {
  std::string source, target;
  int64_t calls = 0, errors = 0, total_ns = 0;
};

// Edges repeat it, so that a long name is cut; two that begin alike stay apart.
std::string IdOf(std::string_view kind, std::string_view name) {
  constexpr size_t kLongestName = 1024;
  if (name.size() <= kLongestName) return Concat(kind, ":", name);
  StableHash hash;
  hash.Add(name);
  return Concat(kind, ":", CutUtf8(name, kLongestName), "…", hash.value());
}

std::string CallsText(int64_t calls) { return Concat(calls, calls == 1 ? " call" : " calls"); }

std::string TokensText(const CallTotals& totals) {
  if (totals.has_tokens) {
    return Concat(CountText(totals.input), "→", CountText(totals.output), " tokens");
  }
  return totals.durations_ns.empty() ? std::string() : weave::DurationText(totals.total_ns);
}

class Graph {
 public:
  explicit Graph(const weave::Woven& woven) : calls_(woven.calls), totals_(SumCalls(woven)) {
    FindAskers();
    ids_.reserve(calls_.size());
    for (const weave::Call& call : calls_) ids_.push_back(IdOf(KindWord(call.kind), call.name));
    for (uint32_t i = 0; i < calls_.size(); ++i) AddEdge(i);
  }

  NodeGraph Take(const std::string& ref_id) { return {Nodes(ref_id), Edges(ref_id)}; }

 private:
  // For each tool call the model call that came last before it with the same parent.
  void FindAskers() {
    askers_.assign(calls_.size(), kNoIndex);
    std::vector<uint32_t> by_start(calls_.size());
    for (uint32_t i = 0; i < by_start.size(); ++i) by_start[i] = i;
    std::stable_sort(by_start.begin(), by_start.end(), [this](uint32_t a, uint32_t b) {
      return calls_[a].start_ns < calls_[b].start_ns;
    });
    // Without a parent, calls belong together by their service.
    std::map<std::pair<uint32_t, std::string_view>, uint32_t> last_model;
    for (const uint32_t i : by_start) {
      const weave::Call& call = calls_[i];
      const std::pair<uint32_t, std::string_view> scope = {
          call.parent, call.parent == kNoIndex ? call.service : std::string_view()};
      if (call.kind == CallKind::kModel) last_model[scope] = i;
      if (call.kind != CallKind::kTool) continue;
      const auto found = last_model.find(scope);
      if (found != last_model.end()) askers_[i] = found->second;
    }
  }

  void AddEdge(uint32_t i) {
    const weave::Call& call = calls_[i];
    const std::string& target = ids_[i];
    std::string source;
    if (askers_[i] != kNoIndex) {
      source = ids_[askers_[i]];
    } else if (call.parent != kNoIndex) {
      source = ids_[call.parent];
    } else if (call.kind != CallKind::kAgent) {
      const std::string_view service = call.service.empty() ? "unknown service" : call.service;
      source = IdOf("service", service);
      services_[service] += 1;
    }
    // An agent's outer and inner span are one node.
    if (source.empty() || source == target) return;
    Edge& edge = edges_[{source, target}];
    edge.source = std::move(source);
    edge.target = target;
    ++edge.calls;
    edge.errors += call.failed;
    edge.total_ns = SumUpToMost(edge.total_ns, std::max<int64_t>(call.duration_ns, 0));
  }

  frame::Table Nodes(const std::string& ref_id) {
    const size_t left_out = totals_.size() > kMaxNodes ? totals_.size() - kMaxNodes : 0;
    if (left_out > 0) totals_.resize(kMaxNodes);
    std::vector<std::string> ids, titles, kinds, main, second;
    std::vector<double> arcs[5], cost, duration;
    std::vector<int64_t> calls, errors, input, output;
    const auto add_arcs = [&](size_t own, double failed) {
      for (size_t arc = 0; arc < 4; ++arc) arcs[arc].push_back(arc == own ? 1 - failed : 0);
      arcs[4].push_back(failed);
    };
    for (const auto& [service, count] : services_) {
      ids.push_back(IdOf("service", service));
      titles.emplace_back(service);
      kinds.emplace_back("service");
      main.push_back(CallsText(count));
      second.emplace_back();
      add_arcs(0, 0);
      calls.push_back(count);
      errors.push_back(0);
      input.push_back(0);
      output.push_back(0);
      cost.push_back(NAN);
      duration.push_back(NAN);
    }
    for (const CallTotals& each : totals_) {
      const std::string_view kind = KindWord(each.kind);
      ids.push_back(IdOf(kind, each.name));
      titles.emplace_back(each.name);
      kinds.push_back(each.provider.empty() ? std::string(kind)
                                            : Concat(kind, " · ", each.provider));
      main.push_back(CallsText(each.calls));
      second.push_back(each.errors == 0
                           ? TokensText(each)
                           : Concat(each.errors, each.errors == 1 ? " error" : " errors"));
      add_arcs(each.kind == CallKind::kAgent   ? 1
               : each.kind == CallKind::kModel ? 2
                                               : 3,
               static_cast<double>(each.errors) / static_cast<double>(each.calls));
      calls.push_back(each.calls);
      errors.push_back(each.errors);
      input.push_back(each.input);
      output.push_back(each.output);
      cost.push_back(each.has_cost ? each.cost_usd : NAN);
      duration.push_back(static_cast<double>(each.total_ns) / 1e6);
      shown_[ids.back()] = true;
    }
    for (const auto& [service, count] : services_) shown_[IdOf("service", service)] = true;

    frame::Table table;
    table.name = "nodes";
    table.ref_id = ref_id;
    table.meta_json = R"({"preferredVisualisationType":"nodeGraph"})";
    if (left_out > 0) {
      table.meta_json = Concat(
          R"({"preferredVisualisationType":"nodeGraph","notices":[{"severity":"warning","text":")",
          left_out, R"( further models, tools and agents are not drawn."}]})");
    }
    const auto add = [&](const char* name, const char* config, auto column) {
      table.columns.push_back({name, config, "", std::move(column)});
    };
    add("id", "", std::move(ids));
    add("title", R"({"displayName":"Name"})", std::move(titles));
    add("subtitle", R"({"displayName":"Kind"})", std::move(kinds));
    add("mainstat", R"({"displayName":"Calls"})", std::move(main));
    add("secondarystat", R"({"displayName":"Errors, tokens or time"})", std::move(second));
    constexpr const char* kArcs[5][2] = {
        {"arc__service",
         R"({"displayName":"Service","color":{"mode":"fixed","fixedColor":"gray"}})"},
        {"arc__agent", R"({"displayName":"Agent","color":{"mode":"fixed","fixedColor":"purple"}})"},
        {"arc__model", R"({"displayName":"Model","color":{"mode":"fixed","fixedColor":"blue"}})"},
        {"arc__tool", R"({"displayName":"Tool","color":{"mode":"fixed","fixedColor":"green"}})"},
        {"arc__errors", R"({"displayName":"Errors","color":{"mode":"fixed","fixedColor":"red"}})"}};
    for (size_t arc = 0; arc < 5; ++arc) add(kArcs[arc][0], kArcs[arc][1], std::move(arcs[arc]));
    add("detail__calls", R"({"displayName":"Calls"})", std::move(calls));
    add("detail__errors", R"({"displayName":"Errors"})", std::move(errors));
    add("detail__input_tokens", R"({"displayName":"Input tokens"})", std::move(input));
    add("detail__output_tokens", R"({"displayName":"Output tokens"})", std::move(output));
    add("detail__cost", R"({"displayName":"Cost","unit":"currencyUSD"})", std::move(cost));
    add("detail__duration", R"({"displayName":"Total time","unit":"ms"})", std::move(duration));
    return table;
  }

  frame::Table Edges(const std::string& ref_id) const {
    std::vector<std::string> ids, sources, targets, main, second;
    std::vector<int64_t> calls, errors;
    for (const auto& [key, edge] : edges_) {
      // An edge to a node that is not there breaks the whole graph.
      if (!shown_.contains(edge.source) || !shown_.contains(edge.target)) continue;
      ids.push_back(Concat(edge.source, "→", edge.target));
      sources.push_back(edge.source);
      targets.push_back(edge.target);
      main.push_back(CallsText(edge.calls));
      second.push_back(edge.errors == 0
                           ? weave::DurationText(edge.total_ns)
                           : Concat(edge.errors, edge.errors == 1 ? " error" : " errors"));
      calls.push_back(edge.calls);
      errors.push_back(edge.errors);
    }
    frame::Table table;
    table.name = "edges";
    table.ref_id = ref_id;
    table.meta_json = R"({"preferredVisualisationType":"nodeGraph"})";
    table.columns.push_back({"id", "", "", std::move(ids)});
    table.columns.push_back({"source", "", "", std::move(sources)});
    table.columns.push_back({"target", "", "", std::move(targets)});
    table.columns.push_back({"mainstat", R"({"displayName":"Calls"})", "", std::move(main)});
    table.columns.push_back(
        {"secondarystat", R"({"displayName":"Errors or time"})", "", std::move(second)});
    table.columns.push_back({"detail__calls", R"({"displayName":"Calls"})", "", std::move(calls)});
    table.columns.push_back(
        {"detail__errors", R"({"displayName":"Errors"})", "", std::move(errors)});
    return table;
  }

  const std::vector<weave::Call>& calls_;
  std::vector<CallTotals> totals_;
  std::vector<uint32_t> askers_;
  std::vector<std::string> ids_;  // of the calls' nodes
  std::map<std::pair<std::string, std::string>, Edge> edges_;
  std::map<std::string_view, int64_t> services_;
  StringMap<bool, std::string> shown_;
};

}  // namespace

NodeGraph MakeNodeGraph(const weave::Woven& woven, const std::string& ref_id) {
  return Graph(woven).Take(ref_id);
}

}  // namespace spanlog::views
