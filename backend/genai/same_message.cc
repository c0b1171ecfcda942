#include "genai/same_message.h"

#include <algorithm>

#include "base/stable_hash.h"
#include "base/text.h"
#include "genai/json.h"

namespace spanlog::genai {
namespace {

// Hash of a JSON value that the order of members, blanks and the spelling of numbers do not change.
uint64_t MeaningOf(const JsonValue& value) {
  StableHash hash;
  hash.Add(static_cast<uint64_t>(value.type));
  switch (value.type) {
    case JsonType::kNull:
      break;
    case JsonType::kBool:
      hash.Add(static_cast<uint64_t>(value.boolean));
      break;
    case JsonType::kNumber: {
      const double number = value.number + 0.0;  // -0 is 0
      uint64_t bits = 0;
      static_assert(sizeof(bits) == sizeof(number));
      std::memcpy(&bits, &number, sizeof(bits));
      hash.Add(bits);
      break;
    }
    case JsonType::kString:
      hash.Add(value.text);
      break;
    case JsonType::kArray:
      for (const JsonValue& item : value.items) hash.Add(MeaningOf(item));
      break;
    case JsonType::kObject: {
      uint64_t sum = 0;
      for (const JsonMember& member : value.members) {
        StableHash one;
        one.Add(member.key);
        one.Add(MeaningOf(member.value));
        sum += one.value();
      }
      hash.Add(sum);
      break;
    }
  }
  return hash.value();
}

uint64_t MeaningOf(std::string_view text, Arena& arena) {
  text = TrimSpace(text);
  if (!text.empty() && (text.front() == '{' || text.front() == '[')) {
    if (const std::optional<ParsedJson> parsed = ParseJson(text, arena);
        parsed && parsed->health != JsonHealth::kRepaired) {
      return MeaningOf(parsed->root);
    }
  }
  StableHash hash;
  hash.Add(text);
  return hash.value();
}

bool BothAndDiffer(std::string_view a, std::string_view b) {
  return !a.empty() && !b.empty() && a != b;
}

bool Begins(std::string_view cut, std::string_view whole) {
  return whole.size() >= cut.size() && whole.substr(0, cut.size()) == cut;
}

}  // namespace

Fingerprint FingerprintOf(const Message& message, Arena& arena) {
  Fingerprint print;
  // A conversation's texts are compared as they are; JSON in them is somebody's words.
  if (message.kind == PartKind::kToolResult) {
    print.text = MeaningOf(message.text, arena);
    const bool is_whole = message.tool.result.empty();
    print.whole = is_whole ? print.text : MeaningOf(message.tool.result, arena);
  } else {
    StableHash hash;
    hash.Add(TrimSpace(message.text));
    print.text = hash.value();
  }
  if (message.kind == PartKind::kToolCall) {
    print.arguments = MeaningOf(message.tool.arguments, arena);
  }
  return print;
}

bool IsCut(const Message& message) {
  return message.status == MessageStatus::kCut || message.status == MessageStatus::kRepaired;
}

bool IsAbsent(const Message& message) {
  return message.text.empty() && message.tool.arguments.empty() &&
         (message.status == MessageStatus::kOff || message.status == MessageStatus::kRedacted);
}

bool SameMessage(const Message& a, const Fingerprint& fa, const Message& b, const Fingerprint& fb) {
  if (a.kind != b.kind) return false;
  if (a.choice >= 0 && b.choice >= 0 && a.choice != b.choice) return false;
  const bool absent = IsAbsent(a) || IsAbsent(b);
  switch (a.kind) {
    case PartKind::kToolCall:
      if (BothAndDiffer(a.tool.name, b.tool.name)) return false;
      if (!a.tool.id.empty() && !b.tool.id.empty()) return a.tool.id == b.tool.id;
      return absent || fa.arguments == fb.arguments;
    case PartKind::kToolResult:
      if (BothAndDiffer(a.tool.id, b.tool.id)) return false;
      return absent || fa.text == fb.text || fa.whole == fb.whole;
    case PartKind::kEvaluation:
      // The name is the verdict.
      return a.name == b.name && fa.text == fb.text;
    default:
      return a.role == b.role && (absent || fa.text == fb.text);
  }
}

std::string_view WithoutHalfCharacter(std::string_view text) {
  constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
  while (EndsWith(text, kReplacement)) text.remove_suffix(kReplacement.size());
  return text;
}

bool BeginsMessage(const Message& cut, const Message& whole, bool in_place) {
  if (!IsCut(cut) || IsAbsent(whole)) return false;
  const bool is_prose = cut.kind == PartKind::kText || cut.kind == PartKind::kReasoning;
  const bool whole_is_prose = whole.kind == PartKind::kText || whole.kind == PartKind::kReasoning;
  if (cut.kind != whole.kind && !(is_prose && whole_is_prose)) return false;
  if (cut.kind == PartKind::kToolCall) {
    if (BothAndDiffer(cut.tool.id, whole.tool.id)) {
      return in_place && Begins(cut.tool.id, whole.tool.id);
    }
    if (!Begins(cut.tool.name, whole.tool.name)) return false;
    return in_place || (!cut.tool.id.empty() && cut.tool.id == whole.tool.id);
  }
  if (BothAndDiffer(cut.tool.id, whole.tool.id)) {
    return in_place && cut.text.empty() && Begins(cut.tool.id, whole.tool.id);
  }
  if (cut.status == MessageStatus::kRepaired) {
    // The repair may have changed what follows the cut: the place or the id has to do.
    return in_place || (!cut.tool.id.empty() && cut.tool.id == whole.tool.id);
  }
  constexpr size_t kTellingBytes = 16;
  const std::string_view beginning = WithoutHalfCharacter(cut.text);
  if (!Begins(beginning, whole.text)) return false;
  if (beginning.size() < kTellingBytes && !in_place) return false;
  return cut.role == whole.role || beginning.size() >= kTellingBytes;
}

}  // namespace spanlog::genai
