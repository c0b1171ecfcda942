#include "policy/redact.h"

#include <memory>
#include <string>
#include <vector>

namespace spanlog::policy {
namespace {

class Cleaner {
 public:
  Cleaner(const Redactor& redactor, Arena& arena) : redactor_(redactor), arena_(arena) {}

  void Clean(std::string_view& text) { text = redactor_.Apply(text, arena_, &removed_); }

  void Clean(std::string& text) {
    bool removed = false;
    const std::string_view clean = redactor_.Apply(text, arena_, &removed);
    if (removed) text = std::string(clean);
    removed_ |= removed;
  }

  void Clean(Attributes& attributes) {
    if (attributes.empty()) return;
    bool removed = false;
    scratch_.assign(attributes.begin(), attributes.end());
    for (Attribute& attribute : scratch_) {
      // By the name as it was sent: the rules name that one.
      redactor_.ApplyTo(attribute.key, attribute.value, arena_, &removed);
      attribute.key = redactor_.Apply(attribute.key, arena_, &removed);
    }
    if (!removed) return;
    attributes = arena_.CopyArray(scratch_);
    removed_ = true;
  }

  bool removed() const { return removed_; }

 private:
  const Redactor& redactor_;
  Arena& arena_;
  std::vector<Attribute> scratch_;
  bool removed_ = false;
};

void CleanSpan(Cleaner& cleaner, Arena& arena, Span& span) {
  cleaner.Clean(span.name);
  cleaner.Clean(span.status_message);
  cleaner.Clean(span.trace_state);
  cleaner.Clean(span.attributes);
  if (!span.events.empty()) {
    std::vector<SpanEvent> events(span.events.begin(), span.events.end());
    for (SpanEvent& event : events) {
      cleaner.Clean(event.name);
      cleaner.Clean(event.attributes);
    }
    span.events = arena.CopyArray(events);
  }
  if (!span.links.empty()) {
    std::vector<SpanLink> links(span.links.begin(), span.links.end());
    for (SpanLink& link : links) {
      cleaner.Clean(link.trace_state);
      cleaner.Clean(link.attributes);
    }
    span.links = arena.CopyArray(links);
  }
  if (!span.warnings.empty()) {
    std::vector<std::string_view> warnings(span.warnings.begin(), span.warnings.end());
    for (std::string_view& text : warnings) cleaner.Clean(text);
    span.warnings = arena.CopyArray(warnings);
  }
}

void CleanRecord(Cleaner& cleaner, LogRecord& record) {
  const bool same =
      record.text.data() == record.line.data() && record.text.size() == record.line.size();
  cleaner.Clean(record.line);
  if (same) {
    record.text = record.line;
  } else {
    cleaner.Clean(record.text);
  }
  cleaner.Clean(record.service);
  cleaner.Clean(record.event_name);
  cleaner.Clean(record.scope_name);
  cleaner.Clean(record.metadata);
  cleaner.Clean(record.parsed);
  cleaner.Clean(record.fields);
}

}  // namespace

bool Redact(const Redactor& redactor, Trace& trace, LogBatch& logs) {
  Cleaner spans(redactor, *trace.arena);
  for (Resource& resource : trace.resources) {
    spans.Clean(resource.service_name);
    spans.Clean(resource.attributes);
  }
  for (Scope& scope : trace.scopes) {
    spans.Clean(scope.name);
    spans.Clean(scope.version);
    spans.Clean(scope.attributes);
  }
  for (Span& span : trace.spans) CleanSpan(spans, *trace.arena, span);
  spans.Clean(trace.partial_message);
  for (std::string& text : trace.warnings) spans.Clean(text);

  auto arena = std::make_shared<Arena>();
  Cleaner records(redactor, *arena);
  for (LogStream& stream : logs.streams) records.Clean(stream.labels);
  for (LogRecord& record : logs.records) CleanRecord(records, record);
  for (std::string& text : logs.tried) records.Clean(text);
  for (std::string& text : logs.warnings) records.Clean(text);
  logs.arenas.push_back(std::move(arena));
  return spans.removed() || records.removed();
}

}  // namespace spanlog::policy
