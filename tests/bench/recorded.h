// The recorded cases of tests/fixtures, one after the other.
#pragma once

#include <string>

#include "settings/settings.h"

namespace spanlog::bench {

// Prints what a query of a recorded case costs on average, and the three dearest.
void RunRecorded(const std::string& plugin, const std::string& fixtures,
                 settings::TraceStoreKind store, int rounds);

}  // namespace spanlog::bench
