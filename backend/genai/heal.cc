#include "genai/heal.h"

#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "base/stable_hash.h"
#include "base/text.h"
#include "genai/absent.h"
#include "genai/json.h"
#include "genai/same_message.h"

namespace spanlog::genai {
namespace {

// A cut inside a character loses up to three bytes, or has each of them replaced by three.
constexpr size_t kShortestCut = 2045;
constexpr size_t kLongestCut = 2048 + 6;

// Beginnings shorter than this may agree by chance.
constexpr size_t kTellingBytes = 64;

bool HasCutLength(std::string_view text) {
  return text.size() >= kShortestCut && text.size() <= kLongestCut;
}

bool IsWhole(std::string_view text, Attributes attributes) {
  for (const Attribute& attribute : attributes) {
    if (attribute.value.type == ValueType::kString &&
        attribute.value.text().data() == text.data() &&
        attribute.value.text().size() == text.size()) {
      return true;
    }
  }
  return false;
}

bool IsCutAttribute(std::string_view text, const Span& span, Arena& arena) {
  if (!HasCutLength(text)) return false;
  bool found = IsWhole(text, span.attributes);
  for (const SpanEvent& event : span.events) found = found || IsWhole(text, event.attributes);
  if (!found) return false;
  const std::optional<ParsedJson> parsed = ParseJson(text, arena);
  return !parsed || parsed->health == JsonHealth::kRepaired;
}

uint64_t HeadKey(const Message& message) {
  StableHash hash;
  hash.Add(message.text.substr(0, kTellingBytes));
  return hash.value();
}

// A cut JSON text becomes valid JSON, so that Grafana pretty-prints it.
std::string_view Repaired(std::string_view text, Message& message, Arena& arena) {
  text = WithoutHalfCharacter(text);
  const std::optional<ParsedJson> parsed = ParseJson(text, arena);
  if (!parsed || parsed->health != JsonHealth::kRepaired) return text;
  message.status = MessageStatus::kRepaired;
  return parsed->root.text;
}

}  // namespace

void MarkCutAttributes(const Trace& trace, Reading& reading) {
  for (Message& message : reading.messages) {
    if (message.status != MessageStatus::kFull || message.sources == kFromLog ||
        message.span == kNoIndex) {
      continue;
    }
    const Span& span = trace.spans[message.span];
    if (IsCutAttribute(message.text, span, *reading.arena) ||
        IsCutAttribute(message.tool.arguments, span, *reading.arena)) {
      message.status = MessageStatus::kCut;
      message.hint = kCutHint;
    }
  }
}

void HealMessages(Reading& reading) {
  std::vector<uint32_t> cut;
  for (uint32_t i = 0; i < reading.messages.size(); ++i) {
    Message& message = reading.messages[i];
    if (!IsCut(message)) continue;
    if (message.kind != PartKind::kToolCall) message.text = WithoutHalfCharacter(message.text);
    cut.push_back(i);
  }
  if (cut.empty()) return;

  absl::flat_hash_map<uint64_t, std::vector<uint32_t>> whole;  // by their beginnings
  for (uint32_t i = 0; i < reading.messages.size(); ++i) {
    const Message& message = reading.messages[i];
    if (!IsCut(message) && message.text.size() > kTellingBytes) {
      whole[HeadKey(message)].push_back(i);
    }
  }
  for (const uint32_t i : cut) {
    Message& message = reading.messages[i];
    if (message.status == MessageStatus::kCut && message.text.size() >= kTellingBytes) {
      const auto found = whole.find(HeadKey(message));
      for (const uint32_t w : found == whole.end() ? std::vector<uint32_t>() : found->second) {
        const Message& other = reading.messages[w];
        if (!BeginsMessage(message, other, false)) continue;
        message.text = other.text;
        message.role = other.role;
        message.kind = other.kind;
        message.sources |= other.sources;
        message.status = MessageStatus::kHealed;
        message.hint = {};
        break;
      }
    }
    if (message.status != MessageStatus::kCut) continue;
    if (message.kind == PartKind::kToolCall) {
      message.tool.arguments = Repaired(message.tool.arguments, message, *reading.arena);
    } else if (message.kind == PartKind::kToolResult) {
      message.text = Repaired(message.text, message, *reading.arena);
    }
  }
}

}  // namespace spanlog::genai
