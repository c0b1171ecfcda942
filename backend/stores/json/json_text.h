// Writing JSON text: values of arrays and maps are kept as text in the model.
#pragma once

#include <string>
#include <string_view>

#include "base/arena.h"

namespace spanlog::stores {

// Appends `text` as a quoted JSON string. REQUIRES: `text` is valid UTF-8. Only what JSON asks for
// is escaped; HTML is escaped by whoever writes to Grafana.
void AppendJsonString(std::string& out, std::string_view text);

// The same from bytes that may not be UTF-8: broken bytes become U+FFFD.
void AppendJsonBytesAsText(std::string& out, std::string_view bytes);

// A JSON number; "NaN", "Infinity", "-Infinity" as strings, because JSON has no such numbers.
void AppendJsonDouble(std::string& out, double value);

// Standard base64 with padding.
void AppendBase64(std::string& out, std::string_view bytes);

// Decodes standard or URL-safe base64, padding optional. False when other characters occur.
bool DecodeBase64(std::string_view text, std::string& out);

}  // namespace spanlog::stores
