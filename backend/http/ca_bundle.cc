#include "http/ca_bundle.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string_view>
#include <system_error>

#include "base/text.h"

namespace spanlog::http {
namespace {

constexpr const char* kFiles[] = {
    "/etc/ssl/certs/ca-certificates.crt",                 // Debian, Ubuntu, Alpine
    "/etc/pki/tls/certs/ca-bundle.crt",                   // Fedora, RHEL 6
    "/etc/ssl/ca-bundle.pem",                             // openSUSE
    "/etc/pki/tls/cacert.pem",                            // OpenELEC
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",  // CentOS, RHEL 7 and later
    "/etc/ssl/cert.pem",                                  // Alpine
};
constexpr const char* kDirectories[] = {"/etc/ssl/certs", "/etc/pki/tls/certs"};

bool AppendFile(const std::string& path, CaBundle& bundle) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return false;
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (!Contains(text, "-----BEGIN")) return false;
  bundle.pem.append(text);
  // A file without a last line break must not swallow the next file's first line.
  if (!EndsWith(text, "\n")) bundle.pem.push_back('\n');
  return true;
}

void AddSource(const std::string& path, CaBundle& bundle) {
  if (!bundle.source.empty()) bundle.source.append(", ");
  bundle.source.append(path);
}

void AppendDirectory(const std::string& path, CaBundle& bundle) {
  std::error_code error;
  bool any = false;
  for (std::filesystem::directory_iterator entry(path, error), end; !error && entry != end;
       entry.increment(error)) {
    std::error_code ignored;
    if (entry->is_regular_file(ignored)) any = AppendFile(entry->path().string(), bundle) || any;
  }
  if (any) AddSource(path, bundle);
}

}  // namespace

std::string ProcessEnv(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

CaBundle FindCaBundle(const EnvLookup& env, const std::string& root) {
  CaBundle bundle;
  if (const std::string file = env("SSL_CERT_FILE"); !file.empty()) {
    if (AppendFile(file, bundle)) AddSource(file, bundle);
  } else {
    for (const char* known : kFiles) {
      if (!AppendFile(root + known, bundle)) continue;
      AddSource(known, bundle);
      break;
    }
  }
  if (const std::string dirs = env("SSL_CERT_DIR"); !dirs.empty()) {
    std::string_view rest = dirs;
    while (!rest.empty()) {
      const size_t colon = rest.find(':');
      if (colon != 0) AppendDirectory(std::string(rest.substr(0, colon)), bundle);
      rest = colon == rest.npos ? "" : rest.substr(colon + 1);
    }
  } else if (bundle.pem.empty()) {
    for (const char* known : kDirectories) AppendDirectory(root + known, bundle);
  }
  return bundle;
}

}  // namespace spanlog::http
