// A string literal of TraceQL, with Go's escapes (https://go.dev/ref/spec#String_literals), and of
// the search words of Jaeger and Zipkin: the text is data, whatever is in it.
#pragma once

#include <string>
#include <string_view>

namespace spanlog {

// `text` between double quotes; quotes, backslashes and newlines inside are escaped.
inline std::string Quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\n') {
      out += "\\n";
    } else {
      out += c;
    }
  }
  return out + '"';
}

}  // namespace spanlog
