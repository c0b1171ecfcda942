#include "export/words.h"

#include <cstdio>

#include "base/text.h"
#include "weave/titles.h"

namespace spanlog::exports {
namespace {

const Value* FindTag(const weave::Row& row, std::string_view key) {
  for (const weave::Tag& tag : row.tags) {
    if (tag.key == key) return &tag.value;
  }
  return nullptr;
}

int64_t Count(const weave::Row& row, std::string_view key) {
  const Value* value = FindTag(row, key);
  return value != nullptr && value->type == ValueType::kInt ? value->integer : 0;
}

// The model had said what it wanted: in the words of OpenAI, Anthropic, Google and OpenTelemetry.
bool IsOrdinaryEnd(std::string_view reason) {
  for (const std::string_view word : {"stop", "end_turn", "tool_calls", "tool_call", "tool_use"}) {
    if (EqualsIgnoreCase(reason, word)) return true;
  }
  return false;
}

}  // namespace

std::string RunHeading(const Conversation& conversation) {
  if (conversation.root == nullptr) return "empty trace";
  const weave::Row& root = *conversation.root;
  std::string text = Concat(root.service_name, ": ", root.operation_name, " · ",
                            weave::DurationText(root.duration_ns));
  const Value* summary = FindTag(root, weave::kSummaryKey);
  if (summary != nullptr) Append(text, " · ", summary->text());
  return text;
}

std::string SectionHeading(const Section& section) {
  if (section.call == nullptr) return "records without a span";
  const weave::Row& call = *section.call;
  if (section.continued) return Concat(call.operation_name, " (continued)");
  std::string text = Concat(call.operation_name, " · ", weave::DurationText(call.duration_ns));
  const int64_t input = Count(call, "spanlog.own.tokens.input");
  const int64_t output = Count(call, "spanlog.own.tokens.output");
  if (input > 0 || output > 0) {
    Append(text, " · ", weave::CountText(input), "→", weave::CountText(output), " tokens");
  }
  const Value* cost = FindTag(call, "spanlog.own.cost_usd");
  if (cost != nullptr && cost->type == ValueType::kDouble) {
    char dollars[32];
    std::snprintf(dollars, sizeof(dollars), " · $%.4f", cost->real);
    text += dollars;
  }
  if (call.status == StatusCode::kError) {
    Append(text, " · error", call.status_message.empty() ? "" : ": ", call.status_message);
  }
  return text;
}

std::string EntryHeading(const Entry& entry) {
  std::string text(entry.role.empty() ? "log" : entry.role);
  if (!entry.name.empty() && entry.kind != EntryKind::kToolResult) Append(text, " ", entry.name);
  if (entry.kind == EntryKind::kToolCall) {
    if (entry.role == "tool") {
      text = Concat("tool ", entry.tool_name);
    } else {
      Append(text, " calls ", entry.tool_name);
    }
  } else if (entry.kind == EntryKind::kToolResult) {
    text = Concat("result of ", entry.tool_name.empty() ? "a tool" : entry.tool_name);
  }
  if (!entry.tool_id.empty()) Append(text, " (", entry.tool_id, ")");
  if (entry.choice > 0) Append(text, " (choice ", entry.choice + 1, ")");
  if (!entry.status.empty() && entry.status != "full") Append(text, " (", entry.status, ")");
  if (entry.failed) text += " (failed)";
  if (!entry.finish_reason.empty() && !IsOrdinaryEnd(entry.finish_reason)) {
    Append(text, " (finished: ", entry.finish_reason, ")");
  }
  return text;
}

std::string_view EntryBody(const Entry& entry) {
  return entry.kind == EntryKind::kToolCall ? entry.arguments : entry.text;
}

std::string Omissions(const Conversation& conversation) {
  std::string text;
  if (conversation.sections.empty()) text = "No LLM messages were found in this trace. ";
  if (conversation.other_records > 0) {
    Append(text, conversation.other_records,
           conversation.other_records == 1 ? " log record that is no message is"
                                           : " log records that are no messages are",
           " left out.");
  }
  return text;
}

}  // namespace spanlog::exports
