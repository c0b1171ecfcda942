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
// An id shorter than this stands in too many lines by accident.
constexpr size_t kShortestInLine = 8;

// Attributes of spans that name a session, and the names they have on log records. `narrow` keys
// name a part of a session: one prompt, one turn.
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
    // An agent's thread has a name; a number is a thread of the operating system.
    if (key == "thread.id" && value.find_first_not_of("0123456789") == value.npos) continue;
    if (std::find(values.begin(), values.end(), value) == values.end()) values.push_back(value);
  }
  return values;
}

std::string_view WithoutZeros(std::string_view hex) {
  return hex.substr(std::min(hex.find_first_not_of('0'), hex.size() - 1));
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

Ladder::Ladder(const LogSearch& search, const settings::LogSettings& settings)
    : search_(search), settings_(settings), service_label_("service_name") {
  for (const settings::LogTag& tag : settings.tags) {
    if (tag.key == "service.name" && !tag.value.empty()) service_label_ = tag.value;
  }
}

std::string Ladder::Selector(const std::vector<std::string>& services) const {
  return Select(services.empty() ? "" : AnyOfMatcher(service_label_, services));
}

std::string Ladder::WideSelector(const std::vector<std::string>& services) const {
  if (services.empty()) return Select("");
  std::string names;
  for (const std::string& service : services) {
    Append(names, names.empty() ? "" : "|", RegexLiteral(service));
  }
  return Select(Concat(service_label_, "=~", LogQlString(Concat("(.+/)?(", names, ')'))));
}

std::string Ladder::Select(const std::string& service_matcher) const {
  std::string matchers = service_matcher.size() > kMaxSelectorBytes ? "" : service_matcher;
  for (const settings::LogTag& tag : settings_.tags) {
    if (tag.key == "service.name") continue;
    const std::vector<std::string> values = ValuesOf(search_, tag.key);
    if (values.empty() || values.size() > kMaxValues) continue;
    if (!matchers.empty()) matchers.append(", ");
    matchers.append(AnyOfMatcher(tag.value.empty() ? LokiName(tag.key) : tag.value, values));
  }
  return matchers.empty() ? AnyStream(service_label_) : Concat('{', matchers, '}');
}

std::string Ladder::AnyStream(std::string_view label) { return Concat('{', label, "=~\".+\"}"); }

std::string Ladder::IdEquals(std::string_view label) const {
  std::string filter = Concat(label, "=\"", search_.trace_id.Hex(), '"');
  if (!short_id()) return filter;
  const std::string low = search_.trace_id.LowHex();
  Append(filter, " or ", label, "=\"", low, '"');
  const std::string_view trimmed = WithoutZeros(low);
  if (trimmed.size() < low.size()) Append(filter, " or ", label, "=\"", trimmed, '"');
  return filter;
}

std::string Ladder::OwnNames() const {
  std::string filter = IdEquals("trace_id");
  for (const std::string& key : settings_.trace_id_keys) {
    const std::string name = LokiName(key);
    if (!name.empty() && name != "trace_id") Append(filter, " or ", IdEquals(name));
  }
  return filter;
}

std::string Ladder::OtherNames() const {
  std::string filter;
  for (const std::string_view label :
       {"traceID", "traceId", "traceid", "TraceId", "otelTraceID", "dd_trace_id"}) {
    Append(filter, filter.empty() ? "" : " or ", IdEquals(label));
  }
  Append(filter, " or dd_trace_id=\"", search_.trace_id.low, '"');
  return filter;
}

std::string Ladder::ByMetadata(std::string_view selector) const {
  return Concat(selector, " | ", OwnNames());
}

std::string Ladder::ByOtherMetadata(std::string_view selector) const {
  return Concat(selector, " | ", OtherNames());
}

std::string Ladder::ByAnyMetadata(std::string_view selector) const {
  return Concat(selector, " | ", OwnNames(), " or ", OtherNames());
}

std::string Ladder::ByLine(std::string_view selector) const {
  const std::string low = search_.trace_id.LowHex();
  std::string_view id = low;
  // Loggers that drop leading zeros; a very short id would be found in every line.
  if (const std::string_view trimmed = WithoutZeros(low);
      short_id() && trimmed.size() >= kShortestInLine) {
    id = trimmed;
  }
  return Concat(selector, " |= \"", id, '"');
}

std::string Ladder::ByLineInAnySpelling(std::string_view selector) const {
  const std::string low = search_.trace_id.LowHex();
  std::string ids = low;
  if (short_id()) {
    if (const std::string_view trimmed = WithoutZeros(low); trimmed.size() >= kShortestInLine)
      ids = trimmed;
  } else {
    Append(ids, '|', low.substr(0, 4), '-', low.substr(4));
  }
  const std::string decimal = Concat(search_.trace_id.low);
  if (decimal.size() >= kShortestInLine) Append(ids, '|', decimal);
  return Concat(selector, " |~ \"(?i)", ids, '"');
}

std::vector<std::string> Ladder::ByLabel() const {
  std::string matcher = Concat("=\"", search_.trace_id.Hex(), '"');
  if (short_id()) {
    const std::string low = search_.trace_id.LowHex();
    matcher = Concat("=~\"0*", WithoutZeros(low), '"');
  }
  std::vector<std::string> queries;
  for (const std::string_view label : {"trace_id", "traceID", "traceId"}) {
    queries.push_back(Concat('{', label, matcher, '}'));
  }
  for (const std::string& key : settings_.trace_id_keys) {
    std::string query = Concat('{', LokiName(key), matcher, '}');
    if (std::find(queries.begin(), queries.end(), query) == queries.end()) {
      queries.insert(queries.begin() + 1, std::move(query));
    }
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

std::string Ladder::BySessionInLine(std::string_view selector) const {
  std::string session, narrow;
  for (const SessionKey& key : kSessionKeys) {
    const std::vector<std::string> values = ValuesOf(search_, key.span_key);
    if (values.size() > kMaxValues) continue;
    std::string& ids = key.narrow ? narrow : session;
    for (const std::string& value : values) {
      if (value.size() < kShortestInLine || ids.find(RegexLiteral(value)) != ids.npos) continue;
      Append(ids, ids.empty() ? "" : "|", RegexLiteral(value));
    }
  }
  std::string query(selector);
  for (const std::string& ids : {session, narrow}) {
    if (!ids.empty()) Append(query, " |~ ", LogQlString(ids));
  }
  return query.size() == selector.size() ? "" : query;
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
  return std::any_of(search_.attributes.begin(), search_.attributes.end(),
                     [](const auto& attribute) {
                       for (const std::string_view prefix :
                            {"gen_ai.", "llm.", "openinference.", "ai.", "traceloop."}) {
                         if (StartsWith(attribute.first, prefix)) return true;
                       }
                       return false;
                     });
}

}  // namespace spanlog::stores
