#include "query/model_calls.h"

#include <string_view>

#include "base/text.h"

namespace spanlog::query {

bool IsModelCall(const Span& span) {
  for (const Attribute& attribute : span.attributes) {
    for (const std::string_view prefix : {"gen_ai.", "llm.", "ai.", "openinference."}) {
      if (StartsWith(attribute.key, prefix)) return true;
    }
  }
  return false;
}

}  // namespace spanlog::query
