// Shared by the agent CLIs (Claude Code, Codex, Gemini CLI): their records carry
// everything in attributes, and ids that join them to spans.
#pragma once

#include <string>
#include <string_view>

#include "genai/dialect.h"

namespace spanlog::genai {

// "claude-opus-4-8 · 84.6k→88 tokens · $0.049 · 3 s" of what is known; negative = unknown.
std::string ModelCallTitle(std::string_view model, int64_t input, int64_t output, double cost_usd,
                           int64_t duration_ms);

// "Bash accepted (user_temporary)" and the like: the words that are not empty, joined by blanks.
std::string Words(std::initializer_list<std::string_view> words);

// The outermost span whose attribute (the first of `span_keys` that any has) has the same value
// as the record's `record_key`; kNoIndex when there is none. The span keys must be literals.
uint32_t FindJoined(const RecordCarrier& carrier, std::string_view record_key,
                    std::initializer_list<std::string_view> span_keys);

// A count that may have been sent as text, of tokens or milliseconds; `otherwise` when there is
// none or it is over kMostTokens.
int64_t IntOr(const Fields& fields, Key key, int64_t otherwise);

// A boolean that may have been sent as text.
bool IsTrue(const Fields& fields, Key key);
bool IsFalse(const Fields& fields, Key key);

// The text of an attribute; of a map that Loki flattened, its JSON.
std::string_view JsonOrText(const Fields& fields, Key key, Arena& arena);

// Gives a record to the span that FindJoined finds. Returns true when there is one.
bool JoinBy(const RecordCarrier& carrier, Sink& sink, std::string_view record_key,
            std::initializer_list<std::string_view> span_keys, std::string_view match);

}  // namespace spanlog::genai
