#include "stores/layout/line_reader.h"

#include <algorithm>

#include "base/text.h"
#include "stores/json/json_value.h"
#include "stores/layout/ids.h"
#include "stores/layout/plain_text.h"

namespace spanlog::stores {
namespace {

constexpr int kMaxEnvelopes = 3;  // Docker around Fluent Bit around the application
constexpr int kMaxDepth = 6;      // deeper objects are kept as JSON text
constexpr size_t kMaxFields = 128;
constexpr size_t kLongestPath = 1024;  // what is around a field is left out where it is longer
constexpr int kMaxTails = 3;           // places of a plain line where JSON may begin

// Members whose members are the record's own attributes.
bool IsAttributeBag(std::string_view key) {
  return key == "attributes" || key == "resources" || key == "resource" ||
         key == "resource_attributes";
}

// Objects in which pipelines put the application's own record: a message may stand in them.
bool IsRecordBag(std::string_view key) {
  for (const std::string_view bag : {"log", "data", "jsonPayload", "record", "fields", "body",
                                     "event", "message", "msg", "log_processed"}) {
    if (key == bag) return true;
  }
  return false;
}

bool IsIdRole(KeyRole role) {
  return role == KeyRole::kTraceId || role == KeyRole::kSpanId || role == KeyRole::kDatadogTrace ||
         role == KeyRole::kDatadogSpan;
}

bool IsLevelRole(KeyRole role) {
  return role == KeyRole::kLevel || role == KeyRole::kPythonLevel ||
         role == KeyRole::kSeverityNumber || role == KeyRole::kSeverityText;
}

// A message as it was before its values were put in.
bool IsTemplateKey(std::string_view key) {
  return key == "@mt" || EqualsIgnoreCase(key, "MessageTemplate");
}

bool IsLogfmtKeyChar(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-' || c == '.' || c == '/' || c == '@';
}

}  // namespace

std::string_view WithoutCriPrefix(std::string_view line) {
  const size_t time_end = line.find(' ');
  if (time_end < 20 || time_end > 40 || line[4] != '-' || line[10] != 'T') return line;
  const std::string_view rest = line.substr(time_end + 1);
  for (const std::string_view stream : {"stdout ", "stderr "}) {
    if (!StartsWith(rest, stream)) continue;
    const size_t tag_end = rest.find(' ', stream.size());
    if (tag_end != rest.npos && tag_end <= stream.size() + 2) return rest.substr(tag_end + 1);
  }
  return line;
}

Attributes LineReader::Read(std::string_view line, const TraceId& wanted, Facts& facts) {
  fields_.clear();
  message_field_ = 0;
  facts.text = line;
  facts.text_rank = 1000;
  ReadPart(line, facts, 0);
  if (facts.span_id == 0 && (facts.trace_id.empty() || facts.trace_id == wanted)) {
    const IdsInText found = FindIdsInText(WithoutColours(line, arena_), wanted);
    if (found.has_trace) facts.trace_id = wanted;
    facts.span_id = found.span_id;
  }
  return arena_.CopyArray(fields_);
}

void LineReader::ReadPart(std::string_view text, Facts& facts, int nesting) {
  const std::string_view inner = WithoutCriPrefix(text);
  if (inner.size() != text.size()) facts.text = inner;
  const std::string_view trimmed = TrimSpace(inner);
  if (StartsWith(trimmed, "{")) {
    ReadJson(trimmed, facts, nesting);
  } else if (!ReadLogfmt(trimmed, facts)) {
    ReadJsonTail(trimmed, facts, nesting);
  }
}

// "Nov 21 09:00:00 host app[7]: {…}" of syslog, "INFO main.go:7 text {…}" of console encoders.
void LineReader::ReadJsonTail(std::string_view text, Facts& facts, int nesting) {
  if (!EndsWith(text, "}")) return;
  size_t at = 0;
  for (int tried = 0; tried < kMaxTails; ++tried) {
    at = text.find('{', at + 1);
    if (at == text.npos) return;
    const char before = text[at - 1];
    if (before != ' ' && before != '\t' && before != ':' && before != '|') continue;
    if (ReadJson(text.substr(at), facts, nesting)) return;
  }
}

bool LineReader::ReadJson(std::string_view text, Facts& facts, int nesting) {
  JsonObject object;
  // simdjson reads a little beyond the end, and nobody promises readable bytes behind a line.
  padded_.assign(text);
  padded_.reserve(text.size() + simdjson::SIMDJSON_PADDING);
  if (parser_.parse(padded_.data(), text.size(), false).get_object().get(object) !=
      simdjson::SUCCESS) {
    return false;
  }
  path_.clear();
  message_field_ = 0;
  facts.text_rank = 1000;
  Walk(object, {}, 0, facts);
  if (message_field_ == 0) return true;
  const Attribute message = fields_[message_field_ - 1];
  fields_.erase(fields_.begin() + static_cast<ptrdiff_t>(message_field_ - 1));
  facts.text = message.value.text();
  if (IsTemplateKey(message.key)) facts.text = RenderTemplate(facts.text, fields_, arena_);
  // Serilog's compact format leaves the level out when it is "Information".
  if (StartsWith(message.key, "@m") && spanlog::Find(fields_, "@t") != nullptr) {
    facts.SetLevel(Level::kInfo, LevelBy::kLevelField);
  }
  // Docker's envelope ends its line with a newline; other pipelines wrap JSON in a message.
  const bool docker = EqualsIgnoreCase(message.key, "log");
  std::string_view inner = facts.text;
  if (docker && EndsWith(inner, "\n")) inner.remove_suffix(1);
  if (nesting < kMaxEnvelopes && (docker || StartsWith(inner, "{"))) {
    facts.text = inner;
    ReadPart(inner, facts, nesting + 1);
  }
  return true;
}

void LineReader::Walk(JsonObject object, std::string_view bag, int depth, Facts& facts) {
  for (const auto member : object) {
    if (fields_.size() >= kMaxFields) return;
    const size_t outer = path_.size();
    if (!(depth == 0 && IsAttributeBag(member.key) && member.value.is_object())) {
      if (outer > 0) path_.push_back('.');
      path_.append(member.key);
    }
    JsonObject inner;
    if (depth < kMaxDepth && member.value.get_object().get(inner) == simdjson::SUCCESS) {
      Walk(inner, member.key, depth + 1, facts);
    } else if (!member.value.is_null()) {
      Value value = JsonToValue(member.value, arena_, json_);
      if (value.type == ValueType::kString) value.set_text(arena_.Copy(value.text()));
      // A message below the top counts only where pipelines put records.
      const std::string_view key = outer > kLongestPath ? member.key : std::string_view(path_);
      AddField(key, member.key, depth == 0 || IsRecordBag(bag) ? depth : kMaxDepth, value, facts);
    }
    path_.resize(outer);
  }
}

void LineReader::AddField(std::string_view key, std::string_view last_key, int depth, Value value,
                          Facts& facts) {
  KeyRole role = Note(key, value, roles_, facts);
  if (role == KeyRole::kNone && last_key.size() != key.size()) {
    // `mdc.traceId`, `context.span_id`, `ctx.trace.id`; a level only where a message may stand too.
    KeyRole last = roles_.Of(last_key);
    if (last == KeyRole::kNone && key.size() > last_key.size() + 1) {
      const size_t dot = key.rfind('.', key.size() - last_key.size() - 2);
      if (dot != key.npos) last_key = key.substr(dot + 1);
      last = roles_.Of(last_key);
      if (!IsIdRole(last)) last = KeyRole::kNone;
    }
    if (IsIdRole(last) || (depth < kMaxDepth && (IsLevelRole(last) || last == KeyRole::kMessage))) {
      role = Note(last_key, value, roles_, facts);
    }
  }
  if (IsIdRole(role) || (IsLevelRole(role) && facts.level != Level::kUnknown)) return;
  fields_.push_back({arena_.Copy(key), value});
  if (role != KeyRole::kMessage || value.type != ValueType::kString || depth >= kMaxDepth) return;
  const int rank = depth * 100 + MessageRank(last_key);
  if (rank >= facts.text_rank) return;
  facts.text_rank = rank;
  message_field_ = fields_.size();
}

bool LineReader::ReadLogfmt(std::string_view text, Facts& facts) {
  const size_t first_key = static_cast<size_t>(
      std::find_if_not(text.begin(), text.end(), IsLogfmtKeyChar) - text.begin());
  if (first_key == 0 || first_key >= text.size() || text[first_key] != '=') return false;
  const size_t outer_fields = fields_.size();
  const Facts before = facts;
  size_t at = 0, pairs = 0, words = 0;
  message_field_ = 0;
  facts.text_rank = 1000;
  while (at < text.size()) {
    if (text[at] == ' ' || text[at] == '\t' || text[at] == '\n' || text[at] == '\r') {
      ++at;
      continue;
    }
    size_t key_end = at;
    while (key_end < text.size() && IsLogfmtKeyChar(text[key_end])) ++key_end;
    if (key_end == at || key_end == text.size() || text[key_end] != '=') {
      ++words;
      while (at < text.size() && text[at] != ' ' && text[at] != '\n') ++at;
      continue;
    }
    const std::string_view key = text.substr(at, key_end - at);
    at = key_end + 1;
    std::string_view value;
    if (at < text.size() && text[at] == '"') {
      size_t end = at + 1;
      while (end < text.size() && text[end] != '"') end += text[end] == '\\' ? 2 : 1;
      end = std::min(end, text.size());
      value = text.substr(at + 1, end - at - 1);
      at = std::min(end + 1, text.size());
      if (value.find('\\') != value.npos) {
        json_.clear();
        for (size_t i = 0; i < value.size(); ++i) {
          if (value[i] != '\\' || i + 1 == value.size()) {
            json_.push_back(value[i]);
            continue;
          }
          const char c = value[++i];
          json_.push_back(c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r' : c);
        }
        value = arena_.Copy(json_);
      }
    } else {
      const size_t end = std::min(text.find_first_of(" \t\n\r", at), text.size());
      value = text.substr(at, end - at);
      at = end;
    }
    ++pairs;
    if (fields_.size() < kMaxFields) AddField(key, key, 0, Value::String(value), facts);
  }
  if (pairs < 2 || words > pairs) {  // prose with a pair or two in it
    facts = before;
    fields_.resize(outer_fields);
    message_field_ = 0;
    return false;
  }
  if (message_field_ != 0) {
    facts.text = fields_[message_field_ - 1].value.text();
    fields_.erase(fields_.begin() + static_cast<ptrdiff_t>(message_field_ - 1));
  }
  return true;
}

}  // namespace spanlog::stores
