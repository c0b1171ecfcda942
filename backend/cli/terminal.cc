#include "cli/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <string_view>

#include "base/text.h"

namespace spanlog::cli {
namespace {

std::string_view Environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string_view() : value;
}

bool SpeaksUtf8() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const std::string_view value = Environment(name);
    if (value.empty()) continue;
    const std::string lower = ToLower(value);
    return Contains(lower, "utf-8") || Contains(lower, "utf8");
  }
  return false;
}

size_t OwnWidth() {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  int64_t columns = 0;
  if (ParseInt64(Environment("COLUMNS"), columns) && columns > 0) {
    return static_cast<size_t>(columns);
  }
  return 100;
}

}  // namespace

Terminal DetectTerminal(ColorChoice choice, size_t width) {
  Terminal terminal;
  terminal.direct = isatty(STDOUT_FILENO) == 1;
  terminal.width = width;
  if (width == 0 && terminal.direct) terminal.width = OwnWidth();
  terminal.unicode = terminal.direct && SpeaksUtf8();
  terminal.color = choice == ColorChoice::kAlways ||
                   (choice == ColorChoice::kAuto && terminal.direct &&
                    Environment("NO_COLOR").empty() && Environment("TERM") != "dumb");
  return terminal;
}

}  // namespace spanlog::cli
