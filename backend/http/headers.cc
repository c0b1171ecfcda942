#include "http/headers.h"

#include <algorithm>

#include "absl/strings/escaping.h"
#include "base/text.h"

namespace spanlog::http {
namespace {

// RFC 9110 5.6.2.
bool IsToken(std::string_view name) {
  if (name.empty()) return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           Contains("!#$%&'*+-.^_`|~", std::string_view(&c, 1));
  });
}

bool IsFieldValue(std::string_view value) {
  return std::none_of(value.begin(), value.end(), [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
  });
}

}  // namespace

absl::Status CheckHeaders(const Headers& headers) {
  for (const auto& [name, value] : headers) {
    if (!IsToken(name)) {
      return absl::InvalidArgumentError(Concat("A custom header's name (", name.size(),
                                               " bytes) is not a valid HTTP header name: use "
                                               "letters, digits and '-', without a colon."));
    }
    if (!IsFieldValue(value)) {
      return absl::InvalidArgumentError(
          Concat("The value of header ", name,
                 " holds a line break or another control character. Enter it again without."));
    }
  }
  return absl::OkStatus();
}

bool HasHeader(const Headers& headers, std::string_view name) {
  return std::any_of(headers.begin(), headers.end(),
                     [&](const auto& header) { return EqualsIgnoreCase(header.first, name); });
}

void ReplaceHeaders(Headers& headers, const Headers& over) {
  headers.erase(std::remove_if(headers.begin(), headers.end(),
                               [&](const auto& header) { return HasHeader(over, header.first); }),
                headers.end());
  headers.insert(headers.end(), over.begin(), over.end());
}

std::string BasicAuthorization(std::string_view user, std::string_view password) {
  const std::string text = Concat(user, ":", password);
  return "Basic " + absl::Base64Escape(text);
}

Slist ToSlist(const Headers& headers) {
  // libcurl asks for leave before long bodies by default; stores do not need it.
  Slist list(curl_slist_append(nullptr, "Expect:"));
  if (!list) return nullptr;
  for (const auto& [name, value] : headers) {
    if (EqualsIgnoreCase(name, "Content-Length") || EqualsIgnoreCase(name, "Transfer-Encoding") ||
        EqualsIgnoreCase(name, "Trailer")) {
      continue;
    }
    // "Name;" is how libcurl is told to send a header without a value.
    const std::string line = value.empty() ? Concat(name, ";") : Concat(name, ": ", value);
    if (curl_slist_append(list.get(), line.c_str()) == nullptr) return nullptr;
  }
  return list;
}

}  // namespace spanlog::http
