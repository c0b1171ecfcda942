// What is known of one record while its places are read: structured metadata, parsed fields, the
// line, the stream's labels, in this order. The first to say something wins, except for the level,
// where the more exact kind of statement wins.
#pragma once

#include <cstdint>
#include <string_view>

#include "model/log_record.h"
#include "stores/layout/key_roles.h"

namespace spanlog::stores {

// How a level was said, best first.
enum class LevelBy : uint8_t { kSeverityNumber, kSeverityText, kLevelField, kDetected, kNothing };

struct Facts {
  TraceId wanted;  // the trace that is looked for: of several ids in a record, this one counts
  TraceId trace_id;
  uint64_t span_id = 0;
  Level level = Level::kUnknown;
  LevelBy level_by = LevelBy::kNothing;
  bool level_was_guessed = false;  // Loki ran its own detection, with or without result
  bool from_otlp = false;          // an OpenTelemetry pipeline wrote the record
  bool decimal_ids = false;        // the trace id is written in decimal, so the span id is too
  std::string_view service;
  std::string_view event_name;
  std::string_view scope_name;
  std::string_view text;
  int text_rank = 1000;  // of the key the text was found under; lower is better

  // False: what is said in this way changes nothing any more.
  bool WantsLevel(LevelBy by) const { return by < level_by; }
  void SetLevel(Level found, LevelBy by) {
    if (found == Level::kUnknown || !WantsLevel(by)) return;
    level = found;
    level_by = by;
  }
  // Takes what is still missing here from `other`.
  void Complete(const Facts& other);
};

// Notes what the field says. `value` must outlive the facts. Message keys are left to the caller,
// who knows whether a message may stand there. Returns the key's role.
KeyRole Note(std::string_view key, const Value& value, KeyRoles& roles, Facts& facts);

// Facts of a list of attributes (labels, metadata).
void NoteAll(Attributes attributes, KeyRoles& roles, Facts& facts);

// A stream's labels: as above, and the service from the labels that agents use for it.
Facts FactsOfLabels(Attributes labels, KeyRoles& roles);

}  // namespace spanlog::stores
