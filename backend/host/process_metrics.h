// Memory, CPU, threads and files of the process, under Prometheus' usual names.
#pragma once

#include <string>
#include <string_view>

namespace spanlog::host {

// Appends Prometheus text. Works without /proc: what only /proc knows is then left out.
void AppendProcessMetrics(std::string_view version, std::string& out);

}  // namespace spanlog::host
