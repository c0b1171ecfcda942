// The `spanlog` command.
#pragma once

namespace spanlog::cli {

// Returns the exit code: 0 shown, 1 failed (standard error says why), 2 wrong command line.
int Run(int argc, const char* const* argv);

}  // namespace spanlog::cli
