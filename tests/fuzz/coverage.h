// What the compiler's coverage calls tell the driver: which edges the last input took, and which
// numbers were compared. For g++; clang's libFuzzer brings its own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

namespace spanlog::fuzz {

// Forgets the edges of the last input.
void ResetCoverage();
// Adds the edges of the last input to those known. Gives how many (edge, rough count) were new.
size_t TakeNewCoverage();
// Edges known so far.
size_t KnownEdges();

// A pair of numbers that were compared and differ, of `bytes` bytes each; false when none is known.
// Putting the second where the input has the first passes that comparison.
bool RecentComparison(uint64_t random, uint64_t& first, uint64_t& second, size_t& bytes);

}  // namespace spanlog::fuzz
