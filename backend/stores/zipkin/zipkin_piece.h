// A reporter may send a span in pieces: late tags, a duration that was not known at first.
#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <string_view>
#include <tuple>
#include <vector>

#include "base/text.h"
#include "model/trace.h"

namespace spanlog::stores {

// The parts of one span so far.
struct ZipkinPiece {
  uint64_t id = 0;
  uint64_t parent = 0;
  bool shared = false;
  SpanKind kind = SpanKind::kUnspecified;
  std::string_view name;
  std::string_view service;
  int64_t start_ns = 0;
  int64_t duration_ns = 0;
  std::vector<Attribute> tags;
  std::vector<Attribute> endpoint;  // of the service itself
  std::vector<SpanEvent> events;

  // Adds what another piece of the span knows. In time by that piece's size.
  void Complete(const ZipkinPiece& more);

 private:
  struct Known {
    StringSet<> tags;                                                // their keys
    std::set<std::tuple<int64_t, std::string_view, size_t>> events;  // time, name, attributes
  };
  void AddEvent(const SpanEvent& event);

  std::unique_ptr<Known> known_;  // of a span that came in pieces
};

// Adds `attribute` unless its key is in `list`.
void AddMissing(std::vector<Attribute>& list, const Attribute& attribute);
// The same for a list that may become long. `keys`, empty at first, are those of the list once it
// is; REQUIRES: nothing else adds to the list from then on.
void AddMissing(std::vector<Attribute>& list, StringSet<>& keys, const Attribute& attribute);

}  // namespace spanlog::stores
