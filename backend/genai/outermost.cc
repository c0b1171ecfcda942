#include "genai/outermost.h"

namespace spanlog::genai {
namespace {

// A prompt's id is on all its spans; the outermost one stands for it. Stores give no order.
bool IsOuter(const Span& span, const Span& other) {
  if (span.start_ns != other.start_ns) return span.start_ns < other.start_ns;
  return span.end_ns > other.end_ns;
}

}  // namespace

uint32_t OutermostIndex::Find(std::string_view key, std::string_view value) {
  if (value.empty()) return kNoIndex;
  const StringMap<uint32_t>& spans = SpansBy(key);
  const auto found = spans.find(value);
  return found == spans.end() ? kNoIndex : found->second;
}

const StringMap<uint32_t>& OutermostIndex::SpansBy(std::string_view key) {
  for (const Keyed& keyed : keys_) {
    if (keyed.key == key) return keyed.spans;
  }
  Keyed& keyed = keys_.emplace_back();
  keyed.key = key;
  for (uint32_t i = 0; i < trace_.spans.size(); ++i) {
    const std::string_view value = FindText(trace_.spans[i].attributes, key);
    if (value.empty()) continue;
    const auto [at, is_new] = keyed.spans.emplace(value, i);
    if (!is_new && IsOuter(trace_.spans[i], trace_.spans[at->second])) at->second = i;
  }
  return keyed.spans;
}

}  // namespace spanlog::genai
