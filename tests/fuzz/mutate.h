// Changes inputs at random, so that many of them stay nearly valid.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>

namespace spanlog::fuzz {

using Random = std::minstd_rand;

// A number below `end`; 0 when `end` is 0.
size_t Below(Random& random, size_t end);

// One change, of bytes, of numbers, or of whole JSON values and words. `other` is another input,
// from which pieces may be taken. The result has at most `max_size` bytes.
void Mutate(std::string& input, std::string_view other, size_t max_size, Random& random);

// One change to a field somewhere inside a protobuf message: repeated, left out, replaced by
// another's payload, or with other bytes; the lengths around it are made right again. False when
// `message` is no protobuf; it is unchanged then.
bool MutateProtobuf(std::string& message, size_t max_size, Random& random);

}  // namespace spanlog::fuzz
