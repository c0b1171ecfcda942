#include "target.h"

namespace spanlog::fuzz {

void Change(std::string& input, std::string_view other, size_t max_size, Random& random) {
  if (&ChangeStructure != nullptr && Below(random, 4) != 0) {
    ChangeStructure(input, max_size, random);
  } else {
    Mutate(input, other, max_size, random);
  }
}

}  // namespace spanlog::fuzz
