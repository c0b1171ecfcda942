#include "settings/upstream.h"

#include "base/text.h"

namespace spanlog::settings {
namespace {

// Go's net/http opens as many as it needs; this is an end to it that 200 queries at once don't
// meet.
constexpr int kConnections = 256;

void ReadSeconds(ObjectReader& reader, std::string_view key, int& out_ms) {
  int64_t seconds = -1;
  reader.Int(key, 0, 24 * 3600, seconds);
  if (seconds >= 0) out_ms = static_cast<int>(seconds * 1000);
}

bool IsHeaderName(std::string_view name) {
  for (const char c : name) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!letter && std::string_view("!#$%&'*+-.^_`|~").find(c) == std::string_view::npos) {
      return false;
    }
  }
  return !name.empty();
}

void ReadHeaders(ObjectReader& reader, const Secrets& secrets, http::Headers& headers) {
  for (int i = 1;; ++i) {
    const std::string name_key = Concat("httpHeaderName", i);
    const std::string value_key = Concat("httpHeaderValue", i);
    std::string name;
    reader.Text(name_key, name);
    std::string value = secrets.Get(value_key);
    name = std::string(TrimSpace(name));
    if (name.empty()) return;
    if (!IsHeaderName(name)) {
      return reader.Fail(
          name_key, Concat("is \"", ObjectReader::Quotable(name), "\", which is no header name"));
    }
    // An unset secret: the header is left out, as Grafana's own datasources do.
    if (!secrets.Has(value_key)) continue;
    value = std::string(TrimSpace(value));
    for (const char c : value) {
      if ((static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f) {
        return reader.Fail(name_key,
                           Concat("has a value (secureJsonData.", secrets.NameOf(value_key),
                                  ") with a line break or control character"));
      }
    }
    headers.emplace_back(std::move(name), std::move(value));
  }
}

void ReadTls(ObjectReader& reader, const Secrets& secrets, http::TlsOptions& tls) {
  bool client_auth = false;
  bool own_ca = false;
  std::string server_name;
  reader.Bool("tlsAuth", client_auth);
  reader.Bool("tlsAuthWithCACert", own_ca);
  reader.Bool("tlsSkipVerify", tls.skip_verify);
  reader.Text("serverName", server_name);
  std::string ca = secrets.Get("tlsCACert");
  std::string cert = secrets.Get("tlsClientCert");
  std::string key = secrets.Get("tlsClientKey");
  if (!client_auth && !own_ca) return;
  tls.server_name = std::string(TrimSpace(server_name));
  tls.ca_pem = std::move(ca);
  tls.client_cert_pem = std::move(cert);
  tls.client_key_pem = std::move(key);
  const auto need = [&](std::string_view flag, std::string_view secret, const std::string& pem) {
    if (TrimSpace(pem).empty()) {
      reader.Fail(flag, Concat("is on, but secureJsonData.", secrets.NameOf(secret),
                               " is empty: paste the PEM there or switch it off"));
    } else if (!Contains(pem, "-----BEGIN ")) {
      reader.Fail(flag, Concat("is on, but secureJsonData.", secrets.NameOf(secret),
                               " is no PEM text (it must hold a line -----BEGIN …-----)"));
    }
  };
  if (own_ca) need("tlsAuthWithCACert", "tlsCACert", tls.ca_pem);
  if (client_auth) {
    need("tlsAuth", "tlsClientCert", tls.client_cert_pem);
    need("tlsAuth", "tlsClientKey", tls.client_key_pem);
  }
}

}  // namespace

std::string Secrets::NameOf(std::string_view key) const {
  if (prefix_.empty()) return std::string(key);
  std::string name = Concat(prefix_, key);
  char& first = name[prefix_.size()];
  if (first >= 'a' && first <= 'z') first = static_cast<char>(first - 'a' + 'A');
  return name;
}

std::string Secrets::Get(std::string_view key) const {
  const std::string name = NameOf(key);
  state_->keys.push_back(Concat("secureJsonData.", name));
  const auto found = values_.find(name);
  return found == values_.end() ? std::string() : found->second;
}

void ReadHttp(ObjectReader& reader, const Secrets& secrets, Upstream& upstream) {
  http::ClientOptions& http = upstream.http;
  ReadSeconds(reader, "timeout", http.total_timeout_ms);
  ReadSeconds(reader, "dialTimeout", http.connect_timeout_ms);
  ReadSeconds(reader, "httpIdleConnTimeout", http.idle_timeout_ms);
  int connections = 0;
  reader.Int("httpMaxConnsPerHost", 0, 100'000, connections);
  http.max_connections = connections > 0 ? connections : kConnections;
  ReadTls(reader, secrets, http.tls);
  ReadHeaders(reader, secrets, http.headers);
  reader.Bool("oauthPassThru", upstream.oauth_pass_thru);
  reader.Texts("keepCookies", upstream.keep_cookies);
}

void SetUrl(std::string_view url, std::string_view key, ReadState& state, Upstream& upstream) {
  url = TrimSpace(url);
  const std::string lower = ToLower(url);
  const bool http = StartsWith(lower, "http://") && lower.size() > 7;
  const bool https = StartsWith(lower, "https://") && lower.size() > 8;
  if (!url.empty() && !http && !https && state.error.ok()) {
    // Not quoted: a URL may hold a password.
    state.error = absl::InvalidArgumentError(
        Concat(key, " must be an address that begins with http:// or https://"));
  }
  upstream.url = std::string(url);
}

}  // namespace spanlog::settings
