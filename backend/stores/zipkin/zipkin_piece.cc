#include "stores/zipkin/zipkin_piece.h"

#include <algorithm>

namespace spanlog::stores {
namespace {

// A body can give one span half a million tags, so that a look through all of them for each new one
// would take minutes. Of fewer than this that look is the fastest.
constexpr size_t kFew = 32;

}  // namespace

void AddMissing(std::vector<Attribute>& list, const Attribute& attribute) {
  const bool known = std::any_of(list.begin(), list.end(),
                                 [&](const Attribute& one) { return one.key == attribute.key; });
  if (!known) list.push_back(attribute);
}

void AddMissing(std::vector<Attribute>& list, StringSet<>& keys, const Attribute& attribute) {
  if (list.size() < kFew) return AddMissing(list, attribute);
  if (keys.empty()) {
    for (const Attribute& one : list) keys.insert(one.key);
  }
  if (keys.insert(attribute.key).second) list.push_back(attribute);
}

void ZipkinPiece::Complete(const ZipkinPiece& more) {
  if (parent == 0) parent = more.parent;
  if (kind == SpanKind::kUnspecified) kind = more.kind;
  if (name.empty() || name == "unknown") name = more.name;
  if (service.empty()) service = more.service;
  if (start_ns == 0 || (more.start_ns > 0 && more.start_ns < start_ns)) start_ns = more.start_ns;
  duration_ns = std::max(duration_ns, more.duration_ns);
  if (known_ == nullptr) known_ = std::make_unique<Known>();
  for (const Attribute& tag : more.tags) AddMissing(tags, known_->tags, tag);
  for (const Attribute& one : more.endpoint) AddMissing(endpoint, one);
  for (const SpanEvent& event : more.events) AddEvent(event);
}

// The same answer may hold a span twice (it was asked for under both lengths of its id).
void ZipkinPiece::AddEvent(const SpanEvent& event) {
  const auto key = [](const SpanEvent& one) {
    return std::tuple(one.time_ns, one.name, one.attributes.size());
  };
  if (events.size() >= kFew) {
    if (known_->events.empty()) {
      for (const SpanEvent& one : events) known_->events.insert(key(one));
    }
    if (!known_->events.insert(key(event)).second) return;
  } else if (std::any_of(events.begin(), events.end(),
                         [&](const SpanEvent& one) { return key(one) == key(event); })) {
    return;
  }
  events.push_back(event);
}

}  // namespace spanlog::stores
