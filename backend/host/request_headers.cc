#include "host/request_headers.h"

#include "base/text.h"

namespace spanlog::host {
namespace {

constexpr std::string_view kPrefix = "http_";

// "name[]" takes every cookie whose name begins with "name", as Grafana reads it.
bool Keeps(const std::vector<std::string>& kept, std::string_view cookie) {
  for (const std::string_view name : kept) {
    if (EndsWith(name, "[]") ? StartsWith(cookie, name.substr(0, name.size() - 2))
                             : cookie == name) {
      return true;
    }
  }
  return false;
}

std::string KeptCookies(const std::vector<std::string>& kept, std::string_view cookies) {
  std::string out;
  while (!cookies.empty()) {
    const size_t end = cookies.find(';');
    const std::string_view cookie = TrimSpace(cookies.substr(0, end));
    const std::string_view name = TrimSpace(cookie.substr(0, cookie.find('=')));
    if (!name.empty() && Keeps(kept, name)) Append(out, out.empty() ? "" : "; ", cookie);
    cookies = end == cookies.npos ? std::string_view() : cookies.substr(end + 1);
  }
  return out;
}

// A line break would end the header and begin another.
bool IsHeaderValue(std::string_view value) {
  for (const char c : value) {
    if ((static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f) return false;
  }
  return !value.empty();
}

}  // namespace

std::string_view FindHeader(const RequestHeaders& headers, std::string_view name) {
  for (const auto& [key, value] : headers) {
    std::string_view plain = key;
    if (StartsWith(plain, kPrefix)) plain.remove_prefix(kPrefix.size());
    if (EqualsIgnoreCase(plain, name)) return value;
  }
  return {};
}

http::Headers ForwardedHeaders(const settings::Upstream& upstream, const RequestHeaders& headers) {
  http::Headers out;
  if (upstream.oauth_pass_thru) {
    for (const std::string_view name : {"Authorization", "X-Id-Token"}) {
      const std::string_view value = FindHeader(headers, name);
      if (IsHeaderValue(value)) out.emplace_back(name, value);
    }
  }
  if (!upstream.keep_cookies.empty()) {
    std::string cookies = KeptCookies(upstream.keep_cookies, FindHeader(headers, "Cookie"));
    if (IsHeaderValue(cookies)) out.emplace_back("Cookie", std::move(cookies));
  }
  return out;
}

bool IsFromAlert(const RequestHeaders& headers) {
  // Alerting writes this very key; http_FromAlert would be a header that a person sent.
  for (const auto& [key, value] : headers) {
    if (key == "FromAlert") return EqualsIgnoreCase(value, "true");
  }
  return false;
}

}  // namespace spanlog::host
