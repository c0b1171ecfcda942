#include "stores/agent_spans.h"

#include <algorithm>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "base/text.h"
#include "stores/json/json_value.h"

namespace spanlog::stores {
namespace {

constexpr std::string_view kPrefixes[] = {
    "gen_ai.",      "llm.",       "openinference.",    "traceloop.",
    "langfuse.",    "langsmith.", "ai.model.",         "ai.operationId",
    "ai.toolCall.", "ai.usage.",  "gcp.vertex.agent.", "mcp.method.name",
    "pydantic_ai.", "agent.name", "tool.name"};
constexpr std::string_view kNames[] = {"claude_code.", "codex.", "gemini_cli."};

}  // namespace

bool IsAgentKey(std::string_view key) {
  return std::any_of(std::begin(kPrefixes), std::end(kPrefixes),
                     [&](std::string_view prefix) { return StartsWith(key, prefix); });
}

bool IsAgentSpan(const SummarySpan& span) {
  return std::any_of(std::begin(kNames), std::end(kNames),
                     [&](std::string_view name) { return StartsWith(span.name, name); }) ||
         std::any_of(span.attributes.begin(), span.attributes.end(),
                     [](const auto& attribute) { return IsAgentKey(attribute.first); });
}

std::string AnyValueText(JsonElement value) {
  JsonObject object;
  if (value.get_object().get(object) != simdjson::SUCCESS) return {};
  for (const auto field : object) {
    std::string_view text;
    if (field.value.get_string().get(text) == simdjson::SUCCESS) return std::string(text);
    std::string json;
    AppendJson(json, field.value);
    return json;
  }
  return {};
}

void LinkToNearest(const std::vector<std::pair<uint64_t, uint64_t>>& parents,
                   std::vector<SummarySpan>& spans) {
  absl::flat_hash_set<uint64_t> kept;
  for (const SummarySpan& span : spans) kept.insert(span.id);
  absl::flat_hash_map<uint64_t, uint64_t> parent_of(parents.begin(), parents.end());
  std::vector<uint64_t> way;
  for (SummarySpan& span : spans) {
    uint64_t above = span.parent;
    way.clear();
    // A trace may hold a cycle; it is no longer than the trace.
    while (above != 0 && !kept.contains(above)) {
      const auto next = parent_of.find(above);
      way.push_back(above);
      above = next == parent_of.end() || way.size() > parents.size() + 1 ? 0 : next->second;
    }
    // Whoever comes this way again need not walk it: many spans may hang below a long chain.
    for (const uint64_t passed : way) parent_of[passed] = above;
    span.parent = above == span.id ? 0 : above;
  }
}

}  // namespace spanlog::stores
