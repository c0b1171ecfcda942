#include "genai/media.h"

#include <cstdio>
#include <string>

#include "base/text.h"

namespace spanlog::genai {
namespace {

struct Media {
  std::string_view mime;
  std::string_view format;
  std::string_view uri;
  std::string_view name;
  std::string_view file_id;
  std::string_view transcript;
  size_t bytes = 0;
};

size_t DecodedSize(std::string_view base64) {
  while (!base64.empty() && base64.back() == '=') base64.remove_suffix(1);
  return base64.size() * 3 / 4;
}

bool LooksLikeUri(std::string_view text) {
  const size_t colon = text.find(':');
  return colon != std::string_view::npos && colon < 12 && text.substr(colon, 3) == "://";
}

// What stands between `name` and the next `|` or the end.
std::string_view FieldOf(std::string_view text, std::string_view name) {
  const size_t at = text.find(name);
  if (at == std::string_view::npos) return {};
  text.remove_prefix(at + name.size());
  return text.substr(0, text.find_first_of("|@"));
}

// A URI, a data: URI, bare base64, or where Langfuse has put the bytes:
// "@@@langfuseMedia:type=image/png|id=…|source=…@@@".
void TakeContent(std::string_view text, Media& media) {
  if (StartsWith(text, "@@@langfuseMedia:")) {
    media.mime = FieldOf(text, "type=");
    media.file_id = FieldOf(text, "id=");
    return;
  }
  if (StartsWith(text, "data:")) {
    const size_t comma = text.find(',');
    const std::string_view head = text.substr(5, comma == text.npos ? text.npos : comma - 5);
    if (media.mime.empty()) media.mime = head.substr(0, head.find(';'));
    if (comma != text.npos) media.bytes = DecodedSize(text.substr(comma + 1));
  } else if (LooksLikeUri(text)) {
    media.uri = text;
  } else {
    media.bytes = DecodedSize(text);
  }
}

void Collect(const JsonValue& object, int depth, Media& media) {
  for (const JsonMember& member : object.members) {
    const std::string_view key = member.key;
    const JsonValue& value = member.value;
    if (value.is_object()) {
      if (depth < 3) Collect(value, depth + 1, media);
      continue;
    }
    if (!value.is_string() || value.text.empty()) continue;
    if (key == "mime_type" || key == "mimeType" || key == "media_type" || key == "mediaType") {
      media.mime = value.text;
    } else if (key == "format") {
      media.format = value.text;
    } else if (key == "url" || key == "uri" || key == "file_uri" || key == "fileUri" ||
               key == "image_url" || key == "data" || key == "content" || key == "bytes" ||
               key == "file_data" || key == "image" || key == "base64" || key == "binary_content") {
      TakeContent(value.text, media);
    } else if (key == "filename" || key == "title" || key == "name" || key == "displayName") {
      media.name = value.text;
    } else if (key == "file_id" || key == "fileId") {
      media.file_id = value.text;
    } else if (key == "transcript") {
      media.transcript = value.text;
    }
  }
}

std::string SizeText(size_t bytes) {
  if (bytes < 1000) return Concat(bytes, " B");
  char buffer[32];
  const double kilo = static_cast<double>(bytes) / 1000;
  if (kilo < 1000) {
    std::snprintf(buffer, sizeof(buffer), kilo < 9.95 ? "%.1f kB" : "%.0f kB", kilo);
  } else {
    std::snprintf(buffer, sizeof(buffer), "%.1f MB", kilo / 1000);
  }
  return buffer;
}

}  // namespace

std::string_view MediaText(const JsonValue& part, std::string_view modality, Arena& arena) {
  Media media;
  Collect(part, 0, media);
  const std::string_view named = part.GetText("modality");
  if (!named.empty()) modality = named;
  if (modality.empty()) {
    const std::string_view kind = media.mime.substr(0, media.mime.find('/'));
    const bool is_kind = kind == "image" || kind == "audio" || kind == "video";
    modality = is_kind ? kind : std::string_view("file");
  }
  std::string text = Concat('[', modality);
  if (!media.mime.empty()) {
    Append(text, ' ', media.mime);
  } else if (!media.format.empty()) {
    Append(text, ' ', modality, '/', media.format);
  }
  std::string_view separator = " ";
  const auto add = [&](std::string_view piece) {
    if (piece.empty()) return;
    Append(text, separator, piece);
    separator = ", ";
  };
  if (!media.mime.empty() || !media.format.empty()) separator = ", ";
  add(media.name);
  add(media.uri);
  add(media.file_id);
  if (media.bytes > 0) add(SizeText(media.bytes));
  text += ']';
  if (!media.transcript.empty()) Append(text, ' ', media.transcript);
  return arena.Own(std::move(text));
}

}  // namespace spanlog::genai
