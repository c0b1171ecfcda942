#include "genai/dialects/evaluation.h"

#include <string>

#include "base/text.h"

namespace spanlog::genai {
namespace {

constexpr std::string_view kEvent = "gen_ai.evaluation.result";

// The explanation is the text; name, score and label are the message's name: "Relevance = 4 good".
void Read(const Fields& fields, Sink& sink) {
  Arena& arena = sink.arena();
  const std::string_view name = fields.Text("gen_ai.evaluation.name");
  const std::string_view score = fields.AnyText("gen_ai.evaluation.score.value", arena);
  const std::string_view label = fields.AnyText("gen_ai.evaluation.score.label", arena);
  const std::string_view explanation = fields.Text("gen_ai.evaluation.explanation");
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
    if (event.name != kEvent) continue;
    Read(Fields(event.attributes), sink);
    found = true;
  }
  return found;
}

bool ReadRecord(const RecordCarrier& carrier, Sink& sink) {
  if (carrier.record.event_name != kEvent && carrier.fields.Text("event.name") != kEvent) {
    return false;
  }
  Read(carrier.fields, sink);
  return true;
}

}  // namespace

const Dialect kEvaluation = {"evaluation", ReadSpan, ReadRecord, nullptr};

}  // namespace spanlog::genai
