#include "genai/repeats.h"

#include <algorithm>

#include "base/stable_hash.h"

namespace spanlog::genai {
namespace {

// Of spans that say the same, from which on they are no more looked through for each message.
constexpr size_t kManySpans = 32;
// Of cut messages with messages below them. A trace that needs more was made to take hours; in it
// some are shown twice.
constexpr size_t kMostComparisons = 1 << 24;

// Key of what a message says, whichever way it went.
uint64_t ContentKey(const Entry& entry) {
  const Message& message = entry.message;
  StableHash hash;
  hash.Add(static_cast<uint64_t>(message.kind));
  if (message.kind == PartKind::kToolCall) {
    hash.Add(message.tool.name);
    hash.Add(entry.print.arguments);
  } else {
    if (message.kind != PartKind::kToolResult) hash.Add(static_cast<uint64_t>(message.role));
    hash.Add(entry.print.text);
  }
  return hash.value();
}

}  // namespace

RepeatFilter::RepeatFilter(const Trace& trace, const Ancestry& ancestry, const Reading& reading,
                           std::vector<Entry>& all)
    : trace_(trace), ancestry_(ancestry), reading_(reading), all_(all) {
  const auto may_be = [&](const Entry& entry) { return MayBeRepeat(entry.message); };
  if (std::none_of(all.begin(), all.end(), may_be)) return;
  for (Entry& entry : all) {
    if (entry.message.span == kNoIndex || IsAbsent(entry.message)) continue;
    MakePrint(entry, *reading.arena);
    Spans& spans = spans_[ContentKey(entry)];
    if (spans.empty() || spans.back() != entry.message.span) spans.push_back(entry.message.span);
  }
}

bool RepeatFilter::IsRepeat(const Entry& entry) {
  const Message& message = entry.message;
  if (!MayBeRepeat(message)) return false;
  const Spans& spans = spans_.at(ContentKey(entry));
  if (IsTool(message.span)) return IsServersEcho(message.span, spans);
  return IsAnyBelow(message.span, spans) || (IsCut(message) && BeginsOneBelow(message));
}

bool RepeatFilter::MayBeRepeat(const Message& message) const {
  if (message.record != kNoIndex || message.span == kNoIndex || IsAbsent(message)) return false;
  if (!IsTool(message.span)) return !ancestry_.is_leaf(message.span);
  return trace_.spans[message.span].kind == SpanKind::kServer && IsMcp(message.span);
}

bool RepeatFilter::IsMcp(uint32_t span) const {
  return spanlog::Find(trace_.spans[span].attributes, "mcp.method.name") != nullptr;
}

bool RepeatFilter::IsClient(uint32_t span) const {
  return trace_.spans[span].kind == SpanKind::kClient && IsMcp(span);
}

// What a model was told or said is not repeated by the tools below its span.
bool RepeatFilter::IsBelow(uint32_t above, uint32_t below) const {
  const bool counts = reading_.calls[above].kind != CallKind::kModel ||
                      reading_.calls[below].kind == CallKind::kModel;
  return counts && ancestry_.IsAbove(above, below);
}

bool RepeatFilter::IsAnyBelow(uint32_t above, const Spans& spans) {
  if (spans.size() <= kManySpans) {
    return std::any_of(spans.begin(), spans.end(),
                       [&](uint32_t span) { return IsBelow(above, span); });
  }
  const Places& places = PlacesOf(spans);
  const Spans& counting =
      reading_.calls[above].kind == CallKind::kModel ? places.models : places.all;
  const Nesting& nesting = ancestry_.nesting();
  const auto next = std::upper_bound(counting.begin(), counting.end(), nesting.first(above));
  return next != counting.end() && *next <= nesting.last(above);
}

// An MCP server's span has what its client's span has: the call as it came over the wire.
bool RepeatFilter::IsServersEcho(uint32_t server, const Spans& spans) {
  if (spans.size() <= kManySpans) {
    return std::any_of(spans.begin(), spans.end(), [&](uint32_t span) {
      return IsClient(span) && ancestry_.IsAbove(span, server);
    });
  }
  const auto& clients = PlacesOf(spans).clients;
  const Nesting& nesting = ancestry_.nesting();
  const uint32_t place = nesting.first(server);
  const auto after =
      std::lower_bound(clients.begin(), clients.end(), std::pair(place, uint32_t{0}));
  // One that begins before and ends later is above, for spans lie in each other or apart.
  return after != clients.begin() && std::prev(after)->second >= place;
}

// A message that was cut may be the beginning of one below.
bool RepeatFilter::BeginsOneBelow(const Message& message) {
  const Nesting& nesting = ancestry_.nesting();
  if (by_place_.empty()) {
    for (const Entry& entry : all_) {
      const uint32_t span = entry.message.span;
      if (span != kNoIndex) by_place_.emplace_back(nesting.first(span), &entry.message);
    }
    std::stable_sort(by_place_.begin(), by_place_.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
  }
  auto at = std::upper_bound(
      by_place_.begin(), by_place_.end(), nesting.first(message.span),
      [](uint32_t place, const auto& message_at) { return place < message_at.first; });
  for (; at != by_place_.end() && at->first <= nesting.last(message.span); ++at) {
    if (++comparisons_ > kMostComparisons) return false;
    if (IsBelow(message.span, at->second->span) && BeginsMessage(message, *at->second, false)) {
      return true;
    }
  }
  return false;
}

const RepeatFilter::Places& RepeatFilter::PlacesOf(const Spans& spans) {
  const auto [found, is_new] = places_.try_emplace(&spans);
  Places& places = found->second;
  if (!is_new) return places;
  const Nesting& nesting = ancestry_.nesting();
  for (const uint32_t span : spans) {
    places.all.push_back(nesting.first(span));
    if (reading_.calls[span].kind == CallKind::kModel) places.models.push_back(nesting.first(span));
    if (IsClient(span)) places.clients.emplace_back(nesting.first(span), nesting.last(span));
  }
  std::sort(places.all.begin(), places.all.end());
  std::sort(places.models.begin(), places.models.end());
  std::sort(places.clients.begin(), places.clients.end());
  uint32_t end = 0;
  for (auto& client : places.clients) end = client.second = std::max(end, client.second);
  return places;
}

}  // namespace spanlog::genai
