// What a client trusts and shows in TLS handshakes, parsed once per client.
#pragma once

#include <curl/curl.h>
#include <openssl/ssl.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "http/client.h"

namespace spanlog::http {

template <auto Free>
struct OpenSslDeleter {
  template <typename T>
  void operator()(T* object) const {
    Free(object);
  }
};
using X509Ptr = std::unique_ptr<X509, OpenSslDeleter<X509_free>>;
using X509StorePtr = std::unique_ptr<X509_STORE, OpenSslDeleter<X509_STORE_free>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, OpenSslDeleter<EVP_PKEY_free>>;

// Immutable and thread-safe after Make.
class TlsContext {
 public:
  // InvalidArgument names the setting whose PEM is broken, or says that key and certificate do not
  // belong together. Nothing is read from the machine here.
  static absl::StatusOr<std::shared_ptr<const TlsContext>> Make(const TlsOptions& options);

  // Sets verification and what the handshake uses. `this` must outlive the transfer.
  void Apply(CURL* easy) const;

  bool skip_verify() const { return skip_verify_; }
  // The name to send and verify in place of the URL's host; empty: none.
  const std::string& server_name() const { return server_name_; }
  std::string url_host() const;  // the same as a URL has it (brackets around IPv6)
  bool own_ca() const { return own_ca_ != nullptr; }

 private:
  static CURLcode OnSslContext(CURL* easy, void* ssl_context, void* self);

  bool skip_verify_ = false;
  std::string server_name_;
  X509StorePtr own_ca_;  // null: the machine's
  std::vector<X509Ptr> client_chain_;
  KeyPtr client_key_;
};

// False when the machine has no CA certificates that could be found.
bool HasSystemRoots();

}  // namespace spanlog::http
