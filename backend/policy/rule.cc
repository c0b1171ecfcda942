#include "policy/rule.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/text.h"
#include "policy/builtins.h"
#include "policy/cards.h"

namespace spanlog::policy {
namespace {

re2::StringPiece Piece(std::string_view text) { return {text.data(), text.size()}; }

bool ReplaceCards(std::string_view text, const Rule& rule, std::string& out) {
  size_t copied = 0;
  while (const auto found = FindCard(text, copied)) {
    Append(out, text.substr(copied, found->first - copied), rule.replacement);
    copied = found->second;
  }
  if (copied == 0) return false;
  out += text.substr(copied);
  return true;
}

}  // namespace

bool ReplaceMatches(std::string_view text, const Rule& rule, std::string& out) {
  if (rule.regex == nullptr) return ReplaceCards(text, rule, out);
  size_t at = 0;
  size_t copied = 0;
  bool any = false;
  re2::StringPiece found[2];
  while (at < text.size() &&
         rule.regex->Match(Piece(text), at, text.size(), RE2::UNANCHORED, found, rule.group + 1)) {
    const re2::StringPiece& part = found[rule.group];
    const size_t end = static_cast<size_t>(found[0].data() - text.data()) + found[0].size();
    if (part.empty() || !PassesCheck(rule.check, {part.data(), part.size()})) {
      at = std::max(end, at + 1);
      continue;
    }
    const size_t begin = static_cast<size_t>(part.data() - text.data());
    Append(out, text.substr(copied, begin - copied), rule.replacement);
    copied = begin + part.size();
    at = copied;
    any = true;
  }
  if (any) out += text.substr(copied);
  return any;
}

}  // namespace spanlog::policy
