// Finds the machine's CA certificates. Static OpenSSL has no useful default, and Grafana starts us
// without SSL_CERT_FILE, so the places are looked up as Go's crypto/x509 does.
#pragma once

#include <functional>
#include <string>

namespace spanlog::http {

struct CaBundle {
  std::string pem;     // empty: none found
  std::string source;  // the files or directories it came from, for messages
};

// Reads one variable of the environment; empty when it is not set.
using EnvLookup = std::function<std::string(const char*)>;
std::string ProcessEnv(const char* name);

// $SSL_CERT_FILE or the first known bundle file that can be read, and every file of the
// directories in $SSL_CERT_DIR. Without either, every file of the known directories.
// `root` stands before the known paths (for tests).
CaBundle FindCaBundle(const EnvLookup& env = ProcessEnv, const std::string& root = "");

}  // namespace spanlog::http
