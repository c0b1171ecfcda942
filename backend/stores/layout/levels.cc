#include "stores/layout/levels.h"

#include <array>

#include "base/text.h"

namespace spanlog::stores {
namespace {

struct Row {
  std::string_view word;
  Level level;
};
constexpr std::array kRows = {
    Row{"info", Level::kInfo},        Row{"error", Level::kError},
    Row{"warn", Level::kWarn},        Row{"debug", Level::kDebug},
    Row{"warning", Level::kWarn},     Row{"trace", Level::kTrace},
    Row{"fatal", Level::kFatal},      Row{"critical", Level::kFatal},
    Row{"information", Level::kInfo}, Row{"informational", Level::kInfo},
    Row{"notice", Level::kInfo},      Row{"default", Level::kInfo},
    Row{"verbose", Level::kTrace},    Row{"err", Level::kError},
    Row{"crit", Level::kFatal},       Row{"dbg", Level::kDebug},
    Row{"inf", Level::kInfo},         Row{"wrn", Level::kWarn},
    Row{"ftl", Level::kFatal},        Row{"vrb", Level::kTrace},
    Row{"trc", Level::kTrace},        Row{"alert", Level::kFatal},
    Row{"emerg", Level::kFatal},      Row{"emergency", Level::kFatal},
    Row{"panic", Level::kFatal},      Row{"dpanic", Level::kFatal},
    Row{"severe", Level::kError},     Row{"exception", Level::kError},
    Row{"finest", Level::kTrace},     Row{"finer", Level::kTrace},
    Row{"fine", Level::kDebug},       Row{"config", Level::kDebug},
    Row{"silly", Level::kTrace},      Row{"http", Level::kDebug},
    Row{"t", Level::kTrace},          Row{"d", Level::kDebug},
    Row{"i", Level::kInfo},           Row{"w", Level::kWarn},
    Row{"e", Level::kError},          Row{"f", Level::kFatal},
};

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool IsUpper(std::string_view word) {
  for (const char c : word) {
    if (c < 'A' || c > 'Z') return false;
  }
  return true;
}

}  // namespace

Level LevelOfSeverityNumber(int64_t number) {
  if (number < 1 || number > 24) return Level::kUnknown;
  return static_cast<Level>(static_cast<int>(Level::kTrace) + (number - 1) / 4);
}

Level LevelOfText(std::string_view text) {
  text = TrimSpace(text);
  // OpenTelemetry's INFO2 … INFO4.
  if (text.size() > 4 && text.back() >= '2' && text.back() <= '4') text.remove_suffix(1);
  for (const Row& row : kRows) {
    if (EqualsIgnoreCase(row.word, text)) return row.level;
  }
  return Level::kUnknown;
}

Level LevelOfNumber(int64_t number) {
  if (number < 0 || number == 8 || number == 9) return Level::kUnknown;
  if (number <= 2) return Level::kFatal;
  if (number == 3) return Level::kError;
  if (number == 4) return Level::kWarn;
  if (number <= 6) return Level::kInfo;
  if (number == 7) return Level::kDebug;
  // logback's 5000, 10000, … 40000 are pino's steps times 1,000, one step lower.
  if (number >= 5000) number = number / 1000 + 10;
  if (number < 20) return Level::kTrace;
  if (number < 30) return Level::kDebug;
  if (number < 40) return Level::kInfo;
  if (number < 50) return Level::kWarn;
  return number < 60 ? Level::kError : Level::kFatal;
}

Level LevelOfPythonNumber(int64_t number) {
  if (number <= 0) return Level::kUnknown;
  if (number < 10) return Level::kTrace;
  if (number < 20) return Level::kDebug;
  if (number < 30) return Level::kInfo;
  if (number < 40) return Level::kWarn;
  return number < 50 ? Level::kError : Level::kFatal;
}

Level LevelInPlainText(std::string_view line) {
  const std::string_view head = line.substr(0, 160);
  for (size_t i = 0; i < head.size();) {
    if (!IsLetter(head[i])) {
      ++i;
      continue;
    }
    size_t end = i;
    while (end < head.size() && IsLetter(head[end])) ++end;
    const std::string_view word = head.substr(i, end - i);
    const bool bracketed = i > 0 && head[i - 1] == '[' && end < head.size() && head[end] == ']';
    // Lower-case words are prose unless they stand in brackets; single letters are too common.
    if (word.size() > 2 && (IsUpper(word) || bracketed)) {
      const Level level = LevelOfText(word);
      if (level != Level::kUnknown && word != "HTTP") return level;
    }
    i = end;
  }
  return Level::kUnknown;
}

}  // namespace spanlog::stores
