// The three standard files of a process that Grafana started.
#pragma once

namespace spanlog::host {

// Opens those of 0, 1 and 2 that are closed, so that no socket gets such a number.
void HoldStandardFiles();

// Writes `line` to stdout, then points stdout at nothing: after the handshake nobody drains that
// pipe reliably, and a line of over 64 KiB would block the writer for good. False when Grafana is
// gone.
bool WriteHandshake(const char* line);

}  // namespace spanlog::host
