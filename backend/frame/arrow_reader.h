// Reads the Arrow files that this room writes: for the terminal, which asks the plugin's process
// as Grafana does, and for tests.
#pragma once

#include <string_view>

#include "absl/status/statusor.h"
#include "frame/columns.h"

namespace spanlog::frame {

// The first record batch of an Arrow IPC file whose columns have the types of ColumnType. Nothing
// in `file` is trusted. InvalidArgument says what is wrong.
absl::StatusOr<FrameColumns> ReadArrowFile(std::string_view file);

}  // namespace spanlog::frame
