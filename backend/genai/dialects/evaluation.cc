#include "genai/dialects/evaluation.h"

#include <initializer_list>
#include <string>

#include "base/text.h"

namespace spanlog::genai {
namespace {

constexpr std::string_view kPrefix = "gen_ai.evaluation.";

// The convention's name, and those of evaluators of before it: gen_ai.evaluation.relevance.
bool IsEvaluation(std::string_view event_name) { return StartsWith(event_name, kPrefix); }

std::string_view FirstOf(const Fields& fields, std::initializer_list<Key> keys, Arena& arena) {
  for (const Key key : keys) {
    const std::string_view text = fields.AnyText(key, arena);
    if (!text.empty()) return text;
  }
  return {};
}

// The explanation is the text; name, score and label are the message's name: "Relevance = 4 good".
void Read(std::string_view event_name, const Fields& fields, Sink& sink) {
  Arena& arena = sink.arena();
  std::string_view name = fields.Text("gen_ai.evaluation.name");
  if (name.empty() && IsEvaluation(event_name) && event_name != "gen_ai.evaluation.result") {
    name = event_name.substr(kPrefix.size());
  }
  const std::string_view score =
      FirstOf(fields, {"gen_ai.evaluation.score.value", "gen_ai.evaluation.score"}, arena);
  const std::string_view label =
      FirstOf(fields, {"gen_ai.evaluation.score.label", "gen_ai.evaluation.label"}, arena);
  const std::string_view explanation =
      FirstOf(fields, {"gen_ai.evaluation.explanation", "gen_ai.evaluation.reasoning"}, arena);
  const std::string_view error = fields.Text("error.type");

  std::string verdict(name.empty() ? "evaluation" : name);
  if (!score.empty() || !label.empty()) verdict += " =";
  for (const std::string_view word : {score, label}) {
    if (!word.empty()) Append(verdict, ' ', word);
  }
  if (!error.empty()) Append(verdict, " (", error, ')');
  const std::string_view kept = arena.Own(std::move(verdict));
  Message& message = sink.Add(Role::kEvaluation, PartKind::kEvaluation, Direction::kOutput,
                              explanation.empty() ? kept : explanation);
  message.name = kept;
}

bool ReadSpan(const SpanCarrier& carrier, Sink& sink) {
  sink.FromEvents();
  bool found = false;
  for (const SpanEvent& event : carrier.span.events) {
    if (!IsEvaluation(event.name)) continue;
    Read(event.name, Fields(event.attributes), sink);
    found = true;
  }
  return found;
}

bool ReadRecord(const RecordCarrier& carrier, Sink& sink) {
  std::string_view event = carrier.record.event_name;
  if (event.empty()) event = carrier.fields.Text("event.name");
  // Without an event name and words of its own the record is what its attributes say.
  const bool is_bare = event.empty() && TrimSpace(carrier.record.line).empty();
  const bool is_named = is_bare && carrier.fields.Has("gen_ai.evaluation.name");
  if (!IsEvaluation(event) && !is_named) return false;
  Read(event, carrier.fields, sink);
  return true;
}

}  // namespace

const Dialect kEvaluation = {"evaluation", ReadSpan, ReadRecord, nullptr};

}  // namespace spanlog::genai
