// One fuzz target. clang's libFuzzer and the driver here run the same files.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "mutate.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace spanlog::fuzz {

// Optional: changes an input in the target's own way. The result has at most `max_size` bytes.
__attribute__((weak)) void ChangeStructure(std::string& input, size_t max_size, Random& random);

// One change to `input`, by the target's own way where it has one, or by Mutate.
void Change(std::string& input, std::string_view other, size_t max_size, Random& random);

// Ends the process, with the sentence on stderr, unless `holds`.
void Require(bool holds, std::string_view sentence, std::string_view detail = {});

}  // namespace spanlog::fuzz
