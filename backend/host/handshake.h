// What go-plugin agrees on with the process it started, by environment and one line:
//
//   CORE-PROTOCOL|APP-PROTOCOL|NETWORK|ADDRESS|PROTOCOL|CERTIFICATE[|MULTIPLEX]
//   1|2|unix|/tmp/spanlog-Ab3dEf/plugin.sock|grpc|
#pragma once

#include <string>
#include <string_view>

namespace spanlog::host {

struct LaunchEnvironment {
  bool has_cookie = false;      // grafana_plugin_type=datasource
  std::string temp_dir;         // TMPDIR
  std::string socket_dir;       // PLUGIN_UNIX_SOCKET_DIR: the socket must lie there
  std::string socket_group;     // PLUGIN_UNIX_SOCKET_GROUP: a name or a number
  bool asks_multiplex = false;  // PLUGIN_MULTIPLEX_GRPC: the line must answer
  std::string log_level;        // GF_PLUGIN_LOG_LEVEL, from grafana.ini's [plugin.<id>] log_level
};

LaunchEnvironment ReadLaunchEnvironment();

// For a person who started the executable by hand.
std::string_view NotAProgramText();

// The whole line with its line break.
std::string HandshakeLine(std::string_view socket_path, bool asks_multiplex);

}  // namespace spanlog::host
