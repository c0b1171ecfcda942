#include "host/socket_dir.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <utility>

#include "base/text.h"

namespace spanlog::host {
namespace {

constexpr size_t kMaxPath = sizeof(sockaddr_un::sun_path) - 1;
constexpr std::string_view kSocketName = "/plugin.sock";

std::string Why() { return std::strerror(errno); }

// A name that nothing has: the file is made and removed, as go-plugin does it.
absl::StatusOr<std::string> FreshName(const std::string& dir) {
  std::string path = Concat(dir, "/pluginXXXXXX");
  if (path.size() > kMaxPath) {
    return absl::InvalidArgumentError(Concat("PLUGIN_UNIX_SOCKET_DIR ", dir,
                                             " is too long: a socket's path has at most ", kMaxPath,
                                             " bytes"));
  }
  const int fd = mkstemp(path.data());
  if (fd < 0) {
    return absl::UnavailableError(
        Concat("cannot make a socket in PLUGIN_UNIX_SOCKET_DIR ", dir, ": ", Why()));
  }
  close(fd);
  unlink(path.c_str());
  return path;
}

// The number of a group by name. getgrnam would load the host's name service modules, which a
// static executable must not do.
bool FindGroup(const std::string& name, gid_t& out) {
  int64_t number = 0;
  if (ParseInt64(name, number) && number >= 0 && number < UINT32_MAX) {
    out = static_cast<gid_t>(number);
    return true;
  }
  std::ifstream file("/etc/group");
  std::string line;
  while (std::getline(file, line)) {
    if (!StartsWith(line, Concat(name, ":"))) continue;
    const size_t second = line.find(':', name.size() + 1);
    if (second == line.npos) continue;
    const size_t end = line.find(':', second + 1);
    if (ParseInt64(std::string_view(line).substr(second + 1, end - second - 1), number)) {
      out = static_cast<gid_t>(number);
      return true;
    }
  }
  return false;
}

}  // namespace

SocketDir::SocketDir(std::string own_dir, std::string socket_path)
    : own_dir_(std::move(own_dir)), socket_path_(std::move(socket_path)) {}

SocketDir::~SocketDir() { Remove(); }

void SocketDir::Remove() {
  unlink(socket_path_.c_str());
  if (!own_dir_.empty()) rmdir(own_dir_.c_str());
}

absl::StatusOr<std::unique_ptr<SocketDir>> SocketDir::Create(const LaunchEnvironment& environment) {
  if (!environment.socket_dir.empty()) {
    absl::StatusOr<std::string> path = FreshName(environment.socket_dir);
    if (!path.ok()) return path.status();
    return std::unique_ptr<SocketDir>(new SocketDir("", *std::move(path)));
  }
  std::string problems;
  for (const std::string& base :
       {environment.temp_dir, std::string("/tmp"), std::string("/var/tmp")}) {
    if (base.empty() || base[0] != '/') continue;
    std::string dir = Concat(base, EndsWith(base, "/") ? "" : "/", "spanlog-XXXXXX");
    if (dir.size() + kSocketName.size() > kMaxPath) {
      Append(problems, " ", base, " (the path is too long for a socket)");
    } else if (mkdtemp(dir.data()) == nullptr) {  // makes it with mode 0700
      Append(problems, " ", base, " (", Why(), ")");
    } else {
      std::string path = Concat(dir, kSocketName);
      return std::unique_ptr<SocketDir>(new SocketDir(std::move(dir), std::move(path)));
    }
  }
  return absl::UnavailableError(Concat("no folder takes the plugin's socket; tried:", problems,
                                       ". Set TMPDIR to a folder that the plugin may write to"));
}

absl::Status SocketDir::ShareWithGroup(const std::string& group) const {
  gid_t gid = 0;
  if (!FindGroup(group, gid)) {
    return absl::NotFoundError(Concat("PLUGIN_UNIX_SOCKET_GROUP ", group, " is not in /etc/group"));
  }
  if (chown(socket_path_.c_str(), static_cast<uid_t>(-1), gid) != 0 ||
      chmod(socket_path_.c_str(), 0660) != 0) {
    return absl::PermissionDeniedError(
        Concat("cannot give the socket to group ", group, ": ", Why()));
  }
  return absl::OkStatus();
}

}  // namespace spanlog::host
