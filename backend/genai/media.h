// A readable line in place of an image, a sound or a file.
#pragma once

#include <string_view>

#include "base/arena.h"
#include "genai/json.h"

namespace spanlog::genai {

// "[image image/png, 12 kB]", "[image https://…]", "[file report.pdf]": `modality` is used when the
// part names none. Reads OpenTelemetry's blob, uri and file, OpenAI's image_url, input_image,
// input_audio and file, Anthropic's and Bedrock's sources, Gemini's inline_data and file_data,
// Vercel's image and file, ADK's spelling of them. The view is in the arena.
std::string_view MediaText(const JsonValue& part, std::string_view modality, Arena& arena);

}  // namespace spanlog::genai
