#include "stores/loki/ladder.h"

#include <algorithm>

#include "base/text.h"
#include "stores/loki/logql.h"

namespace spanlog::stores {
namespace {

// Loki refuses queries over 128 KiB; a selector of that many services is no help to it either.
constexpr size_t kMaxSelectorBytes = 32 * 1024;
// A key with more values than this in one trace does not narrow anything.
constexpr size_t kMaxValues = 16;

// Attributes of spans that name a session, and the names they have on log records. `narrow` keys name a
// part of a session: one prompt, one turn.
struct SessionKey {
  std::string_view span_key;
  std::string_view log_keys[3];
  bool narrow;
};
constexpr SessionKey kSessionKeys[] = {
    {"session.id", {"session_id"}, false},
    {"gen_ai.conversation.id", {"gen_ai_conversation_id", "conversation_id", "session_id"}, false},
    {"conversation.id", {"conversation_id", "gen_ai_conversation_id"}, false},
    {"conversation_id", {"conversation_id", "gen_ai_conversation_id"}, false},
    {"langfuse.session.id", {"langfuse_session_id", "session_id"}, false},
    {"gcp.vertex.agent.session_id", {"gcp_vertex_agent_session_id", "session_id"}, false},
    {"thread.id", {"thread_id"}, true},
    {"prompt.id", {"prompt_id"}, true},
    {"prompt_id", {"prompt_id"}, true},
};

std::vector<std::string> ValuesOf(const LogSearch& search, std::string_view key) {
  std::vector<std::string> values;
  for (const auto& [name, value] : search.attributes) {
    if (name != key || value.empty()) continue;
    if (std::find(values.begin(), values.end(), value) == values.end()) values.push_back(value);
  }
  return values;
}

// `a="x" or b="x"`, each comparison once.
class Alternatives {
 public:
  void Add(std::string_view label, std::string_view value) {
    std::string one = Concat(label, "=", LogQlString(value));
    if (std::find(all_.begin(), all_.end(), one) == all_.end()) all_.push_back(std::move(one));
  }
  // As a stage; nothing when there is no comparison.
  void AppendTo(std::string& query) const {
    for (const std::string& one : all_) Append(query, &one == &all_.front() ? " | " : " or ", one);
  }
  bool empty() const { return all_.empty(); }

 private:
  std::vector<std::string> all_;
};

}  // namespace

Ladder::Ladder(const LogSearch& search, const std::vector<settings::LogTag>& tags)
    : search_(search), tags_(tags), service_label_("service_name") {
  for (const settings::LogTag& tag : tags_) {
    if (tag.key == "service.name" && !tag.value.empty()) service_label_ = tag.value;
  }
}

std::string Ladder::Selector(const std::vector<std::string>& services) const {
  std::string matchers;
  if (!services.empty()) {
    matchers = AnyOfMatcher(service_label_, services);
    if (matchers.size() > kMaxSelectorBytes) matchers.clear();
  }
  bool has_service = !matchers.empty();
  for (const settings::LogTag& tag : tags_) {
    if (tag.key == "service.name") continue;
    const std::vector<std::string> values = ValuesOf(search_, tag.key);
    if (values.empty() || values.size() > kMaxValues) continue;
    if (!matchers.empty()) matchers.append(", ");
    matchers.append(AnyOfMatcher(tag.value.empty() ? LokiName(tag.key) : tag.value, values));
    has_service = true;
  }
  return has_service ? Concat('{', matchers, '}') : AnyStream(service_label_);
}

std::string Ladder::AnyStream(std::string_view label) { return Concat('{', label, "=~\".+\"}"); }

std::string Ladder::IdEquals(std::string_view label) const {
  std::string filter = Concat(label, "=\"", search_.trace_id.Hex(), '"');
  if (!short_id()) return filter;
  const std::string low = search_.trace_id.LowHex();
  Append(filter, " or ", label, "=\"", low, '"');
  const size_t zeros = std::min(low.find_first_not_of('0'), low.size() - 1);
  if (zeros > 0) Append(filter, " or ", label, "=\"", std::string_view(low).substr(zeros), '"');
  return filter;
}

std::string Ladder::ByMetadata(std::string_view selector) const {
  return Concat(selector, " | ", IdEquals("trace_id"));
}

std::string Ladder::ByOtherMetadata(std::string_view selector) const {
  std::string filter;
  for (const std::string_view label : {"traceID", "traceId", "traceid", "TraceId", "otelTraceID"}) {
    if (!filter.empty()) filter.append(" or ");
    filter.append(IdEquals(label));
  }
  return Concat(selector, " | ", filter);
}

std::string Ladder::ByLine(std::string_view selector) const {
  return Concat(selector, " |= \"", search_.trace_id.LowHex(), '"');
}

std::vector<std::string> Ladder::ByLabel() const {
  std::string matcher = Concat("=\"", search_.trace_id.Hex(), '"');
  if (short_id()) {
    const std::string low = search_.trace_id.LowHex();
    const size_t zeros = std::min(low.find_first_not_of('0'), low.size() - 1);
    matcher = Concat("=~\"0*", std::string_view(low).substr(zeros), '"');
  }
  std::vector<std::string> queries;
  for (const std::string_view label : {"trace_id", "traceID", "traceId"}) {
    queries.push_back(Concat('{', label, matcher, '}'));
  }
  return queries;
}

std::string Ladder::BySession(std::string_view selector) const {
  Alternatives session, narrow;
  for (const SessionKey& key : kSessionKeys) {
    const std::vector<std::string> values = ValuesOf(search_, key.span_key);
    if (values.size() > kMaxValues) continue;
    for (const std::string& value : values) {
      for (const std::string_view log_key : key.log_keys) {
        if (!log_key.empty()) (key.narrow ? narrow : session).Add(log_key, value);
      }
    }
  }
  if (session.empty() && narrow.empty()) return {};
  std::string query(selector);
  session.AppendTo(query);
  narrow.AppendTo(query);
  return query;
}

bool Ladder::has_narrow_key() const {
  for (const SessionKey& key : kSessionKeys) {
    const size_t values = ValuesOf(search_, key.span_key).size();
    if (key.narrow && values > 0 && values <= kMaxValues) return true;
  }
  return false;
}

bool Ladder::has_model_calls() const {
  if (search_.has_model_calls) return true;
  return std::any_of(search_.attributes.begin(), search_.attributes.end(), [](const auto& attribute) {
    for (const std::string_view prefix : {"gen_ai.", "llm.", "openinference.", "ai.", "traceloop."}) {
      if (StartsWith(attribute.first, prefix)) return true;
    }
    return false;
  });
}

}  // namespace spanlog::stores
