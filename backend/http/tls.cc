#include "http/tls.h"

#include <openssl/err.h>
#include <openssl/pem.h>

#include "base/text.h"
#include "http/ca_bundle.h"

namespace spanlog::http {
namespace {

using BioPtr = std::unique_ptr<BIO, OpenSslDeleter<BIO_free_all>>;

BioPtr Read(const std::string& pem) {
  return BioPtr(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
}

// Without it OpenSSL would ask for a key's passphrase on a terminal.
int NoPassphrase(char*, int, int, void*) { return 0; }

// Every certificate that can be read; a broken one among them is passed over as Go does.
std::vector<X509Ptr> ReadCertificates(const std::string& pem) {
  std::vector<X509Ptr> out;
  const BioPtr bio = Read(pem);
  while (bio) {
    X509Ptr certificate(PEM_read_bio_X509_AUX(bio.get(), nullptr, NoPassphrase, nullptr));
    if (certificate) {
      out.push_back(std::move(certificate));
    } else if (ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE || BIO_eof(bio.get())) {
      break;
    }
    ERR_clear_error();
  }
  ERR_clear_error();
  return out;
}

X509StorePtr MakeStore(const std::vector<X509Ptr>& certificates) {
  X509StorePtr store(X509_STORE_new());
  if (!store) return nullptr;
  // Any given certificate may end a chain, not only self-signed ones: as in Go.
  X509_STORE_set_flags(store.get(), X509_V_FLAG_PARTIAL_CHAIN);
  for (const X509Ptr& certificate : certificates)
    X509_STORE_add_cert(store.get(), certificate.get());
  ERR_clear_error();  // a certificate that is in there twice is none
  return store;
}

struct SystemRoots {
  X509StorePtr store;
  bool found = false;
};

// Read at the first TLS handshake that needs it, once for all clients: parsing takes milliseconds
// and a megabyte.
const SystemRoots& Roots() {
  static const SystemRoots* roots = [] {
    const std::vector<X509Ptr> certificates = ReadCertificates(FindCaBundle().pem);
    return new SystemRoots{MakeStore(certificates), !certificates.empty()};
  }();
  return *roots;
}

// It becomes part of a URL.
bool IsHostName(std::string_view name) {
  for (const char c : name) {
    const bool alnum = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (!alnum && c != '-' && c != '.' && c != '_' && c != ':') return false;
  }
  return true;
}

absl::Status Bad(std::string_view what, std::string_view advice) {
  ERR_clear_error();
  return absl::InvalidArgumentError(Concat(what, " ", advice));
}

}  // namespace

bool HasSystemRoots() { return Roots().found; }

absl::StatusOr<std::shared_ptr<const TlsContext>> TlsContext::Make(const TlsOptions& options) {
  auto context = std::make_shared<TlsContext>();
  context->skip_verify_ = options.skip_verify;
  context->server_name_ = options.server_name;
  if (!IsHostName(options.server_name)) {
    return Bad("The TLS server name (serverName) is not a host name.",
               "Give the name that the server's certificate carries, without scheme or port.");
  }
  if (!options.ca_pem.empty()) {
    const std::vector<X509Ptr> certificates = ReadCertificates(options.ca_pem);
    if (certificates.empty()) {
      return Bad("The CA certificate (tlsCACert) holds no certificate that can be read.",
                 "Paste it as PEM, from -----BEGIN CERTIFICATE----- on.");
    }
    context->own_ca_ = MakeStore(certificates);
  }
  if (options.client_cert_pem.empty() != options.client_key_pem.empty()) {
    return Bad(options.client_key_pem.empty()
                   ? "The TLS client certificate (tlsClientCert) has no key (tlsClientKey)."
                   : "The TLS client key (tlsClientKey) has no certificate (tlsClientCert).",
               "Give both or neither.");
  }
  if (options.client_cert_pem.empty()) return std::shared_ptr<const TlsContext>(std::move(context));
  context->client_chain_ = ReadCertificates(options.client_cert_pem);
  if (context->client_chain_.empty()) {
    return Bad("The TLS client certificate (tlsClientCert) cannot be read.",
               "Paste it as PEM, from -----BEGIN CERTIFICATE----- on.");
  }
  const BioPtr bio = Read(options.client_key_pem);
  context->client_key_.reset(PEM_read_bio_PrivateKey(bio.get(), nullptr, NoPassphrase, nullptr));
  if (!context->client_key_) {
    return Bad("The TLS client key (tlsClientKey) cannot be read.",
               "Paste it as PEM, without a passphrase.");
  }
  if (X509_check_private_key(context->client_chain_[0].get(), context->client_key_.get()) != 1) {
    return Bad("The TLS client key (tlsClientKey) does not belong to the certificate.",
               "Put the client's own certificate first in tlsClientCert, then its issuers.");
  }
  return std::shared_ptr<const TlsContext>(std::move(context));
}

std::string TlsContext::url_host() const {
  return Contains(server_name_, ":") ? Concat("[", server_name_, "]") : server_name_;
}

void TlsContext::Apply(CURL* easy) const {
  curl_easy_setopt(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, skip_verify_ ? 0L : 1L);
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, skip_verify_ ? 0L : 2L);
  curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, &TlsContext::OnSslContext);
  curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, const_cast<TlsContext*>(this));
}

CURLcode TlsContext::OnSslContext(CURL*, void* ssl_context, void* self) {
  const auto* context = static_cast<const TlsContext*>(self);
  auto* ssl = static_cast<SSL_CTX*>(ssl_context);
  if (!context->skip_verify_) {
    X509_STORE* store = context->own_ca_ ? context->own_ca_.get() : Roots().store.get();
    if (store == nullptr) return CURLE_OUT_OF_MEMORY;
    SSL_CTX_set1_cert_store(ssl, store);
  }
  if (!context->client_chain_.empty()) {
    if (SSL_CTX_use_certificate(ssl, context->client_chain_[0].get()) != 1 ||
        SSL_CTX_use_PrivateKey(ssl, context->client_key_.get()) != 1) {
      return CURLE_SSL_CERTPROBLEM;
    }
    for (size_t i = 1; i < context->client_chain_.size(); ++i) {
      if (SSL_CTX_add1_chain_cert(ssl, context->client_chain_[i].get()) != 1) {
        return CURLE_SSL_CERTPROBLEM;
      }
    }
  }
  return CURLE_OK;
}

}  // namespace spanlog::http
