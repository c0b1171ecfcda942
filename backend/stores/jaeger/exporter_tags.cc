#include "stores/jaeger/exporter_tags.h"

#include "base/text.h"
#include "stores/json/json_body.h"
#include "stores/otlp/otlp_enums.h"

namespace spanlog::stores {

ExporterScope TakeExporterTags(std::vector<Attribute>& tags, Span& span) {
  ExporterScope scope;
  bool has_status = false, error = false;
  for (const Attribute& tag : tags) {
    const std::string_view text = tag.value.text();
    if (tag.key == "span.kind") span.kind = KindOf(text);
    if (tag.key == "otel.status_code") {
      // Early exporters wrote the number.
      span.status = tag.value.type == ValueType::kInt
                        ? StatusOf(static_cast<uint64_t>(tag.value.integer))
                        : StatusOf(text);
      has_status = true;
    }
    if (tag.key == "otel.status_description") span.status_message = text;
    if (tag.key == "otel.scope.name" || tag.key == "otel.library.name") scope.name = text;
    if (tag.key == "otel.scope.version" || tag.key == "otel.library.version") scope.version = text;
    if (tag.key == "w3c.tracestate") span.trace_state = text;
    if (tag.key == "error") {
      error =
          tag.value.type == ValueType::kBool ? tag.value.boolean : EqualsIgnoreCase(text, "true");
    }
  }
  if (error && !has_status) span.status = StatusCode::kError;
  std::erase_if(tags, [&](const Attribute& tag) {
    for (const std::string_view key :
         {"span.kind", "otel.status_code", "otel.status_description", "otel.scope.name",
          "otel.scope.version", "otel.library.name", "otel.library.version", "w3c.tracestate",
          "internal.span.format"}) {
      if (tag.key == key) return true;
    }
    // Made from the status, or saying the same.
    return tag.key == "error" && span.status == StatusCode::kError && error;
  });
  return scope;
}

std::string_view WithoutPlaceholder(std::string_view name) {
  for (const std::string_view placeholder : {"missing-service-name", "empty-service-name",
                                             "OTLPResourceNoServiceName", "empty-span-name"}) {
    if (name == placeholder) return {};
  }
  return name;
}

void TakeJaegerWarnings(Trace& trace) {
  std::vector<Attribute> rest;
  std::vector<std::string_view> warnings;
  for (Span& span : trace.spans) {
    span.name = WithoutPlaceholder(span.name);
    if (Find(span.attributes, "jaeger.internal.warnings") == nullptr &&
        Find(span.attributes, "@jaeger@warnings") == nullptr) {
      continue;
    }
    rest.clear();
    warnings.clear();
    for (const Attribute& attribute : span.attributes) {
      if (attribute.key != "jaeger.internal.warnings" && attribute.key != "@jaeger@warnings") {
        rest.push_back(attribute);
        continue;
      }
      simdjson::dom::parser parser;
      JsonArray list;
      const std::string_view json = attribute.value.text();
      if (json.empty()) continue;
      if (parser.parse(json.data(), json.size(), true).get_array().get(list) != simdjson::SUCCESS) {
        warnings.push_back(json);
        continue;
      }
      for (const JsonElement item : list) {
        std::string_view text;
        if (item.get_string().get(text) == simdjson::SUCCESS) {
          warnings.push_back(trace.arena->Copy(text));
        }
      }
    }
    span.attributes = trace.arena->CopyArray(rest);
    span.warnings = trace.arena->CopyArray(warnings);
  }
  for (Resource& resource : trace.resources) {
    resource.service_name = WithoutPlaceholder(resource.service_name);
  }
}

}  // namespace spanlog::stores
