// Are two messages copies of one?
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "model/message.h"

namespace spanlog::genai {

// What two copies of a message have in common whatever spelled them: JSON is compared by its
// meaning, other text without the blanks around it.
struct Fingerprint {
  uint64_t text = 0;       // of the text
  uint64_t arguments = 0;  // of a tool call's arguments
  uint64_t whole = 0;      // of a tool result as it was sent, with what is around its text
};
Fingerprint FingerprintOf(const Message& message, Arena& arena);

// True when both say the same. For tool calls an equal id is enough; a result needs equal ids,
// where both have one, and an equal text: one copy may be read out of its wrapping, the other not.
bool SameMessage(const Message& a, const Fingerprint& fa, const Message& b, const Fingerprint& fb);

bool IsCut(const Message& message);     // its text is not all that was sent
bool IsAbsent(const Message& message);  // nothing of it was captured

// A text without what a cut inside its last character left: the stores replace each such byte.
std::string_view WithoutHalfCharacter(std::string_view text);

// True when `cut` can be the beginning of `whole`. `in_place` says that both stand at the same
// place in their conversations, which lets a short beginning pass.
bool BeginsMessage(const Message& cut, const Message& whole, bool in_place);

}  // namespace spanlog::genai
