#include "policy/media_texts.h"

#include <algorithm>
#include <string>

#include "base/text.h"
#include "base/wildcard.h"
#include "policy/json_edit.h"

namespace spanlog::policy {
namespace {

constexpr size_t kLeastRun = 256;
constexpr size_t kMostType = 200;  // "data:image/png;name=…;base64,"

// Members of JSON and ends of flattened names: OpenAI, Anthropic, Gemini, Bedrock, OpenTelemetry.
constexpr std::string_view kMembers[] = {
    "image_url", "imageUrl", "input_audio", "inputAudio", "inline_data", "inlineData", "file_data",
    "fileData",  "file_uri", "fileUri",     "image_data", "audio_data",  "b64_json"};
constexpr std::string_view kKeys[] = {"*image.url",       "*image.image.url", "*audio.url",
                                      "*audio.audio.url", "*video.url",       "*.image.url.url",
                                      "*inline.data*",    "*file.uri",        "*b64.json"};

bool IsBase64Char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' ||
         c == '/' || c == '-' || c == '_' || c == '=';
}

bool StripRuns(std::string_view text, std::string& out) {
  size_t copied = 0;
  for (size_t at = 0; at < text.size();) {
    if (!IsBase64Char(text[at])) {
      ++at;
      continue;
    }
    size_t end = at;
    while (end < text.size() && IsBase64Char(text[end])) ++end;
    constexpr std::string_view kMark = ";base64,";
    const bool is_data = EndsWith(text.substr(0, at), kMark);
    if (is_data || end - at >= kLeastRun) {
      size_t begin = at;
      if (is_data) {
        const size_t least = std::max(copied, at > kMostType ? at - kMostType : 0);
        const size_t scheme = text.substr(least, at - least).rfind("data:");
        if (scheme != text.npos) begin = least + scheme;
      }
      Append(out, text.substr(copied, begin - copied), kMediaWithheld);
      copied = end;
    }
    at = end;
  }
  if (copied == 0) return false;
  out += text.substr(copied);
  return true;
}

class MediaEdits final : public JsonEdits {
 public:
  bool Withholds(const std::vector<JsonStep>& path, char) const override {
    const auto named = [&](size_t back) -> std::string_view {
      size_t seen = 0;
      for (auto step = path.rbegin(); step != path.rend(); ++step) {
        if (step->position < 0 && seen++ == back) return step->name;
      }
      return {};
    };
    if (path.empty() || path.back().position >= 0) return false;
    const std::string_view name = named(0);
    if (std::find(std::begin(kMembers), std::end(kMembers), name) != std::end(kMembers)) {
      return true;
    }
    // Anthropic's and Bedrock's {"source": {"type", "media_type", "data" | "url" | "bytes"}}.
    return (name == "data" || name == "url" || name == "bytes") && named(1) == "source";
  }

  bool Edit(std::string_view text, std::string& out) const override {
    const std::string_view trimmed = TrimSpace(text);
    if (StartsWith(trimmed, "{") || StartsWith(trimmed, "[")) {
      const JsonResult result = EditJson(text, *this, kMediaWithheld, out);
      if (result == JsonResult::kChanged) return true;
      out.clear();
    }
    return StripRuns(text, out);
  }
};

// OpenTelemetry's {"type": "uri", "modality": "image", "uri": …}, and any other address of a file:
// the text says so beside it, so a whole-text test is enough to look closer.
class UriEdits final : public JsonEdits {
 public:
  bool Withholds(const std::vector<JsonStep>& path, char) const override {
    return !path.empty() && path.back().position < 0 &&
           (path.back().name == "uri" || path.back().name == "blob");
  }
  bool Edit(std::string_view, std::string&) const override { return false; }
};

}  // namespace

std::string_view WithoutMedia(std::string_view text, Arena& arena) {
  if (text.size() < 12) return text;
  std::string first, second;
  const bool changed = MediaEdits().Edit(text, first);
  const std::string_view now = changed ? std::string_view(first) : text;
  if (Contains(now, "modality") || Contains(now, "mime_type")) {
    if (EditJson(now, UriEdits(), kMediaWithheld, second) == JsonResult::kChanged) {
      return arena.Copy(second);
    }
  }
  return changed ? arena.Copy(first) : text;
}

bool IsMediaKey(std::string_view key) {
  return std::any_of(std::begin(kKeys), std::end(kKeys),
                     [&](std::string_view pattern) { return MatchesKeyWildcard(key, pattern); });
}

}  // namespace spanlog::policy
