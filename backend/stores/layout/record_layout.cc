#include "stores/layout/record_layout.h"

#include <re2/re2.h>

#include "base/text.h"
#include "stores/layout/ids.h"
#include "stores/layout/levels.h"
#include "stores/layout/plain_text.h"

namespace spanlog::stores {

namespace {

// Labels name the service best, for the pipeline put them there for that; but one that was derived
// from Promtail's `job` is "<namespace>/<name>".
std::string_view ServiceOf(std::string_view in_record, std::string_view in_labels) {
  const size_t slash = in_labels.rfind('/');
  if (in_labels.empty() || (slash != in_labels.npos && !in_record.empty())) return in_record;
  return slash == in_labels.npos ? in_labels : in_labels.substr(slash + 1);
}

}  // namespace

LayoutOptions::~LayoutOptions() = default;

absl::StatusOr<std::shared_ptr<const LayoutOptions>> LayoutOptions::Create(
    OwnKeys own_keys, const std::string& trace_id_regex) {
  std::shared_ptr<LayoutOptions> options(new LayoutOptions);
  options->own_keys_ = std::move(own_keys);
  if (!trace_id_regex.empty()) {
    options->trace_id_regex_ = std::make_unique<re2::RE2>(trace_id_regex, re2::RE2::Quiet);
    if (!options->trace_id_regex_->ok()) {
      return absl::InvalidArgumentError(Concat("The regular expression for the trace id is wrong: ",
                                               options->trace_id_regex_->error()));
    }
    const int groups = options->trace_id_regex_->NumberOfCapturingGroups();
    if (groups != 1 && groups != 2) {
      return absl::InvalidArgumentError(
          "The regular expression for the trace id needs one group (…) around the id, and may have "
          "a "
          "second one around the span id.");
    }
  }
  return std::shared_ptr<const LayoutOptions>(std::move(options));
}

LayoutOptions::Match LayoutOptions::MatchIds(std::string_view line) const {
  if (trace_id_regex_ == nullptr) return {};
  re2::StringPiece groups[3];
  const int count = 1 + trace_id_regex_->NumberOfCapturingGroups();
  if (!trace_id_regex_->Match(re2::StringPiece(line.data(), line.size()), 0, line.size(),
                              re2::RE2::UNANCHORED, groups, count)) {
    return {};
  }
  return {{groups[1].data(), groups[1].size()}, {groups[2].data(), groups[2].size()}};
}

void RecordLayout::Read(const std::vector<LogStream>& streams, LogRecord& record) {
  while (labels_.size() < streams.size()) {
    labels_.push_back(FactsOfLabels(streams[labels_.size()].labels, roles_));
  }
  const Facts& labels = labels_[record.stream];
  Facts facts;
  facts.wanted = wanted_;
  facts.text = record.line;
  NoteAll(record.metadata, roles_, facts);
  // A parser stage of the query took the line apart; its message is the line's.
  for (const Attribute& attribute : record.parsed) {
    const KeyRole role = Note(attribute.key, attribute.value, roles_, facts);
    if (role != KeyRole::kMessage || attribute.value.text().empty()) continue;
    const int rank = MessageRank(attribute.key);
    if (rank >= facts.text_rank) continue;
    facts.text = attribute.value.text();
    facts.text_rank = rank;
  }
  // The body of an OpenTelemetry record is what the program said; what is in it is for the
  // dialects. A collector that only forwards lines of files, though, leaves the trace id in them.
  const bool from_otlp = facts.from_otlp || labels.from_otlp;
  const bool has_trace = !facts.trace_id.empty() || !labels.trace_id.empty();
  const bool take_apart =
      !from_otlp || (!has_trace && FindIdsInText(record.line, wanted_).has_trace);
  if (take_apart) {
    const bool parsed_text = facts.text_rank < 1000;
    const std::string_view text = facts.text;
    // Without ids of its own the record may have them as labels; they save the search in the text.
    if (facts.trace_id.empty()) facts.trace_id = labels.trace_id;
    if (facts.span_id == 0) facts.span_id = labels.span_id;
    record.fields = lines_.Read(record.line, wanted_, facts);
    if (parsed_text) facts.text = text;
  }
  const std::string_view service_in_record = facts.service;
  facts.Complete(labels);
  if (const LayoutOptions::Match own = options_->MatchIds(record.line); !own.trace_id.empty()) {
    if (const TraceId id = TraceIdInField(own.trace_id); !id.empty()) facts.trace_id = id;
    if (const uint64_t id = SpanIdInField(own.span_id); id != 0) facts.span_id = id;
  }
  if (facts.level == Level::kUnknown && !facts.level_was_guessed && take_apart) {
    facts.level = LevelInPlainText(WithoutColours(facts.text, arena_));
    // What stands before the JSON of a line: "INFO worker {…}".
    if (const size_t json = record.line.find('{'); facts.level == Level::kUnknown && json != 0) {
      facts.level = LevelInPlainText(WithoutColours(record.line.substr(0, json), arena_));
    }
  }
  // Many loggers write the low half only.
  if (facts.trace_id.high == 0 && facts.trace_id.low == wanted_.low) facts.trace_id = wanted_;
  record.trace_id = facts.trace_id;
  record.span_id = facts.span_id;
  record.level = facts.level;
  record.service = ServiceOf(service_in_record, labels.service);
  record.event_name = facts.event_name;
  record.scope_name = facts.scope_name;
  record.text = facts.text;
}

}  // namespace spanlog::stores
