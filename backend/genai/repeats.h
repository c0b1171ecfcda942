// Which messages of a span are said again by calls below it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "genai/ancestry.h"
#include "genai/merge_entry.h"
#include "model/message.h"
#include "model/trace.h"

namespace spanlog::genai {

// Lives for one merge. Its time grows with the number of messages, not with its square, whatever
// says the same and however deep the spans lie.
class RepeatFilter {
 public:
  // Makes the prints that it needs. Keeps references to all of them.
  RepeatFilter(const Trace& trace, const Ancestry& ancestry, const Reading& reading,
               std::vector<Entry>& all);

  bool IsRepeat(const Entry& entry);

 private:
  using Spans = std::vector<uint32_t>;
  // Many spans that say the same, by their places in the tree.
  struct Places {
    Spans all, models;                                   // in order
    std::vector<std::pair<uint32_t, uint32_t>> clients;  // of MCP: from where to the latest end
  };

  bool IsTool(uint32_t span) const { return reading_.calls[span].kind == CallKind::kTool; }
  bool IsMcp(uint32_t span) const;
  bool IsClient(uint32_t span) const;
  // What can be told without a look at other messages.
  bool MayBeRepeat(const Message& message) const;
  bool IsBelow(uint32_t above, uint32_t below) const;
  bool IsAnyBelow(uint32_t above, const Spans& spans);
  bool IsServersEcho(uint32_t server, const Spans& spans);
  bool BeginsOneBelow(const Message& message);
  const Places& PlacesOf(const Spans& spans);

  const Trace& trace_;
  const Ancestry& ancestry_;
  const Reading& reading_;
  const std::vector<Entry>& all_;
  absl::flat_hash_map<uint64_t, Spans> spans_;  // by what is said there
  absl::flat_hash_map<const Spans*, Places> places_;
  std::vector<std::pair<uint32_t, const Message*>> by_place_;  // made when it is first needed
  size_t comparisons_ = 0;
};

}  // namespace spanlog::genai
