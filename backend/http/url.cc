#include "http/url.h"

#include <curl/curl.h>

#include <memory>

#include "base/errors.h"
#include "base/text.h"
#include "http/client.h"

namespace spanlog::http {
namespace {

bool IsUnreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

// The URL without user, password, query and fragment, for a message about a URL that does not
// parse.
std::string Redacted(std::string_view url) {
  url = url.substr(0, url.find_first_of("?#"));
  const size_t at = url.rfind('@');
  if (at != url.npos) url.remove_prefix(at + 1);
  std::string out;
  for (const char c : url.substr(0, 200)) {
    out.push_back(static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c);
  }
  return out;
}

absl::Status BadUrl(std::string_view url, std::string_view why) {
  return DownstreamError(absl::StatusCode::kInvalidArgument,
                         Concat("The URL \"", Redacted(url), "\" cannot be used: ", why,
                                ". Check the URL in the datasource's settings; it looks like "
                                "http://host:port or https://host/path."));
}

struct UrlDeleter {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};

std::string Part(CURLU* url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, CURLU_DEFAULT_PORT) != CURLUE_OK) return "";
  std::string out(text);
  curl_free(text);
  return out;
}

}  // namespace

std::string Endpoint::Authority() const { return default_port ? host : Concat(host, ":", port); }

std::string Endpoint::Display() const { return Concat(scheme, "://", Authority()); }

absl::StatusOr<Endpoint> ParseEndpoint(std::string_view url) {
  if (url.empty()) return BadUrl(url, "it is empty");
  for (const char c : url) {
    if (static_cast<unsigned char>(c) <= 0x20 || c == 0x7f) {
      return BadUrl(url, "it holds a space or a control character");
    }
  }
  const size_t colon = url.find("://");
  const std::string scheme = ToLower(url.substr(0, colon == url.npos ? 0 : colon));
  if (scheme != "http" && scheme != "https") {
    return BadUrl(url, "it must begin with http:// or https://");
  }
  const std::unique_ptr<CURLU, UrlDeleter> parsed(curl_url());
  if (!parsed) return absl::ResourceExhaustedError("out of memory");
  const CURLUcode code = curl_url_set(parsed.get(), CURLUPART_URL, std::string(url).c_str(), 0);
  if (code != CURLUE_OK) return BadUrl(url, curl_url_strerror(code));
  Endpoint endpoint;
  endpoint.scheme = scheme;
  endpoint.host = Part(parsed.get(), CURLUPART_HOST);
  endpoint.port = Part(parsed.get(), CURLUPART_PORT);
  endpoint.default_port = endpoint.port == (scheme == "http" ? "80" : "443");
  if (endpoint.host.empty()) return BadUrl(url, "it names no host");
  return endpoint;
}

std::string UrlEncode(std::string_view text) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size() + text.size() / 4);
  for (const char c : text) {
    if (IsUnreserved(c)) {
      out.push_back(c);
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out.push_back('%');
      out.push_back(kHex[byte >> 4]);
      out.push_back(kHex[byte & 15]);
    }
  }
  return out;
}

std::string JoinUrl(std::string_view base, std::string_view path) {
  base = TrimSpace(base);
  base = base.substr(0, base.find('#'));
  // A query in the base (some gateways take a key there) goes on, before the path's own.
  std::string_view base_query;
  if (const size_t question = base.find('?'); question != base.npos) {
    base_query = base.substr(question + 1);
    base = base.substr(0, question);
  }
  while (EndsWith(base, "/")) base.remove_suffix(1);
  const size_t question = path.find('?');
  std::string out(base);
  if (!StartsWith(path, "/")) out.push_back('/');
  out.append(path.substr(0, question));
  const std::string_view path_query = question == path.npos ? "" : path.substr(question + 1);
  if (!base_query.empty()) Append(out, "?", base_query);
  if (!path_query.empty()) Append(out, base_query.empty() ? "?" : "&", path_query);
  return out;
}

}  // namespace spanlog::http
