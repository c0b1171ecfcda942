#include "genai/json_string.h"

#include <cstdint>
#include <optional>

namespace spanlog::genai {
namespace {

bool IsBlank(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

class StringCopier {
 public:
  StringCopier(std::string_view in, size_t& at, std::string& out) : in_(in), at_(at), out_(out) {}

  bool Run(char quote) {
    ++at_;
    out_ += '"';
    while (!AtEnd() && !EndsString(quote)) {
      if (in_[at_] == '\\') {
        if (!Escape()) break;
      } else {
        Plain(in_[at_++]);
      }
    }
    out_ += '"';
    if (AtEnd()) return false;
    ++at_;
    return true;
  }

 private:
  bool AtEnd() const { return at_ >= in_.size(); }

  // The semconv example does not escape apostrophes: one ends a string only where a value can end.
  bool EndsString(char quote) const {
    if (in_[at_] != quote) return false;
    if (quote == '"') return true;
    size_t next = at_ + 1;
    while (next < in_.size() && IsBlank(in_[next])) ++next;
    return next == in_.size() ||
           std::string_view(",:]})").find(in_[next]) != std::string_view::npos;
  }

  void Plain(char c) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"') {
      out_ += "\\\"";
    } else if (byte < 0x20) {
      WriteUnicode(byte);
    } else {
      out_ += c;
    }
  }

  // An escape at `at_`. False, with `at_` at the end, when the text ends inside it.
  bool Escape() {
    if (at_ + 1 >= in_.size()) return CutHere();
    const char c = in_[at_ + 1];
    switch (c) {
      case 'u':
        return Unicode(4);
      case 'U':
        return Unicode(8);
      case 'x':
        return Unicode(2);
      case '"':
      case '\\':
      case '/':
      case 'b':
      case 'f':
      case 'n':
      case 'r':
      case 't':
        out_ += '\\';
        out_ += c;
        break;
      case '\'':
        out_ += '\'';
        break;
      case '0':
        WriteUnicode(0);
        break;
      default:
        out_ += "\\\\";
        Plain(c);
        break;
    }
    at_ += 2;
    return true;
  }

  bool CutHere() {
    at_ = in_.size();
    return false;
  }

  std::optional<uint32_t> HexAt(size_t at, size_t digits) const {
    if (at + digits > in_.size()) return std::nullopt;
    uint32_t code = 0;
    for (size_t i = 0; i < digits; ++i) {
      const int digit = HexDigit(in_[at + i]);
      if (digit < 0) return std::nullopt;
      code = code * 16 + static_cast<uint32_t>(digit);
    }
    return code;
  }

  bool Unicode(size_t digits) {
    if (at_ + 2 + digits > in_.size()) return CutHere();
    const std::optional<uint32_t> code = HexAt(at_ + 2, digits);
    if (!code) {
      out_ += "\\\\";
      ++at_;
      return true;
    }
    at_ += 2 + digits;
    if (*code >= 0xD800 && *code < 0xDC00) {
      // The other half of the pair, or the replacement character for a lone half.
      if (at_ + 6 > in_.size() && (AtEnd() || in_.substr(at_, 2) == "\\u" || in_[at_] == '\\')) {
        return CutHere();
      }
      const bool pair = in_.substr(at_, 2) == "\\u";
      const std::optional<uint32_t> low = pair ? HexAt(at_ + 2, 4) : std::nullopt;
      if (low && *low >= 0xDC00 && *low < 0xE000) {
        at_ += 6;
        WriteUnicode(*code);
        WriteUnicode(*low);
      } else {
        WriteUnicode(0xFFFD);
      }
    } else if (*code >= 0xDC00 && *code < 0xE000) {
      WriteUnicode(0xFFFD);
    } else if (*code > 0xFFFF && *code < 0x110000) {
      WriteUnicode(0xD800 + ((*code - 0x10000) >> 10));
      WriteUnicode(0xDC00 + ((*code - 0x10000) & 0x3FF));
    } else {
      WriteUnicode(*code > 0xFFFF ? 0xFFFD : *code);
    }
    return true;
  }

  void WriteUnicode(uint32_t code) {
    static constexpr char kDigits[] = "0123456789abcdef";
    out_ += "\\u";
    for (int shift = 12; shift >= 0; shift -= 4) out_ += kDigits[(code >> shift) & 15];
  }

  const std::string_view in_;
  size_t& at_;
  std::string& out_;
};

}  // namespace

bool CopyString(std::string_view in, size_t& at, char quote, std::string& out) {
  return StringCopier(in, at, out).Run(quote);
}

}  // namespace spanlog::genai
