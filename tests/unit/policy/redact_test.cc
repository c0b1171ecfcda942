#include "policy/redact.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace spanlog::policy {
namespace {

constexpr std::string_view kSecret = "the badge is B-7781";

Redactor Badges() {
  Policy policy;
  policy.regexes = {{"badge", R"(B-\d+)"}};
  return Redactor(policy);
}

// The same secret in every place that a store can fill.
void Fill(Trace& trace, LogBatch& logs) {
  static const Attribute attributes[] = {{"a", Value::String(kSecret)},
                                         {"key B-7781", Value::String("x")},
                                         {"json", Value::Json(R"([{"b":"B-7781"}])")}};
  static const SpanEvent events[] = {{1, kSecret, attributes}};
  static const SpanLink links[] = {{TraceId{0, 1}, 2, kSecret, attributes}};
  static const std::string_view warnings[] = {kSecret};
  trace.resources = {{kSecret, attributes}};
  trace.scopes = {{kSecret, kSecret, attributes}};
  Span span;
  span.name = span.status_message = span.trace_state = kSecret;
  span.attributes = attributes;
  span.events = events;
  span.links = links;
  span.warnings = warnings;
  trace.spans = {span};
  trace.partial_message = kSecret;
  trace.warnings = {std::string(kSecret)};
  logs.streams = {{attributes}};
  LogRecord record;
  record.line = record.text = record.service = record.event_name = record.scope_name = kSecret;
  record.metadata = record.parsed = record.fields = attributes;
  logs.records = {record};
  logs.tried = {std::string(kSecret)};
  logs.warnings = {std::string(kSecret)};
}

std::string All(Attributes attributes) {
  std::string text;
  for (const Attribute& attribute : attributes) {
    text += std::string(attribute.key) + "=" + std::string(attribute.value.text()) + "\n";
  }
  return text;
}

std::string All(const Trace& trace, const LogBatch& logs) {
  std::string text;
  const auto add = [&](std::string_view piece) { text += std::string(piece) + "\n"; };
  for (const Resource& resource : trace.resources) {
    add(resource.service_name);
    text += All(resource.attributes);
  }
  for (const Scope& scope : trace.scopes) {
    add(scope.name);
    add(scope.version);
    text += All(scope.attributes);
  }
  for (const Span& span : trace.spans) {
    for (const std::string_view piece : {span.name, span.status_message, span.trace_state})
      add(piece);
    text += All(span.attributes);
    for (const SpanEvent& event : span.events) {
      add(event.name);
      text += All(event.attributes);
    }
    for (const SpanLink& link : span.links) {
      add(link.trace_state);
      text += All(link.attributes);
    }
    for (const std::string_view warning : span.warnings) add(warning);
  }
  add(trace.partial_message);
  for (const std::string& warning : trace.warnings) add(warning);
  for (const LogStream& stream : logs.streams) text += All(stream.labels);
  for (const LogRecord& record : logs.records) {
    for (const std::string_view piece :
         {record.line, record.text, record.service, record.event_name, record.scope_name}) {
      add(piece);
    }
    for (const Attributes fields : {record.metadata, record.parsed, record.fields}) {
      text += All(fields);
    }
  }
  for (const std::string& tried : logs.tried) add(tried);
  for (const std::string& warning : logs.warnings) add(warning);
  return text;
}

TEST(RedactTest, ReachesEveryTextThatAStoreCanFill) {
  Trace trace;
  LogBatch logs;
  Fill(trace, logs);
  const std::string before = All(trace, logs);
  EXPECT_TRUE(Redact(Badges(), trace, logs));
  const std::string after = All(trace, logs);
  EXPECT_EQ(after.find("7781"), std::string::npos) << after;
  EXPECT_EQ(std::count(before.begin(), before.end(), '\n'),
            std::count(after.begin(), after.end(), '\n'));
  EXPECT_NE(after.find(R"(json=[{"b":"[badge removed]"}])"), std::string::npos) << after;
}

TEST(RedactTest, SaysWhenThereWasNothingToRemove) {
  Trace trace;
  LogBatch logs;
  trace.scopes = {{"clean", "1", {}}};
  EXPECT_FALSE(Redact(Badges(), trace, logs));
}

}  // namespace
}  // namespace spanlog::policy
