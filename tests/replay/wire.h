// The bytes of an answer, good and bad.
#pragma once

#include <string>
#include <string_view>

#include "replay/message.h"

namespace spanlog::replay {

std::string Gzip(std::string_view text);
// Empty when `text` is no gzip.
std::string Gunzip(std::string_view text);

struct WireAnswer {
  std::string head;
  std::string body;
  bool close = false;  // the connection ends after it
};

// Head and body of `answer`, compressed when the request allows it. HEAD gets no body.
WireAnswer ToWire(const Answer& answer, const Request& request);

}  // namespace spanlog::replay
