#include <algorithm>

#include "base/text.h"
#include "genai/absent.h"
#include "genai/dialect.h"

namespace spanlog::genai {

Message& Sink::Add(Role role, PartKind kind, Direction direction, std::string_view text) {
  Message& message = reading_.messages.emplace_back();
  copies_.push_back(copy_);
  message.role = role;
  message.kind = kind;
  message.direction = direction;
  message.sources = source_;
  message.span = span_;
  message.record = record_;
  message.time_ns = time_ns_;
  message.order = static_cast<uint32_t>(reading_.messages.size() - 1);
  if (const AbsentMarker* marker = FindAbsentMarker(text)) {
    message.status = marker->status;
    message.hint = marker->hint;
  } else {
    message.text = text;
  }
  return message;
}

Message& Sink::AddToolCall(std::string_view name, std::string_view id, std::string_view arguments,
                           Direction direction) {
  Message& message = Add(Role::kAssistant, PartKind::kToolCall, direction, {});
  message.tool = {name, id, arguments};
  if (const AbsentMarker* marker = FindAbsentMarker(arguments)) {
    message.tool.arguments = {};
    message.status = marker->status;
    message.hint = marker->hint;
  }
  return message;
}

Message& Sink::AddToolResult(std::string_view name, std::string_view id, std::string_view result,
                             Direction direction) {
  Message& message = Add(Role::kTool, PartKind::kToolResult, direction, result);
  message.tool.name = name;
  message.tool.id = id;
  return message;
}

Message& Sink::AddAbsent(Role role, Direction direction, MessageStatus status,
                         std::string_view hint) {
  const PartKind kind = role == Role::kTool ? PartKind::kToolResult : PartKind::kText;
  Message& message = Add(role, kind, direction, {});
  message.status = status;
  message.hint = hint;
  return message;
}

bool Sink::HasToolCall(std::string_view id, size_t first) {
  if (id.empty()) return false;
  const std::vector<Message>& messages = reading_.messages;
  const size_t begin = carrier_begin_ + first;
  const auto is_call = [&](const Message& message) {
    return message.kind == PartKind::kToolCall && message.tool.id == id;
  };
  constexpr size_t kFew = 32;
  if (messages.size() <= begin + kFew) {
    return std::any_of(messages.begin() + static_cast<ptrdiff_t>(std::min(begin, messages.size())),
                       messages.end(), is_call);
  }
  // Of many only those are looked at that have come since.
  if (call_ids_begin_ != begin || call_ids_end_ > messages.size()) {
    call_ids_.clear();
    call_ids_begin_ = call_ids_end_ = begin;
  }
  for (; call_ids_end_ < messages.size(); ++call_ids_end_) {
    const Message& message = messages[call_ids_end_];
    if (message.kind == PartKind::kToolCall) call_ids_.insert(message.tool.id);
  }
  return call_ids_.contains(id);
}

void Sink::SetRecordTitle(std::string_view title) {
  if (record_ == kNoIndex) return;
  reading_.records[record_].title = arena().Copy(title);
}

void Sink::AddCall(const CallUsage& usage) {
  if (record_ == kNoIndex) return;
  reading_.record_calls.push_back({record_, kNoIndex, usage});
}

void Sink::SetRecordSpan(uint32_t span, std::string_view match) {
  if (record_ == kNoIndex) return;
  reading_.records[record_].span = span;
  reading_.records[record_].match = match;
  if (span_ != kNoIndex) return;
  span_ = span;
  for (size_t i = carrier_begin_; i < reading_.messages.size(); ++i) {
    if (reading_.messages[i].span == kNoIndex) reading_.messages[i].span = span;
  }
}

}  // namespace spanlog::genai
