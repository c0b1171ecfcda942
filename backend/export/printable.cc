#include "export/printable.h"

#include <cstdint>

namespace spanlog::exports {
namespace {

// How long the character at `at` is when it must not reach a terminal: C1 controls (U+0080 to
// U+009F) and U+202A to U+202E, U+2066 to U+2069. 0: it may.
size_t HiddenLength(std::string_view text, size_t at) {
  const auto byte = [&](size_t i) {
    return at + i < text.size() ? static_cast<uint8_t>(text[at + i]) : uint8_t{0};
  };
  if (byte(0) == 0xC2 && byte(1) >= 0x80 && byte(1) <= 0x9F) return 2;
  if (byte(0) == 0xE2 && byte(1) == 0x80 && byte(2) >= 0xAA && byte(2) <= 0xAE) return 3;
  if (byte(0) == 0xE2 && byte(1) == 0x81 && byte(2) >= 0xA6 && byte(2) <= 0xA9) return 3;
  return 0;
}

void Append(std::string& out, std::string_view text, bool one_line) {
  out.reserve(out.size() + text.size());
  for (size_t at = 0; at < text.size(); ++at) {
    const auto c = static_cast<uint8_t>(text[at]);
    if (c == '\r' && at + 1 < text.size() && text[at + 1] == '\n') continue;
    if (c == '\n' || c == '\t') {
      out.push_back(one_line ? ' ' : static_cast<char>(c));
    } else if (c < 0x20 || c == 0x7F) {
      // Control Pictures, U+2400 and on.
      out.append("\xE2\x90");
      out.push_back(static_cast<char>(c == 0x7F ? 0xA1 : 0x80 + c));
    } else if (const size_t hidden = c < 0x80 ? 0 : HiddenLength(text, at); hidden > 0) {
      out.append("\xEF\xBF\xBD");
      at += hidden - 1;
    } else {
      out.push_back(static_cast<char>(c));
    }
  }
}

}  // namespace

void AppendPrintable(std::string& out, std::string_view text) { Append(out, text, false); }

std::string Printable(std::string_view text) {
  std::string out;
  Append(out, text, false);
  return out;
}

std::string PrintableLine(std::string_view text) {
  std::string out;
  Append(out, text, true);
  return out;
}

}  // namespace spanlog::exports
