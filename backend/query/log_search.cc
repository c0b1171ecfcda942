#include "query/log_search.h"

#include <algorithm>
#include <limits>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "query/model_calls.h"

namespace spanlog::query {
namespace {

// Keys under which agents and their CLIs name what belongs together (genai.md 1.i.5).
constexpr std::string_view kJoinKeys[] = {"session.id",
                                          "gen_ai.conversation.id",
                                          "conversation.id",
                                          "conversation_id",
                                          "prompt.id",
                                          "prompt_id",
                                          "thread.id",
                                          "langfuse.session.id",
                                          "gcp.vertex.agent.session_id"};

constexpr size_t kMaxValues = 16;  // of one key

// Keys named in `${__span.tags["x"]}` of a configured query.
void AddNamedKeys(std::string_view query, StringSet<>& keys) {
  constexpr std::string_view kOpen = "__span.tags[";
  for (size_t at = query.find(kOpen); at != query.npos; at = query.find(kOpen, at + 1)) {
    const size_t begin = at + kOpen.size() + 1;
    const size_t end = query.find(']', begin);
    if (end == query.npos || end < begin + 1) return;
    keys.insert(query.substr(begin, end - 1 - begin));
  }
}

// Takes the values of each wanted key: a trace may span prompts, sessions, namespaces. Most
// attributes are not wanted: a key is hashed only when its length is that of a wanted one.
class Collector {
 public:
  Collector(const StringSet<>& wanted, stores::LogSearch& search)
      : wanted_(wanted), search_(search) {
    for (const std::string_view key : wanted) lengths_ |= 1ull << (key.size() & 63);
  }
  void Take(Attributes attributes) {
    for (const Attribute& attribute : attributes) {
      if ((lengths_ >> (attribute.key.size() & 63) & 1) == 0) continue;
      if (!wanted_.contains(attribute.key) || attribute.value.text().empty()) continue;
      std::vector<std::string_view>& taken = taken_[attribute.key];
      // One more than any query makes use of tells that there are too many.
      if (taken.size() > kMaxValues) continue;
      if (std::find(taken.begin(), taken.end(), attribute.value.text()) != taken.end()) continue;
      taken.push_back(attribute.value.text());
      search_.attributes.emplace_back(attribute.key, attribute.value.text());
    }
  }

 private:
  const StringSet<>& wanted_;
  stores::LogSearch& search_;
  StringMap<std::vector<std::string_view>> taken_;
  uint64_t lengths_ = 0;
};

}  // namespace

stores::LogSearch MakeLogSearch(const Trace& trace, const settings::Query& query,
                                const settings::Settings& settings) {
  stores::LogSearch search;
  search.trace_id = query.trace_id;
  search.query = query.logs_query;
  // Tempo's editor writes its default of 20 traces into every query, those by trace id too; taken
  // for records it would hide most of them.
  constexpr int kTempoDefault = 20;
  const bool limited = query.limit > 0 && query.limit != kTempoDefault;
  search.max_records =
      limited ? std::min(query.limit, settings.logs.max_records) : settings.logs.max_records;
  if (trace.spans.empty()) {
    search.start_ns = query.from_ms * 1'000'000;
    search.end_ns = query.to_ms * 1'000'000;
    return search;
  }

  search.start_ns = std::numeric_limits<int64_t>::max();
  for (const Span& span : trace.spans) {
    search.start_ns = std::min(search.start_ns, span.start_ns);
    search.end_ns = std::max(search.end_ns, span.end_ns);
  }
  StringSet<> services;
  for (const Resource& resource : trace.resources) {
    if (!resource.service_name.empty() && services.insert(resource.service_name).second) {
      search.services.emplace_back(resource.service_name);
    }
  }
  // Loki files the records of a resource without a service under this name; the Collector may have
  // named the service after another attribute for Zipkin.
  const bool nameless =
      std::any_of(trace.resources.begin(), trace.resources.end(), [](const Resource& each) {
        return each.service_name.empty() ||
               (!each.attributes.empty() && Find(each.attributes, "service.name") == nullptr);
      });
  if (nameless && services.insert("unknown_service").second) {
    search.services.emplace_back("unknown_service");
  }
  std::sort(search.services.begin(), search.services.end());

  // Evaluations of a model's answers may come much later.
  search.has_model_calls = std::any_of(trace.spans.begin(), trace.spans.end(), IsModelCall);
  StringSet<> wanted(std::begin(kJoinKeys), std::end(kJoinKeys));
  for (const settings::LogTag& tag : settings.logs.tags) wanted.insert(tag.key);
  AddNamedKeys(settings.logs.query, wanted);
  AddNamedKeys(query.logs_query, wanted);
  Collector collector(wanted, search);
  for (const Resource& resource : trace.resources) collector.Take(resource.attributes);
  for (const Span& span : trace.spans) collector.Take(span.attributes);
  return search;
}

}  // namespace spanlog::query
