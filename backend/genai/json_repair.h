// Makes strict JSON of what is nearly JSON, so that one parser can read it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace spanlog::genai {

struct RepairedJson {
  static constexpr size_t kNone = ~size_t{0};

  std::string text;           // strict JSON
  bool was_cut = false;       // brackets had to be closed
  size_t sent_size = 0;       // bytes of `text` before what closes it
  size_t cut_string = kNone;  // offset of the string value (at its quote) that the cut went through
};

// Reads Python's spelling (single quotes, True, None, tuples), raw control characters in strings,
// lone surrogates, trailing commas, NaN. A text that ends early is closed: a half word, number,
// key or escape at its end is dropped, a half string is kept. Nothing when it is no JSON at all.
std::optional<RepairedJson> RepairJson(std::string_view text);

}  // namespace spanlog::genai
