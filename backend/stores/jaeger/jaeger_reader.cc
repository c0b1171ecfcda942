#include "stores/jaeger/jaeger_reader.h"

#include <algorithm>
#include <vector>

#include "base/errors.h"
#include "base/text.h"
#include "stores/clock_units.h"
#include "stores/growth.h"
#include "stores/jaeger/exporter_tags.h"
#include "stores/json/json_body.h"
#include "stores/json/json_value.h"

namespace spanlog::stores {
namespace {

void AddWarning(std::vector<std::string>& warnings, std::string_view text) {
  constexpr size_t kMostWarnings = 50;
  if (warnings.size() < kMostWarnings) warnings.push_back(ErrorBodyHead(text));
}

class JaegerReader {
 public:
  JaegerReader(Trace& trace, size_t body_bytes)
      : body_bytes_(body_bytes), trace_(trace), arena_(*trace.arena) {}

  // False when the trace outgrew its body, and was not read on.
  bool fits() const { return !Outgrows(ListBytes(trace_), body_bytes_); }

  void ReadTrace(JsonElement message) {
    processes_.clear();
    const auto processes = Member(message, "processes");
    JsonObject object;
    if (processes.has_value() && processes->get_object().get(object) == simdjson::SUCCESS) {
      for (const auto process : object) AddProcess(process.key, process.value);
    }
    if (const auto warnings = ArrayMember(message, "warnings")) {
      for (const JsonElement warning : *warnings) {
        std::string_view text;
        if (warning.get_string().get(text) == simdjson::SUCCESS) AddWarning(trace_.warnings, text);
      }
    }
    if (const auto spans = ArrayMember(message, "spans")) {
      for (const JsonElement span : *spans) ReadSpan(span);
    }
  }

 private:
  void AddProcess(std::string_view id, JsonElement process) {
    scratch_.clear();
    Resource resource;
    resource.service_name = WithoutPlaceholder(TextMember(process, "serviceName"));
    if (!resource.service_name.empty()) {
      scratch_.push_back({"service.name", Value::String(resource.service_name)});
    }
    ReadTags(process, "tags");
    resource.attributes = arena_.CopyArray(scratch_);
    processes_[id] = static_cast<uint32_t>(trace_.resources.size());
    trace_.resources.push_back(resource);
  }

  uint32_t ResourceOf(JsonElement span) {
    const auto known = processes_.find(TextMember(span, "processID"));
    if (known != processes_.end()) return known->second;
    if (const auto process = Member(span, "process")) {  // some servers nest it
      AddProcess({}, *process);
    } else {
      trace_.resources.emplace_back();
    }
    return static_cast<uint32_t>(trace_.resources.size() - 1);
  }

  uint32_t ScopeOf(std::string_view name, std::string_view version) {
    // Most spans have the scope of the one before.
    if (!trace_.scopes.empty() && trace_.scopes[last_scope_].name == name &&
        trace_.scopes[last_scope_].version == version) {
      return last_scope_;
    }
    const auto [versions, is_new_name] = scopes_.try_emplace(name);
    const auto [scope, is_new] =
        versions->second.try_emplace(version, static_cast<uint32_t>(trace_.scopes.size()));
    if (is_new) trace_.scopes.push_back({name, version, {}});
    last_scope_ = scope->second;
    return last_scope_;
  }

  // Adds typed tags to scratch_.
  void ReadTags(JsonElement message, std::string_view list_key) {
    const auto tags = ArrayMember(message, list_key);
    if (!tags.has_value()) return;
    for (const JsonElement tag : *tags) {
      const auto value = Member(tag, "value");
      Attribute attribute;
      attribute.key = TextMember(tag, "key");
      if (value.has_value()) {
        const std::string_view type = TextMember(tag, "type");
        if (type == "int64") {
          // Numbers over 2^53 are sent as text.
          const auto number = IntOf(*value);
          attribute.value =
              number.has_value() ? Value::Int(*number) : JsonToValue(*value, arena_, json_);
        } else {
          attribute.value = JsonToValue(*value, arena_, json_);
          double real = 0;
          if (type == "float64" && value->get_double().get(real) == simdjson::SUCCESS) {
            attribute.value = Value::Double(real);
          }
          if (type == "binary") attribute.value.type = ValueType::kBytes;
        }
      }
      scratch_.push_back(attribute);
    }
  }

  void ReadSpan(JsonElement message) {
    if (!fits()) return;
    Span span;
    span.span_id = ParseSpanId(TextMember(message, "spanID"));
    span.name = WithoutPlaceholder(TextMember(message, "operationName"));
    span.start_ns = MicrosToNs(IntMember(message, "startTime"));
    span.end_ns = EndOf(span.start_ns, MicrosToNs(IntMember(message, "duration")));
    span.resource = ResourceOf(message);
    ReadReferences(message, span);
    scratch_.clear();
    ReadTags(message, "tags");
    const ExporterScope scope = TakeExporterTags(scratch_, span);
    span.scope = ScopeOf(scope.name, scope.version);
    span.attributes = arena_.CopyArray(scratch_);
    ReadLogs(message, span);
    ReadWarnings(message, span);
    trace_.spans.push_back(span);
  }

  // Jaeger's own rule: the first CHILD_OF of this trace is the parent, else the first FOLLOWS_FROM
  // of it. All others are links.
  void ReadReferences(JsonElement message, Span& span) {
    span.parent_span_id = ParseSpanId(TextMember(message, "parentSpanID"));  // deprecated
    const auto list = ArrayMember(message, "references");
    if (!list.has_value()) return;
    const TraceId own = ParseTraceId(TextMember(message, "traceID")).value_or(trace_.id);
    struct Reference {
      SpanLink link;
      bool child_of;
    };
    std::vector<Reference> references;
    size_t parent = 0;
    bool has_parent = false, parent_is_child_of = false;
    for (const JsonElement item : *list) {
      Reference reference;
      reference.link.trace_id = ParseTraceId(TextMember(item, "traceID")).value_or(TraceId());
      reference.link.span_id = ParseSpanId(TextMember(item, "spanID"));
      reference.child_of = EqualsIgnoreCase(TextMember(item, "refType"), "CHILD_OF");
      if (reference.link.trace_id == own &&
          (!has_parent || (reference.child_of && !parent_is_child_of))) {
        parent = references.size();
        has_parent = true;
        parent_is_child_of = reference.child_of;
      }
      references.push_back(reference);
    }
    if (has_parent) span.parent_span_id = references[parent].link.span_id;
    std::vector<SpanLink> links;
    for (size_t i = 0; i < references.size(); ++i) {
      if (!has_parent || i != parent) links.push_back(references[i].link);
    }
    span.links = arena_.CopyArray(links);
  }

  void ReadLogs(JsonElement message, Span& span) {
    const auto logs = ArrayMember(message, "logs");
    if (!logs.has_value()) return;
    std::vector<SpanEvent> events;
    for (const JsonElement log : *logs) {
      SpanEvent event;
      event.time_ns = MicrosToNs(IntMember(log, "timestamp"));
      scratch_.clear();
      ReadTags(log, "fields");
      // Newer exporters put the name under `event`, older ones under `message`.
      for (const std::string_view key : {"event", "message"}) {
        const auto name =
            std::find_if(scratch_.begin(), scratch_.end(), [&](const Attribute& field) {
              return field.key == key && field.value.type == ValueType::kString;
            });
        if (name == scratch_.end()) continue;
        event.name = name->value.text();
        scratch_.erase(name);
        break;
      }
      event.attributes = arena_.CopyArray(scratch_);
      events.push_back(event);
    }
    span.events = arena_.CopyArray(events);
  }

  void ReadWarnings(JsonElement message, Span& span) {
    const auto list = ArrayMember(message, "warnings");
    if (!list.has_value()) return;
    std::vector<std::string_view> warnings;
    for (const JsonElement warning : *list) {
      std::string_view text;
      if (warning.get_string().get(text) == simdjson::SUCCESS) warnings.push_back(text);
    }
    span.warnings = arena_.CopyArray(warnings);
  }

  const size_t body_bytes_;
  Trace& trace_;
  Arena& arena_;
  StringMap<uint32_t> processes_;
  StringMap<StringMap<uint32_t>> scopes_;  // by name, by version
  uint32_t last_scope_ = 0;
  std::vector<Attribute> scratch_;
  std::string json_;
};

}  // namespace

absl::Status ReadJaegerJson(std::string body, Trace& trace) {
  const size_t body_bytes = body.size();
  std::optional<JsonBody> parsed = JsonBody::Parse(std::move(body));
  if (!parsed.has_value() || !parsed->root().is_object()) {
    return DownstreamError(
        absl::StatusCode::kDataLoss,
        "The trace could not be read: the answer is not Jaeger's JSON, or it was cut "
        "on the way. Check that the URL is Jaeger's own and that no proxy changes "
        "the answer.");
  }
  trace.arena = parsed->arena();
  // Beside data: what a store behind Jaeger could not read. Without data they say "not found".
  if (const auto errors = ArrayMember(parsed->root(), "errors")) {
    for (const JsonElement error : *errors) {
      if (const std::string_view text = TextMember(error, "msg"); !text.empty()) {
        AddWarning(trace.warnings, Concat("Jaeger: ", text));
      }
    }
  }
  const auto data = ArrayMember(parsed->root(), "data");
  if (!data.has_value()) return absl::OkStatus();
  JaegerReader reader(trace, body_bytes);
  const bool only_one = data->size() == 1;
  for (const JsonElement one : *data) {
    if (only_one || ParseTraceId(TextMember(one, "traceID")) == trace.id) reader.ReadTrace(one);
  }
  parsed->DropTree();
  if (reader.fits()) return absl::OkStatus();
  trace.spans.clear();
  return TraceOutgrows();
}

}  // namespace spanlog::stores
