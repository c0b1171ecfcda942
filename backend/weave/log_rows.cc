#include "weave/log_rows.h"

#include <charconv>
#include <string>

#include "base/text.h"
#include "weave/one_line.h"
#include "weave/titles.h"

namespace spanlog::weave {
namespace {

// A record that became several rows keeps its long fields on the first one only: a details event
// carries the whole conversation in its metadata, and that is what its rows show.
constexpr size_t kShortFieldBytes = 256;
// Nor are more than these repeated, on one row and on all: a record of 10,000 fields and 10,000
// messages would fill the memory.
constexpr size_t kMostRepeatedOnRow = 256;
constexpr size_t kMostRepeated = 1 << 23;

bool IsMessageCarrier(std::string_view key) {
  for (const std::string_view name :
       {"gen_ai_input_messages", "gen_ai_output_messages", "gen_ai_system_instructions"}) {
    if (key == name) return true;
  }
  return false;
}

std::string UpperCase(std::string_view word) {
  std::string upper(word);
  for (char& c : upper) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
  }
  return upper;
}

std::string_view DecimalText(int64_t value, Arena& arena) {
  constexpr size_t kLongest = 20;
  char* const text = arena.Allocate(kLongest);
  const auto size = static_cast<size_t>(std::to_chars(text, text + kLongest, value).ptr - text);
  arena.Shrink(text, kLongest, size);
  return {text, size};
}

// Made where it stays: rows are large.
Row& NewRow(RowKind kind, std::string_view id, const RowSpot& spot, std::vector<Row>& rows) {
  Row& row = rows.emplace_back();
  row.kind = kind;
  row.span_id = id;
  row.parent_span_id = spot.parent_id;
  row.start_ns = spot.start_ns;
  row.depth = spot.depth;
  return row;
}

}  // namespace

void LogRows::AddRecordFacts(const LogRecord& record, const RowSpot& spot) {
  tags_.Add(kTimestampKey, Value::String(DecimalText(record.time_ns, arena_)));
  if (record.level != Level::kUnknown) tags_.AddText(kLevelKey, LevelWord(record.level));
  if (spot.start_ns != record.time_ns) {
    const int64_t off = record.time_ns - spot.start_ns;
    // Message rows of a details event are microseconds away from their record; no need to say so.
    if (off > 1'000'000'000 || off < -1'000'000'000) {
      tags_.Add("spanlog.moved", Value::String(arena_.Copy(Concat(
                                     "drawn ", DurationText(off), off > 0 ? " before" : " after",
                                     " its true time, see log.timestamp"))));
    }
  }
}

void LogRows::AddRecord(const LogRecord& record, const LogStream& stream, const RecordView& view,
                        std::string_view id, const RowSpot& spot, std::vector<Row>& rows) {
  const std::string_view level = LevelWord(record.level);
  std::string_view words = view.title.empty() ? record.text : view.title;
  if (words.empty()) words = record.line;
  if (words.empty()) words = record.event_name;
  std::string_view title = OneLine(words, options_.preview_chars, arena_);
  if (title.empty()) title = "(empty line)";

  Row& row = NewRow(RowKind::kLog, id, spot, rows);
  row.resource = stream.labels;
  row.scope_name = record.scope_name;
  if (options_.lanes == settings::Lanes::kRole) {
    row.service_name = level;
    row.operation_name = title;
  } else {
    row.service_name = record.service.empty() ? spot.service : record.service;
    row.operation_name =
        record.level == Level::kUnknown ? title : arena_.Copy(Concat(UpperCase(level), ' ', title));
  }
  if (record.level == Level::kError || record.level == Level::kFatal) {
    row.status = StatusCode::kError;
    row.status_message = title;
  }

  tags_.Clear();
  std::string_view whole = record.line;
  if (whole.empty()) whole = record.text.empty() ? words : record.text;
  tags_.AddContent(kMessageKey, whole);
  tags_.AddText(kKindKey, "log");
  tags_.AddText(kMatchKey, spot.match);
  AddRecordFacts(record, spot);
  for (const Attribute& field : record.metadata) {
    if (view.is_repeat && IsMessageCarrier(field.key)) continue;
    tags_.AddFields(absl::Span<const Attribute>(&field, 1));
  }
  tags_.AddFields(record.parsed);
  tags_.AddFields(record.fields);
  row.tags = tags_.Take(arena_);
  for (const char* key : {"exception_stacktrace", "exception.stacktrace"}) {
    const std::string_view stack = FindText(record.metadata, key);
    if (stack.empty()) continue;
    row.stack_traces = arena_.CopyArray(absl::Span<const std::string_view>(&stack, 1));
    break;
  }
}

void LogRows::AddMessage(const Message& message, const LogRecord* record, const LogStream* stream,
                         uint32_t part, std::string_view id, const RowSpot& spot,
                         std::vector<Row>& rows) {
  const std::string_view role = RoleWord(message);
  const std::string_view title = MessageTitle(message, options_.preview_chars, arena_);

  Row& row = NewRow(RowKind::kMessage, id, spot, rows);
  if (stream != nullptr) row.resource = stream->labels;
  if (options_.lanes == settings::Lanes::kRole) {
    row.service_name = role;
    row.operation_name = title;
  } else {
    row.service_name = spot.service;
    row.operation_name = arena_.Copy(Concat(role, ": ", title));
  }
  const bool is_error_record = record != nullptr && record->level >= Level::kError;
  if (is_error_record || message.failed) row.status = StatusCode::kError;
  if (message.failed) row.status_message = "The tool reported a failure.";

  tags_.Clear();
  const bool absent = message.text.empty() && (message.status == MessageStatus::kOff ||
                                               message.status == MessageStatus::kRedacted);
  if (message.kind == PartKind::kToolCall) {
    tags_.Add(
        kMessageKey,
        Value::String(arena_.Copy(Concat(message.tool.name, "(", message.tool.arguments, ")"))),
        TagFormat::kText);
  } else if (absent) {
    tags_.Add(
        kMessageKey,
        Value::String(arena_.Copy(Concat(title, message.hint.empty() ? "" : "\n", message.hint))),
        TagFormat::kText);
  } else {
    tags_.AddContent(kMessageKey, message.text);
  }
  if (!message.tool.arguments.empty()) tags_.AddContent(kToolArgumentsKey, message.tool.arguments);
  const std::string_view result = message.tool.result.empty() ? message.text : message.tool.result;
  if (message.kind == PartKind::kToolResult && !result.empty()) {
    tags_.AddContent(kToolResultKey, result);
  }
  tags_.AddText(kKindKey, "message");
  tags_.AddText(kMatchKey, spot.match);
  tags_.AddText(kRoleKey, role);
  tags_.AddText(kStatusKey, StatusWord(message.status));
  tags_.AddText(kSourcesKey, SourcesText(message.sources, arena_));
  tags_.AddText(kFinishReasonKey, message.finish_reason);
  tags_.AddText(kToolNameKey, message.tool.name);
  tags_.AddText(kToolCallIdKey, message.tool.id);
  if (message.failed) tags_.Add(kToolFailedKey, Value::Bool(true));
  tags_.AddText("message.name", message.name);
  if (message.kind == PartKind::kMedia) tags_.AddText("message.kind", "media");
  if (message.choice >= 0) tags_.Add("message.choice", Value::Int(message.choice));
  if (!absent || message.kind == PartKind::kToolCall) tags_.AddText("message.hint", message.hint);
  if (record != nullptr) {
    AddRecordFacts(*record, spot);
    size_t looked_at = 0;
    for (const Attributes fields : {record->metadata, record->parsed}) {
      for (const Attribute& field : fields) {
        if (part > 0 && (++looked_at > kMostRepeatedOnRow || ++repeated_fields_ > kMostRepeated)) {
          break;
        }
        if (IsMessageCarrier(field.key)) continue;
        if (part > 0 && field.value.text().size() > kShortFieldBytes) continue;
        tags_.AddFields(absl::Span<const Attribute>(&field, 1));
      }
    }
  }
  row.tags = tags_.Take(arena_);
}

void LogRows::AddHistory(uint32_t count, bool rewritten, std::string_view id, const RowSpot& spot,
                         std::vector<Row>& rows) {
  Row& row = NewRow(RowKind::kHistory, id, spot, rows);
  row.service_name = options_.lanes == settings::Lanes::kRole ? "history" : spot.service;
  std::string title = Concat(count, count == 1 ? " earlier message" : " earlier messages");
  if (rewritten) title += ", history rewritten";
  row.operation_name = arena_.Copy(title);
  tags_.Clear();
  std::string text = Concat(title,
                            ".\nThis call was sent them again; they are shown under the calls "
                            "where they were new. Choose history: full to see them here.");
  if (rewritten) {
    text +=
        "\nMessages of the call before are missing from this one: the agent compacted or "
        "rewrote its history.";
  }
  tags_.Add(kMessageKey, Value::String(arena_.Copy(text)), TagFormat::kText);
  tags_.AddText(kKindKey, "history");
  tags_.AddText(kMatchKey, spot.match);
  tags_.Add("history.count", Value::Int(count));
  if (rewritten) tags_.Add("history.rewritten", Value::Bool(true));
  row.tags = tags_.Take(arena_);
}

}  // namespace spanlog::weave
