#include "stores/otlp/otlp_enums.h"

#include "base/text.h"

namespace spanlog::stores {
namespace {

std::string_view WithoutPrefix(std::string_view name, std::string_view prefix) {
  return EqualsIgnoreCase(name.substr(0, prefix.size()), prefix) ? name.substr(prefix.size())
                                                                 : name;
}

}  // namespace

SpanKind KindOf(std::string_view name) {
  name = WithoutPrefix(name, "SPAN_KIND_");
  if (EqualsIgnoreCase(name, "internal")) return SpanKind::kInternal;
  if (EqualsIgnoreCase(name, "server")) return SpanKind::kServer;
  if (EqualsIgnoreCase(name, "client")) return SpanKind::kClient;
  if (EqualsIgnoreCase(name, "producer")) return SpanKind::kProducer;
  if (EqualsIgnoreCase(name, "consumer")) return SpanKind::kConsumer;
  return SpanKind::kUnspecified;
}

StatusCode StatusOf(std::string_view name) {
  name = WithoutPrefix(name, "STATUS_CODE_");
  if (EqualsIgnoreCase(name, "ok")) return StatusCode::kOk;
  if (EqualsIgnoreCase(name, "error")) return StatusCode::kError;
  return StatusCode::kUnset;
}

std::string_view ServiceNameOf(Attributes resource, Arena& arena) {
  const Value* value = Find(resource, "service.name");
  if (value == nullptr) return {};
  switch (value->type) {
    case ValueType::kInt:
      return arena.Copy(Concat(value->integer));
    case ValueType::kDouble:
      return arena.Copy(DoubleToText(value->real));
    case ValueType::kBool:
      return value->boolean ? "true" : "false";
    default:
      return value->text();
  }
}

}  // namespace spanlog::stores
