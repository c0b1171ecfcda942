#include "http/proxy.h"

#include <arpa/inet.h>

#include <array>
#include <optional>

#include "base/text.h"

namespace spanlog::http {
namespace {

using Ip = std::array<unsigned char, 16>;  // IPv4 as ::ffff:a.b.c.d

struct ParsedIp {
  Ip bytes{};
  bool v4 = false;
};

std::optional<ParsedIp> ParseIp(std::string_view text) {
  const std::string copy(text.substr(0, text.find('%')));  // without an IPv6 zone
  ParsedIp ip;
  if (inet_pton(AF_INET, copy.c_str(), ip.bytes.data() + 12) == 1) {
    ip.bytes[10] = ip.bytes[11] = 0xff;
    ip.v4 = true;
    return ip;
  }
  if (inet_pton(AF_INET6, copy.c_str(), ip.bytes.data()) == 1) return ip;
  return std::nullopt;
}

bool SamePrefix(const Ip& a, const Ip& b, int bits) {
  for (int i = 0; i < bits; ++i) {
    if (((a[i / 8] ^ b[i / 8]) >> (7 - i % 8)) & 1) return false;
  }
  return true;
}

bool IsLoopback(const ParsedIp& ip) {
  static const Ip kV4 = ParseIp("127.0.0.0")->bytes;
  static const Ip kV6 = ParseIp("::1")->bytes;
  return SamePrefix(ip.bytes, kV4, 96 + 8) || ip.bytes == kV6;
}

std::string_view Unbracket(std::string_view host) {
  if (StartsWith(host, "[") && EndsWith(host, "]")) return host.substr(1, host.size() - 2);
  return host;
}

// "host:port", "[::1]:port" or a bare host (an IPv6 address too).
void SplitPort(std::string_view text, std::string_view& host, std::string_view& port) {
  host = text;
  port = "";
  const size_t colon = text.rfind(':');
  if (colon == text.npos) return;
  const bool bracketed = StartsWith(text, "[") && text[colon - (colon > 0)] == ']';
  if (bracketed || text.find(':') == colon) {
    host = text.substr(0, colon);
    port = text.substr(colon + 1);
  }
}

bool MatchesCidr(std::string_view item, size_t slash, const std::optional<ParsedIp>& ip) {
  const auto net = ParseIp(item.substr(0, slash));
  int64_t bits = 0;
  if (!ip || !net || !ParseInt64(item.substr(slash + 1), bits)) return false;
  if (bits < 0 || bits > (net->v4 ? 32 : 128)) return false;
  return SamePrefix(ip->bytes, net->bytes, static_cast<int>(bits) + (net->v4 ? 96 : 0));
}

bool MatchesDomain(std::string_view item, std::string_view host) {
  if (StartsWith(item, "*.")) item.remove_prefix(1);
  if (item.empty()) return false;
  if (item.front() == '.') return EndsWith(host, item);  // subdomains only
  return host == item || (host.size() > item.size() && EndsWith(host, item) &&
                          host[host.size() - item.size() - 1] == '.');
}

// One item of NO_PROXY: IP[:port], CIDR, domain[:port], .domain[:port], *.domain[:port] or *.
bool Excludes(std::string_view item, std::string_view host, std::string_view port,
              const std::optional<ParsedIp>& ip) {
  if (item == "*") return true;
  if (const size_t slash = item.find('/'); slash != item.npos) return MatchesCidr(item, slash, ip);
  std::string_view item_host, item_port;
  SplitPort(item, item_host, item_port);
  if (!item_port.empty() && item_port != port) return false;
  if (const auto item_ip = ParseIp(Unbracket(item_host))) return ip && ip->bytes == item_ip->bytes;
  return !ip && MatchesDomain(item_host, host);
}

std::string FirstOf(const EnvLookup& env, const char* upper, const char* lower) {
  std::string value = env(upper);
  return value.empty() ? env(lower) : value;
}

}  // namespace

std::string ProxyFor(const Endpoint& endpoint, const EnvLookup& env) {
  std::string proxy = endpoint.scheme == "https" ? FirstOf(env, "HTTPS_PROXY", "https_proxy")
                                                 : FirstOf(env, "HTTP_PROXY", "http_proxy");
  if (proxy.empty()) return "";
  const std::string host = ToLower(Unbracket(endpoint.host));
  const auto ip = ParseIp(host);
  if (host == "localhost" || (ip && IsLoopback(*ip))) return "";
  const std::string no_proxy = ToLower(FirstOf(env, "NO_PROXY", "no_proxy"));
  std::string_view rest = no_proxy;
  while (!rest.empty()) {
    const size_t comma = rest.find(',');
    const std::string_view item = TrimSpace(rest.substr(0, comma));
    if (!item.empty() && Excludes(item, host, endpoint.port, ip)) return "";
    rest = comma == rest.npos ? "" : rest.substr(comma + 1);
  }
  if (!Contains(proxy, "://")) return "http://" + proxy;
  // Go lets a SOCKS5 proxy resolve the name; libcurl calls that socks5h.
  if (StartsWith(proxy, "socks5://")) return "socks5h://" + proxy.substr(9);
  return proxy;
}

std::string ProxyDisplay(std::string_view proxy) {
  const size_t colon = proxy.find("://");
  const size_t start = colon == proxy.npos ? 0 : colon + 3;
  std::string_view authority = proxy.substr(start);
  authority = authority.substr(0, authority.find_first_of("/?#"));
  if (const size_t at = authority.rfind('@'); at != authority.npos) authority.remove_prefix(at + 1);
  return Concat(proxy.substr(0, start), authority);
}

}  // namespace spanlog::http
