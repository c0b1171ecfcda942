#include "query/weave_options.h"

#include "policy/apply.h"
#include "query/reader_policy.h"

namespace spanlog::query {

weave::WeaveOptions MakeWeaveOptions(const settings::Settings& settings,
                                     const settings::Query& query) {
  weave::WeaveOptions options;
  options.history = query.history.value_or(settings.messages.history);
  options.lanes = query.lanes.value_or(settings.messages.lanes);
  options.logs = query.logs;
  options.min_level = query.min_level;
  options.preview_chars = static_cast<size_t>(settings.messages.preview_chars);
  options.prices = settings.prices;
  options.correct_clock_skew = settings.correct_clock_skew;
  return options;
}

void ApplyPolicy(const Datasource& datasource, const Reader& reader, weave::Woven& woven) {
  if (reader.is_terminal) return;
  policy::Apply(datasource.policy(), datasource.redactor(), LevelOf(datasource, reader), woven);
}

}  // namespace spanlog::query
