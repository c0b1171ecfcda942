// Text from a trace that may stand on a terminal.
#pragma once

#include <string>
#include <string_view>

namespace spanlog::exports {

// A log line must not move the cursor, rename the window or hide text: control characters become
// their visible symbols (ESC is U+241B), C1 controls and the marks that reverse the direction of
// text become U+FFFD. Line ends and tabs stay; CR LF becomes LF. REQUIRES: valid UTF-8.
void AppendPrintable(std::string& out, std::string_view text);
std::string Printable(std::string_view text);

// The same on one line: line ends and tabs become blanks.
std::string PrintableLine(std::string_view text);

}  // namespace spanlog::exports
