// What OpenTelemetry's exporters and Jaeger itself write where OTLP has fields of its own.
#pragma once

#include <string_view>
#include <vector>

#include "model/trace.h"

namespace spanlog::stores {

struct ExporterScope {
  std::string_view name;
  std::string_view version;
};

// Takes kind, status and trace state of `span` out of its tags, and the scope, which it gives.
ExporterScope TakeExporterTags(std::vector<Attribute>& tags, Span& span);

// Names that Jaeger and the exporters make up where there is none are empty again.
std::string_view WithoutPlaceholder(std::string_view name);

// Moves the warnings that v3 sends as attributes to where warnings belong, and empties made-up
// names.
void TakeJaegerWarnings(Trace& trace);

}  // namespace spanlog::stores
