// What the output can show.
#pragma once

#include <cstddef>

namespace spanlog::cli {

enum class ColorChoice { kAuto, kAlways, kNever };

struct Terminal {
  size_t width = 0;      // in cells; 0: unbounded, nobody looks at it directly
  bool color = false;    // escape sequences for colours
  bool unicode = false;  // lines and blocks that are no ASCII
  bool direct = false;   // a person looks at it: no control characters
};

// Of standard output. `width` 0: the terminal's own. NO_COLOR and TERM=dumb switch colours off.
Terminal DetectTerminal(ColorChoice choice, size_t width);

}  // namespace spanlog::cli
