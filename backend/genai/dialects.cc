// The table of dialects: one row per family, most specific first. For records the first row that
// knows one takes it; spans are shown to every row.
#include "genai/dialect.h"
#include "genai/dialects/otel_messages.h"

namespace spanlog::genai {

absl::Span<const Dialect> Dialects() {
  static const Dialect kTable[] = {
      kOtelMessages,
  };
  return kTable;
}

}  // namespace spanlog::genai
