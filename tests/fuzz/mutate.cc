#include "mutate.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace spanlog::fuzz {
namespace {

// What parsers of this house look for or trip over.
constexpr std::string_view kWords[] = {"\"",
                                       "\\",
                                       "\\u0000",
                                       "\\ud800",
                                       "\\udc00\\ud83d",
                                       "{",
                                       "}",
                                       "[",
                                       "]",
                                       ":",
                                       ",",
                                       "null",
                                       "true",
                                       "{}",
                                       "[]",
                                       "\"\"",
                                       "-0",
                                       "1e999",
                                       "-1e-999",
                                       "NaN",
                                       "9223372036854775808",
                                       "-1",
                                       "0",
                                       "18446744073709551615",
                                       "1.5",
                                       "<b>",
                                       "&amp;",
                                       "</script>",
                                       "\n",
                                       "\r\n",
                                       "\t",
                                       "\x01",
                                       "\xff",
                                       "\xc3",
                                       "\xe2\x82",
                                       "\xf0\x9f\x98\x80",
                                       "\xed\xa0\x80",
                                       "=",
                                       "%",
                                       "${",
                                       "}}",
                                       "//",
                                       "data:image/png;base64,AAAA",
                                       "00000000000000000000000000000000",
                                       "ffffffffffffffff",
                                       "2026-01-02T15:04:05.123456789Z"};

size_t Position(const std::string& input, Random& random) {
  return Below(random, input.size() + 1);
}

// The end of the JSON value or word that begins at `at`.
size_t EndOfToken(std::string_view text, size_t at) {
  if (at >= text.size()) return at;
  const char first = text[at];
  if (first == '"') {
    for (size_t i = at + 1; i < text.size(); ++i) {
      if (text[i] == '\\')
        ++i;
      else if (text[i] == '"')
        return i + 1;
    }
    return text.size();
  }
  if (first == '{' || first == '[') {
    int depth = 0;
    for (size_t i = at; i < text.size(); ++i) {
      if (text[i] == '"') {
        i = EndOfToken(text, i) - 1;
        continue;
      }
      depth += (text[i] == '{' || text[i] == '[') - (text[i] == '}' || text[i] == ']');
      if (depth == 0) return i + 1;
    }
    return text.size();
  }
  return std::min(text.find_first_of(" ,:=\"\n{}[]|", at + 1), text.size());
}

// A random token of `text` as [begin, end).
std::pair<size_t, size_t> Token(std::string_view text, Random& random) {
  if (text.empty()) return {0, 0};
  size_t at = text.find_first_of("\"{[,: \n", Below(random, text.size()));
  if (at == text.npos) at = 0;
  if (std::strchr(",: \n", text[at]) != nullptr && at + 1 < text.size()) ++at;
  return {at, EndOfToken(text, at)};
}

void ChangeBytes(std::string& input, Random& random) {
  if (input.empty()) return;
  char& byte = input[Below(random, input.size())];
  switch (Below(random, 4)) {
    case 0:
      byte = static_cast<char>(byte ^ (1 << Below(random, 8)));
      break;
    case 1:
      byte = static_cast<char>(random());
      break;
    case 2:
      byte = static_cast<char>(byte + 1);
      break;
    default:
      byte = static_cast<char>(byte - 1);
      break;
  }
}

}  // namespace

size_t Below(Random& random, size_t end) {
  if (end == 0) return 0;
  const uint64_t wide = static_cast<uint64_t>(random()) << 31 ^ static_cast<uint64_t>(random());
  return static_cast<size_t>(wide % end);
}

void Mutate(std::string& input, std::string_view other, size_t max_size, Random& random) {
  switch (Below(random, 11)) {
    case 0:
    case 1:
      ChangeBytes(input, random);
      break;
    case 2: {  // a piece out
      const size_t at = Position(input, random);
      input.erase(at, Below(random, std::min<size_t>(input.size() - at, 64) + 1));
      break;
    }
    case 3: {  // a piece twice
      const size_t at = Position(input, random);
      const std::string piece = input.substr(at, 1 + Below(random, 128));
      input.insert(Position(input, random), piece);
      break;
    }
    case 4: {  // a piece of another
      const size_t at = Below(random, other.size() + 1);
      input.insert(Position(input, random), other.substr(at, Below(random, 128)));
      break;
    }
    case 5: {
      const std::string_view word = kWords[Below(random, std::size(kWords))];
      input.insert(Position(input, random), word);
      break;
    }
    case 6: {  // a value for a word
      const auto [begin, end] = Token(input, random);
      input.replace(begin, end - begin, kWords[Below(random, std::size(kWords))]);
      break;
    }
    case 7: {  // a value for another's
      const auto [begin, end] = Token(input, random);
      const auto [from, to] = Token(other, random);
      input.replace(begin, end - begin, other.substr(from, to - from));
      break;
    }
    case 8: {  // a value for another place's
      const auto [begin, end] = Token(input, random);
      const auto [from, to] = Token(input, random);
      const std::string value = input.substr(from, to - from);
      input.replace(begin, end - begin, value);
      break;
    }
    case 9: {  // a value twice
      const auto [begin, end] = Token(input, random);
      input.insert(end, "," + input.substr(begin, end - begin));
      break;
    }
    default: {  // the end off, or much deeper
      if (Below(random, 4) != 0) {
        input.resize(Position(input, random));
      } else {
        const char open = Below(random, 2) == 0 ? '[' : '{';
        input.insert(Position(input, random), 1 + Below(random, 3000), open);
      }
      break;
    }
  }
  if (input.size() > max_size) input.resize(max_size);
}

}  // namespace spanlog::fuzz
