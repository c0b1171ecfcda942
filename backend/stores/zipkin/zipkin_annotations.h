// How OpenTelemetry's exporters write span events and links into Zipkin, reversed.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/trace.h"

namespace spanlog::stores {

// An annotation's value: `{"name":{attributes}}` (SDK exporters), `name|{json}|dropped` (the
// Collector), or just the event's name. Time is left to the caller.
SpanEvent ReadZipkinAnnotation(std::string_view value, Arena& arena);

// The value of a tag `otlp.link.N`: `traceId|spanId|tracestate|{json}|dropped`.
std::optional<SpanLink> ReadZipkinLink(std::string_view value, Arena& arena);

}  // namespace spanlog::stores
