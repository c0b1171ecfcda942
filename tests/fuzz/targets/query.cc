// The query's JSON, and what users write in it: search words and LogQL with variables.
#include "settings/query.h"

#include "base/utf8.h"
#include "stores/loki/logql.h"
#include "stores/loki/query_template.h"
#include "stores/search_words.h"
#include "target.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace spanlog;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const auto query = settings::ParseQuery(input, "");
  if (query.ok()) {
    fuzz::Require(query->kind != settings::QueryKind::kTrace || !query->trace_id.empty(),
                  "a query by id has one", input);
    fuzz::Require(query->limit >= 0, "a limit is not below 0", input);
  } else {
    fuzz::Require(!query.status().message().empty(), "an error says something", input);
  }
  const std::string_view text = query.ok() ? std::string_view(query->text) : input;
  if (const auto words = stores::ParseSearchWords(text, "Jaeger"); words.ok()) {
    (void)stores::TagsAsJson(*words);
  }
  stores::QueryVariables variables;
  variables.trace_id = *ParseTraceId("abc1");
  variables.services = {"talker", "a\"|b`\\"};
  variables.attributes = {{"x", "\"} or {a=\"b"}, {"y", "`|= `"}};
  const std::string_view template_text = query.ok() ? std::string_view(query->logs_query) : input;
  const auto filled = stores::FillQuery(template_text, variables);
  (void)stores::IsBareSelector(template_text);
  // A value cannot leave the string it stands in.
  if (filled.ok() && template_text.find("or {a=") == template_text.npos &&
      template_text.find('`') == template_text.npos) {
    fuzz::Require(filled->text.find("\"} or {a=\"b") == std::string::npos,
                  "a value does not change the query", filled->text);
  }
  return 0;
}
