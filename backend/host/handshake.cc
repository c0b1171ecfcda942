#include "host/handshake.h"

#include <cstdlib>

#include "base/text.h"

namespace spanlog::host {
namespace {

std::string Env(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

}  // namespace

LaunchEnvironment ReadLaunchEnvironment() {
  LaunchEnvironment environment;
  environment.has_cookie = Env("grafana_plugin_type") == "datasource";
  environment.temp_dir = Env("TMPDIR");
  environment.socket_dir = Env("PLUGIN_UNIX_SOCKET_DIR");
  environment.socket_group = Env("PLUGIN_UNIX_SOCKET_GROUP");
  environment.asks_multiplex = Env("PLUGIN_MULTIPLEX_GRPC") == "true";
  environment.log_level = Env("GF_PLUGIN_LOG_LEVEL");
  return environment;
}

std::string_view NotAProgramText() {
  return "This is the backend of Spanlog, a Grafana datasource plugin. Grafana starts it by "
         "itself:\n"
         "put the plugin's folder into Grafana's plugins folder and restart Grafana.\n"
         "To read a trace from a terminal, use the command `spanlog`.\n";
}

std::string HandshakeLine(std::string_view socket_path, bool asks_multiplex) {
  return Concat("1|2|unix|", socket_path, "|grpc|", asks_multiplex ? "|false" : "", "\n");
}

}  // namespace spanlog::host
