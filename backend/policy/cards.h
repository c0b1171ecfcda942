// Finds payment card numbers.
#pragma once

#include <optional>
#include <string_view>
#include <utility>

namespace spanlog::policy {

// The next card number in `text` from `from` on, as begin and end: 12 to 19 digits, alone or in
// groups parted by one blank, dash or dot, with an issuer's prefix and length (ISO/IEC 7812) and a
// right check digit (Luhn). No part of a longer number or word.
std::optional<std::pair<size_t, size_t>> FindCard(std::string_view text, size_t from);

}  // namespace spanlog::policy
