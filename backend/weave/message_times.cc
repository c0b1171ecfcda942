#include "weave/message_times.h"

#include <algorithm>

namespace spanlog::weave {
namespace {
constexpr int64_t kStepNs = 1000;
}  // namespace

std::vector<int64_t> MessageTimes(const Trace& trace, const Reading& reading) {
  std::vector<int64_t> times(reading.messages.size(), 0);
  std::vector<int64_t> inputs(trace.spans.size(), 0);
  std::vector<int64_t> outputs(trace.spans.size(), 0);
  for (const Message& message : reading.messages) {
    if (message.span != kNoIndex && message.direction == Direction::kOutput) {
      ++outputs[message.span];
    }
  }
  std::vector<int64_t> outputs_left = outputs;
  for (size_t i = 0; i < times.size(); ++i) {
    const Message& message = reading.messages[i];
    if (message.span == kNoIndex) {
      times[i] = message.time_ns;
      continue;
    }
    const Span& span = trace.spans[message.span];
    int64_t& time = times[i];
    if (message.direction == Direction::kInput) {
      time = std::min(span.start_ns + inputs[message.span]++ * kStepNs, span.end_ns);
    } else {
      time = std::max(span.end_ns - outputs_left[message.span]-- * kStepNs, span.start_ns);
    }
    if (message.time_ns != 0) time = message.time_ns;
  }
  return times;
}

}  // namespace spanlog::weave
