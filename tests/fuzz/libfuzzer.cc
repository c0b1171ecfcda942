// What libFuzzer asks of a target beside running it: changes that leave an input nearly valid. Its
// own, which put in what the code compared the input with, make up the rest.
#include <algorithm>
#include <cstring>

#include "target.h"

extern "C" {

size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t max_size);

size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size, unsigned int seed) {
  using namespace spanlog::fuzz;
  Random random(seed);
  if (Below(random, 3) == 0) return LLVMFuzzerMutate(data, size, max_size);
  std::string input(reinterpret_cast<const char*>(data), size);
  const std::string other = input;
  Change(input, other, max_size, random);
  std::copy(input.begin(), input.end(), data);
  return input.size();
}

size_t LLVMFuzzerCustomCrossOver(const uint8_t* first, size_t first_size, const uint8_t* second,
                                 size_t second_size, uint8_t* out, size_t max_out,
                                 unsigned int seed) {
  using namespace spanlog::fuzz;
  Random random(seed);
  std::string input(reinterpret_cast<const char*>(first), first_size);
  const std::string_view other(reinterpret_cast<const char*>(second), second_size);
  for (size_t i = 1 + Below(random, 3); i > 0; --i) Mutate(input, other, max_out, random);
  const size_t size = std::min(input.size(), max_out);
  std::copy_n(input.begin(), size, out);
  return size;
}

}  // extern "C"
