#include <cmath>

#include "base/text.h"
#include "settings/object_reader.h"
#include "settings/settings.h"

namespace spanlog::settings {
namespace {

constexpr double kSecond = 1e9;

// Go's units and Grafana's (a month has 30 days, a year 365).
double UnitNs(std::string_view unit) {
  static constexpr std::pair<std::string_view, double> kUnits[] = {
      {"ns", 1},
      {"us", 1e3},
      {"\u00b5s", 1e3},
      {"\u03bcs", 1e3},
      {"ms", 1e6},
      {"s", kSecond},
      {"m", 60 * kSecond},
      {"h", 3600 * kSecond},
      {"d", 86400 * kSecond},
      {"w", 7 * 86400 * kSecond},
      {"M", 30 * 86400 * kSecond},
      {"y", 365 * 86400 * kSecond},
  };
  for (const auto& [name, ns] : kUnits) {
    if (name == unit) return ns;
  }
  return 0;
}

bool IsNumberChar(char c) { return (c >= '0' && c <= '9') || c == '.'; }

}  // namespace

absl::StatusOr<int64_t> ParseDuration(std::string_view text) {
  const std::string_view whole = TrimSpace(text);
  const auto error = [&](std::string_view problem) {
    return absl::InvalidArgumentError(Concat("\"", ObjectReader::Quotable(whole), "\" ", problem,
                                             "; write it like 30s, 5m, 1h30m or -10m"));
  };
  std::string_view rest = whole;
  bool negative = false;
  if (!rest.empty() && (rest[0] == '-' || rest[0] == '+')) {
    negative = rest[0] == '-';
    rest.remove_prefix(1);
  }
  if (rest.empty()) return error("is no duration");
  if (rest == "0") return 0;
  double total = 0;
  while (!rest.empty()) {
    size_t digits = 0;
    while (digits < rest.size() && IsNumberChar(rest[digits])) ++digits;
    size_t end = digits;
    while (end < rest.size() && !IsNumberChar(rest[end])) ++end;
    double number = 0;
    const double unit = UnitNs(rest.substr(digits, end - digits));
    if (unit == 0 || !ParseDouble(rest.substr(0, digits), number)) return error("is no duration");
    total += number * unit;
    rest.remove_prefix(end);
  }
  // 100 years: more is a slip of the pen and would overflow the window's arithmetic.
  if (total > 100.0 * 365 * 86400 * kSecond) return error("is too long a duration");
  const int64_t ns = std::llround(total);
  return negative ? -ns : ns;
}

}  // namespace spanlog::settings
