#include "stores/layout/record_layout.h"

#include <re2/re2.h>

#include "base/text.h"
#include "stores/layout/ids.h"
#include "stores/layout/levels.h"

namespace spanlog::stores {

namespace {

// Labels name the service best, for the pipeline put them there for that; but one that was derived from
// Promtail's `job` is "<namespace>/<name>".
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
    if (options->trace_id_regex_->NumberOfCapturingGroups() != 1) {
      return absl::InvalidArgumentError(
          "The regular expression for the trace id needs one group (…) around the id.");
    }
  }
  return std::shared_ptr<const LayoutOptions>(std::move(options));
}

std::string_view LayoutOptions::MatchTraceId(std::string_view line) const {
  re2::StringPiece id;
  if (trace_id_regex_ == nullptr ||
      !re2::RE2::PartialMatch(re2::StringPiece(line.data(), line.size()), *trace_id_regex_, &id)) {
    return {};
  }
  return {id.data(), id.size()};
}

void RecordLayout::Read(const std::vector<LogStream>& streams, LogRecord& record) {
  while (labels_.size() < streams.size()) {
    labels_.push_back(FactsOfLabels(streams[labels_.size()].labels, options_->own_keys()));
  }
  const Facts& labels = labels_[record.stream];
  Facts facts;
  facts.text = record.line;
  NoteAll(record.metadata, options_->own_keys(), facts);
  // A parser stage of the query took the line apart; its message is the line's.
  for (const Attribute& attribute : record.parsed) {
    const KeyRole role = Note(attribute.key, attribute.value, options_->own_keys(), facts);
    const int rank = MessageRank(attribute.key);
    if (role == KeyRole::kMessage && rank < facts.text_rank && !attribute.value.text.empty()) {
      facts.text = attribute.value.text;
      facts.text_rank = rank;
    }
  }
  // The body of an OpenTelemetry record is what the program said; what is in it is for the dialects.
  const bool take_apart = !facts.from_otlp && !labels.from_otlp;
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
  if (facts.trace_id.empty()) {
    const std::string_view own = options_->MatchTraceId(record.line);
    if (!own.empty()) facts.trace_id = TraceIdInField(own);
  }
  if (facts.level == Level::kUnknown && !facts.level_was_guessed && take_apart) {
    facts.level = LevelInPlainText(facts.text);
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
