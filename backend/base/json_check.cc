#include "base/json_check.h"

#include <memory>

#include "base/text.h"
#include "simdjson.h"

namespace spanlog {

bool IsJsonContainer(std::string_view text) {
  text = TrimSpace(text);
  if (text.size() < 2) return false;
  const bool object = text.front() == '{' && text.back() == '}';
  const bool array = text.front() == '[' && text.back() == ']';
  if (!object && !array) return false;
  // The parser keeps its buffers between calls; one per thread saves an allocation per record.
  thread_local simdjson::dom::parser parser;
  return parser.parse(text.data(), text.size()).error() == simdjson::SUCCESS;
}

}  // namespace spanlog
