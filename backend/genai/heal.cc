#include "genai/heal.h"

#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
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

// Of cut texts with whole ones that begin alike, in one trace. A trace that needs more was made to
// take hours; in it some stay cut.
constexpr size_t kMostComparisons = 1 << 22;

bool HasCutLength(std::string_view text) {
  return text.size() >= kShortestCut && text.size() <= kLongestCut;
}

// Which texts are whole values of a span or of its events, and as long as if they were cut.
class ValuesOfCutLength {
 public:
  explicit ValuesOfCutLength(const Trace& trace) : trace_(trace) {}

  bool Has(std::string_view text, uint32_t span) {
    const auto [values, is_new] = of_span_.try_emplace(span);
    if (is_new) {
      Add(trace_.spans[span].attributes, values->second);
      for (const SpanEvent& event : trace_.spans[span].events)
        Add(event.attributes, values->second);
    }
    return values->second.contains({text.data(), text.size()});
  }

 private:
  using Places = absl::flat_hash_set<std::pair<const char*, size_t>>;

  static void Add(Attributes attributes, Places& places) {
    for (const Attribute& attribute : attributes) {
      const std::string_view text = attribute.value.text();
      if (attribute.value.type == ValueType::kString && HasCutLength(text)) {
        places.insert({text.data(), text.size()});
      }
    }
  }

  const Trace& trace_;
  absl::flat_hash_map<uint32_t, Places> of_span_;
};

bool IsCutAttribute(std::string_view text, uint32_t span, ValuesOfCutLength& values, Arena& arena) {
  if (!HasCutLength(text) || !values.Has(text, span)) return false;
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
  ValuesOfCutLength values(trace);
  for (Message& message : reading.messages) {
    if (message.status != MessageStatus::kFull || message.sources == kFromLog ||
        message.span == kNoIndex) {
      continue;
    }
    if (IsCutAttribute(message.text, message.span, values, *reading.arena) ||
        IsCutAttribute(message.tool.arguments, message.span, values, *reading.arena)) {
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
  size_t comparisons = 0;
  for (const uint32_t i : cut) {
    Message& message = reading.messages[i];
    if (message.status == MessageStatus::kCut && message.text.size() >= kTellingBytes) {
      const auto found = whole.find(HeadKey(message));
      for (size_t at = 0; found != whole.end() && at < found->second.size(); ++at) {
        if (++comparisons > kMostComparisons) break;
        const Message& other = reading.messages[found->second[at]];
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
