#include "query/reader_policy.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "policy/apply.h"
#include "policy/content_judge.h"
#include "policy/content_keys.h"
#include "policy/redact.h"
#include "query/searched_names.h"
#include "stores/loki/logql.h"

namespace spanlog::query {
namespace {

bool Redacts(const Datasource& datasource, const Reader& reader) {
  return !reader.is_terminal && datasource.policy().redacts();
}

std::string_view WithoutScope(std::string_view key) {
  constexpr std::string_view kScopes[] = {"resource.", "span.",  "event.", "link.",
                                          "parent.",   "trace.", ".",      "instrumentation."};
  const auto has = [&](std::string_view scope) { return StartsWith(key, scope); };
  for (auto scope = std::find_if(std::begin(kScopes), std::end(kScopes), has);
       scope != std::end(kScopes);
       scope = std::find_if(std::begin(kScopes), std::end(kScopes), has)) {
    key.remove_prefix(scope->size());
  }
  return key;
}

absl::Status Denied(std::string_view what, policy::ContentLevel level) {
  return absl::PermissionDeniedError(
      Concat(what, " by the datasource's content policy (your content level is ",
             policy::LevelName(level), ")."));
}

}  // namespace

policy::ContentLevel LevelOf(const Datasource& datasource, const Reader& reader) {
  if (reader.is_terminal) return policy::ContentLevel::kFull;
  return policy::LevelFor(datasource.policy(), reader.role, reader.login, reader.from_alert);
}

absl::Status CheckQuestion(const Datasource& datasource, const Reader& reader,
                           const settings::Query& query) {
  const policy::ContentLevel level = LevelOf(datasource, reader);
  const bool hides = level != policy::ContentLevel::kFull;
  if (!query.logs_query.empty()) {
    if (hides && !stores::IsBareSelector(query.logs_query)) {
      return Denied("logsQuery: only a stream selector such as {app=\"x\"} is allowed here", level);
    }
    if (Redacts(datasource, reader) && !stores::IsSelectorWithLineFilters(query.logs_query)) {
      return Denied("logsQuery: only a stream selector and line filters are allowed here", level);
    }
  }
  if (hides && query.kind == settings::QueryKind::kSearch) {
    for (const std::string& name : SearchedNames(query.text)) {
      // An escape in a name only hides it.
      if (!policy::IsContentKey(WithoutScope(name)) && !Contains(name, "\\")) continue;
      return Denied(Concat("A search by ", name, " is not allowed"), level);
    }
  }
  return absl::OkStatus();
}

void RedactFetched(const Datasource& datasource, const Reader& reader, Trace& trace,
                   LogBatch& logs) {
  if (Redacts(datasource, reader)) policy::Redact(datasource.redactor(), trace, logs);
}

void RedactFound(const Datasource& datasource, const Reader& reader,
                 std::vector<stores::TraceSummary>& found) {
  if (!Redacts(datasource, reader)) return;
  Arena arena;
  const auto clean = [&](std::vector<std::pair<std::string, std::string>>& attributes) {
    for (auto& [key, text] : attributes) {
      Value value = Value::String(text);
      bool removed = false;
      datasource.redactor().ApplyTo(key, value, arena, &removed);
      if (removed) text = std::string(value.text());
    }
  };
  for (stores::TraceSummary& summary : found) {
    clean(summary.attributes);
    for (stores::SummarySpan& span : summary.spans) {
      span.name = VisibleName(datasource, reader, std::move(span.name));
      clean(span.attributes);
    }
  }
}

absl::StatusOr<std::vector<std::string>> VisibleValues(
    const Datasource& datasource, const Reader& reader, std::string_view key,
    absl::StatusOr<std::vector<std::string>> values) {
  if (!values.ok()) return VisibleError(datasource, reader, values.status());
  key = WithoutScope(key);
  const policy::ContentLevel level = LevelOf(datasource, reader);
  const bool hides = level != policy::ContentLevel::kFull;
  const bool redacts = Redacts(datasource, reader);
  if ((hides && policy::IsContentKey(key)) ||
      (redacts && datasource.redactor().WithholdsKey(key))) {
    return Denied(Concat("The values of ", key, " are withheld"), level);
  }
  Arena arena;
  values->erase(std::remove_if(values->begin(), values->end(),
                               [&](const std::string& value) {
                                 if (hides && policy::IsContentValue(key, value)) return true;
                                 bool removed = false;
                                 if (redacts) datasource.redactor().Apply(value, arena, &removed);
                                 return removed;
                               }),
                values->end());
  return values;
}

absl::Status VisibleError(const Datasource& datasource, const Reader& reader, absl::Status status) {
  if (status.ok() || !Redacts(datasource, reader)) return status;
  Arena arena;
  bool removed = false;
  const std::string_view message(status.message().data(), status.message().size());
  const std::string_view clean = datasource.redactor().Apply(message, arena, &removed);
  if (!removed) return status;
  absl::Status out(status.code(), absl::string_view(clean.data(), clean.size()));
  status.ForEachPayload(
      [&](absl::string_view type, const absl::Cord& payload) { out.SetPayload(type, payload); });
  return out;
}

std::string VisibleName(const Datasource& datasource, const Reader& reader, std::string text) {
  if (!Redacts(datasource, reader)) return text;
  Arena arena;
  bool removed = false;
  const std::string_view clean = datasource.redactor().Apply(text, arena, &removed);
  return removed ? std::string(clean) : text;
}

std::string VisibleContent(const Datasource& datasource, const Reader& reader, std::string text) {
  text = VisibleName(datasource, reader, std::move(text));
  Arena arena;
  const std::string_view shown = policy::ShownText(text, LevelOf(datasource, reader),
                                                   datasource.policy().preview_chars, arena);
  return shown.data() == text.data() ? text : std::string(shown);
}

}  // namespace spanlog::query
