#include "http/init.h"

#include <nss.h>
#include <openssl/crypto.h>

#include <csignal>
#include <mutex>

namespace spanlog::http {

void InitProcess() {
  static std::once_flag once;
  std::call_once(once, [] {
    __nss_configure_lookup("hosts", "files dns");
    __nss_configure_lookup("services", "files");
    OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
  });
}

}  // namespace spanlog::http
