// A small run made by hand: an agent that asks a model, calls a tool and asks again.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "weave/woven.h"

namespace spanlog::exports {

// Rows in the order of Add; times follow it.
class RunBuilder {
 public:
  RunBuilder() { woven_.trace_id = "0af7651916cd43dd8448eb211c80319c"; }

  weave::Row& Span(std::string_view id, std::string_view parent, std::string_view name) {
    weave::Row& row = Add(id, parent);
    row.operation_name = name;
    row.service_name = "travel";
    row.duration_ns = 1'200'000'000;
    return row;
  }

  weave::Row& Message(std::string_view parent, std::string_view role, std::string_view text,
                      std::vector<weave::Tag> more = {}) {
    weave::Row& row = AddLog(parent, weave::RowKind::kMessage);
    more.push_back({weave::kMessageKey, Value::String(Copy(text)), weave::TagFormat::kText});
    more.push_back({weave::kRoleKey, Value::String(role)});
    row.tags = woven_.arena->CopyArray(more);
    return row;
  }

  weave::Row& ToolCall(std::string_view parent, std::string_view role, std::string_view name,
                       std::string_view id, std::string_view arguments) {
    return Message(parent, role, Concat(name, "(", arguments, ")"),
                   {{weave::kToolArgumentsKey, Value::String(arguments)},
                    {weave::kToolNameKey, Value::String(name)},
                    {weave::kToolCallIdKey, Value::String(id)}});
  }

  weave::Row& ToolResult(std::string_view parent, std::string_view name, std::string_view id,
                         std::string_view result) {
    return Message(parent, "tool", result,
                   {{weave::kToolResultKey, Value::String(result)},
                    {weave::kToolNameKey, Value::String(name)},
                    {weave::kToolCallIdKey, Value::String(id)}});
  }

  weave::Row& Record(std::string_view parent, std::string_view level, std::string_view line) {
    weave::Row& row = AddLog(parent, weave::RowKind::kLog);
    if (level == "error") row.status = StatusCode::kError;
    const std::vector<weave::Tag> tags = {
        {weave::kMessageKey, Value::String(line), weave::TagFormat::kText},
        {weave::kLevelKey, Value::String(level)}};
    row.tags = woven_.arena->CopyArray(tags);
    return row;
  }

  weave::Row& History(std::string_view parent, std::string_view title) {
    weave::Row& row = AddLog(parent, weave::RowKind::kHistory);
    row.operation_name = title;
    return row;
  }

  weave::Woven& woven() { return woven_; }

 private:
  std::string_view Copy(std::string_view text) { return woven_.arena->Copy(text); }
  weave::Row& Add(std::string_view id, std::string_view parent) {
    weave::Row row;
    row.span_id = id;
    row.parent_span_id = parent;
    row.start_ns = ++time_;
    woven_.rows.push_back(row);
    return woven_.rows.back();
  }
  weave::Row& AddLog(std::string_view parent, weave::RowKind kind) {
    weave::Row& row = Add(Copy(Concat("log-", time_)), parent);
    row.kind = kind;
    return row;
  }

  weave::Woven woven_;
  int64_t time_ = 1'700'000'000'000'000'000;
};

// agent → chat 1 → tool → chat 2, the agent repeating question and answer.
inline RunBuilder AgentRun() {
  RunBuilder run;
  run.Span("agent", "", "invoke_agent travel");
  run.Message("agent", "user", "Weather in Paris?");
  run.Span("chat1", "agent", "chat gpt-4o");
  run.Message("chat1", "system", "Be brief.");
  run.Message("chat1", "user", "Weather in Paris?");
  run.ToolCall("chat1", "assistant", "get_weather", "call_1", R"({"city":"Paris"})");
  run.Span("tool", "agent", "execute_tool get_weather");
  run.ToolCall("tool", "tool", "get_weather", "call_1", R"({"city":"Paris"})");
  run.ToolResult("tool", "get_weather", "call_1", "rain <b>");
  run.Span("chat2", "agent", "chat gpt-4o");
  run.ToolResult("chat2", "get_weather", "call_1", "rain <b>");
  run.Message("chat2", "assistant", "It rains.\n\n```\nbring umbrella\n```",
              {{weave::kFinishReasonKey, Value::String("stop")}});
  run.Message("agent", "assistant", "It rains.\n\n```\nbring umbrella\n```");
  return run;
}

}  // namespace spanlog::exports
