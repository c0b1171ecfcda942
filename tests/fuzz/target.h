// One fuzz target: libFuzzer's entry points, so that clang's libFuzzer and the driver here run the same
// files.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "mutate.h"

extern "C" {

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);
// Optional: changes an input in the target's own way. Gives the new size.
size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size, unsigned int seed);

}  // extern "C"

namespace spanlog::fuzz {

// Ends the process, with the sentence on stderr, unless `holds`.
void Require(bool holds, std::string_view sentence, std::string_view detail = {});

}  // namespace spanlog::fuzz
