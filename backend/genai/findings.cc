#include "genai/findings.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"
#include "genai/absent.h"
#include "genai/same_message.h"

namespace spanlog::genai {
namespace {

constexpr std::string_view kDetails = "gen_ai.client.inference.operation.details";

std::string Count(size_t count, std::string_view one, std::string_view many) {
  return Concat(count, ' ', count == 1 ? one : many);
}

// Was a log store asked at all?
bool HaveLogs(const LogBatch& logs) { return !logs.records.empty() || !logs.tried.empty(); }

// Calls of a model that should carry messages: embeddings have none.
std::vector<bool> ChatCalls(const Trace& trace, const Reading& reading) {
  std::vector<bool> is_chat(trace.spans.size(), false);
  for (size_t i = 0; i < trace.spans.size(); ++i) {
    const CallUsage& call = reading.calls[i];
    is_chat[i] = call.kind == CallKind::kModel && !call.aggregates_children &&
                 FindText(trace.spans[i].attributes, "gen_ai.operation.name") != "embeddings" &&
                 FindText(trace.spans[i].attributes, "openinference.span.kind") != "EMBEDDING";
  }
  return is_chat;
}

// How often each hint applies, in the order they came up.
struct Hints {
  std::vector<std::pair<std::string_view, size_t>> counts;

  void Count(std::string_view hint) {
    for (auto& [known, count] : counts) {
      if (known == hint) {
        ++count;
        return;
      }
    }
    counts.emplace_back(hint, 1);
  }
};

class Finder {
 public:
  Finder(const Trace& trace, const Ancestry& ancestry, const LogBatch& logs, Reading& reading)
      : trace_(trace),
        ancestry_(ancestry),
        logs_(logs),
        reading_(reading),
        is_chat_(ChatCalls(trace, reading)) {
    has_message_.resize(trace.spans.size(), false);
    has_cut_.resize(trace.spans.size(), false);
    has_details_.resize(trace.spans.size(), false);
    scope_has_details_.resize(trace.scopes.size(), false);
    scope_has_message_.resize(trace.scopes.size(), false);
    for (const Message& message : reading.messages) {
      if (message.span == kNoIndex) continue;
      has_message_[message.span] = true;
      if (!IsAbsent(message)) scope_has_message_[trace.spans[message.span].scope] = true;
      if (IsCut(message)) has_cut_[message.span] = true;
    }
  }

  void Run() {
    FindDetails();
    Cut();
    LostDetails();
    Absent();
    Silent();
    Uploaded();
  }

 private:
  void Say(std::string text) { reading_.findings.push_back(std::move(text)); }

  void FindDetails() {
    for (size_t i = 0; i < logs_.records.size(); ++i) {
      const LogRecord& record = logs_.records[i];
      if (record.event_name != kDetails) continue;
      uint32_t at = reading_.records[i].span;
      if (at == kNoIndex && record.span_id != 0) at = ancestry_.Find(record.span_id);
      if (at == kNoIndex) continue;
      has_details_[at] = true;
      scope_has_details_[trace_.spans[at].scope] = true;
    }
  }

  void Cut() {
    size_t cut = 0;
    for (const Message& message : reading_.messages) {
      cut += IsCut(message) && message.hint == kCutHint ? 1 : 0;
    }
    if (cut == 0) return;
    Say(Concat(
        Count(cut, "message was", "messages were"),
        " cut by the trace store and what follows the cut is lost: Tempo cuts every attribute "
        "at max_attribute_bytes (2048 bytes by default) and no log record holds the whole "
        "text. Raise that limit, or have the content written as log events too."));
  }

  // Other calls of the same instrumentation wrote their details event, or the content is cut
  // although a log store was asked.
  void LostDetails() {
    if (!HaveLogs(logs_)) return;
    size_t lost = 0;
    for (size_t i = 0; i < is_chat_.size(); ++i) {
      if (!is_chat_[i] || has_details_[i]) continue;
      const bool wrote_newer = Find(trace_.spans[i].attributes, "gen_ai.input.messages") != nullptr;
      const bool others_have = scope_has_details_[trace_.spans[i].scope];
      if ((others_have && wrote_newer) || (has_cut_[i] && wrote_newer)) ++lost;
    }
    if (lost == 0) return;
    Say(Concat(
        Count(lost, "model call has", "model calls have"),
        " no details event in the log store. If it was sent, Loki rejected it: an entry with "
        "more than 64 KB of structured metadata is refused whole (limits_config: "
        "max_structured_metadata_size)."));
  }

  // Messages that say themselves why they are empty, by what to do.
  void Absent() {
    Hints hints;
    for (const Message& message : reading_.messages) {
      if (!IsAbsent(message) || message.hint.empty()) continue;
      // Nothing is wrong: no tool's answer is ever exported, no text is there beside tool calls.
      if (message.hint == kGeminiToolHint) continue;
      if (message.hint == kGeminiNoTextHint && SomeoneSpoke(message)) continue;
      hints.Count(message.hint);
    }
    for (const auto& [hint, count] : hints.counts) {
      Say(Concat(Count(count, "message carries", "messages carry"), " no content. ", hint));
    }
  }

  // True when content of the same instrumentation did come.
  bool SomeoneSpoke(const Message& message) const {
    return message.span != kNoIndex && scope_has_message_[trace_.spans[message.span].scope];
  }

  // Model calls of which nothing was found anywhere, by what to do.
  void Silent() {
    if (!HaveLogs(logs_)) return;
    Hints hints;
    for (uint32_t i = 0; i < is_chat_.size(); ++i) {
      if (!is_chat_[i] || has_message_[i] || HasMessageAround(i) || MayBeSilent(i)) continue;
      hints.Count(CaptureHint(trace_.scope_of(trace_.spans[i]).name));
    }
    for (const auto& [hint, count] : hints.counts) {
      Say(Concat(Count(count, "model call carries", "model calls carry"), " no messages. ", hint));
    }
  }

  // An SDK may keep the messages on the span above the call.
  bool HasMessageAround(uint32_t span) const {
    const uint32_t parent = ancestry_.parent(span);
    return parent != kNoIndex && has_message_[parent] &&
           reading_.calls[parent].kind == CallKind::kModel;
  }

  // The agent CLIs export what is said, not each call's conversation: a call that only asked for a
  // tool has no message.
  bool MayBeSilent(uint32_t span) const {
    const uint32_t scope = trace_.spans[span].scope;
    const std::string_view hint = CaptureHint(trace_.scopes[scope].name);
    const bool is_cli = hint == kClaudeCodeHint || hint == kCodexHint || hint == kGeminiCliHint;
    return is_cli && scope_has_message_[scope];
  }

  void Uploaded() {
    size_t uploaded = 0;
    for (const Message& message : reading_.messages) {
      uploaded += message.hint == kUploadedHint ? 1 : 0;
    }
    if (uploaded == 0) return;
    Say(Concat(Count(uploaded, "list of messages was", "lists of messages were"),
               " uploaded elsewhere by the instrumentation; the rows name the addresses."));
  }

  const Trace& trace_;
  const Ancestry& ancestry_;
  const LogBatch& logs_;
  Reading& reading_;
  std::vector<bool> is_chat_;
  std::vector<bool> has_message_, has_cut_, has_details_;    // by span
  std::vector<bool> scope_has_details_, scope_has_message_;  // by scope
};

}  // namespace

void AddFindings(const Trace& trace, const Ancestry& ancestry, const LogBatch& logs,
                 Reading& reading) {
  Finder(trace, ancestry, logs, reading).Run();
}

}  // namespace spanlog::genai
