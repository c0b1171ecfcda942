// Where the plugin's unix socket lies: in a folder of its own that only its user can
// enter, for whoever can connect can ask with the datasource's secrets.
#pragma once

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "host/handshake.h"

namespace spanlog::host {

// Removes socket and folder when it goes. Not thread-safe.
class SocketDir {
 public:
  // A fresh 0700 folder below TMPDIR, /tmp or /var/tmp, whichever takes one; or, when Grafana named
  // a folder, a fresh name in that one.
  static absl::StatusOr<std::unique_ptr<SocketDir>> Create(const LaunchEnvironment& environment);
  ~SocketDir();
  SocketDir(const SocketDir&) = delete;
  SocketDir& operator=(const SocketDir&) = delete;

  const std::string& socket_path() const { return socket_path_; }

  // Lets the group that Grafana named connect. Call when the socket is there.
  absl::Status ShareWithGroup(const std::string& group) const;

  void Remove();

 private:
  SocketDir(std::string own_dir, std::string socket_path);

  std::string own_dir_;  // empty: the folder is Grafana's
  std::string socket_path_;
};

}  // namespace spanlog::host
