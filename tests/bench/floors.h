// What the same data costs at least: measured in a process of its own, with the plugin's own client
// and readers.
#pragma once

#include <string>

#include "settings/settings.h"

namespace spanlog::bench {

struct Floor {
  double cpu_ms = 0;   // of the process, a round
  double wall_ms = 0;  // median of the rounds
};

struct Floors {
  Floor download;  // both bodies, thrown away
  Floor parse;     // both bodies, made into the model; no genai, no weaving, no frame
};

// Runs this executable again, as the one that downloads. Throws when that fails.
Floors MeasureFloors(const std::string& trace_url, const std::string& log_url,
                     settings::TraceStoreKind store, int rounds);

// What main() does in that process.
int RunFloors(const std::string& trace_url, const std::string& log_url, const std::string& store,
              int rounds);

const char* StoreWord(settings::TraceStoreKind store);
settings::TraceStoreKind StoreOf(const std::string& word);  // throws for another word

}  // namespace spanlog::bench
