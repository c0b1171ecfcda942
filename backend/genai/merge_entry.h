// A message while the copies of it are merged.
#pragma once

#include <cstdint>

#include "base/arena.h"
#include "genai/same_message.h"
#include "model/message.h"

namespace spanlog::genai {

struct Entry {
  Message message;
  uint32_t copy = 0;  // the copy that was last merged into it
  Fingerprint print = {};
  bool has_print = false;  // made when it is first needed
};

inline void MakePrint(Entry& entry, Arena& arena) {
  if (!entry.has_print) entry.print = FingerprintOf(entry.message, arena);
  entry.has_print = true;
}

}  // namespace spanlog::genai
