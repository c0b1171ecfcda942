#include "stores/loki/streams_parser.h"

#include <utility>

#include "base/text.h"
#include "stores/growth.h"
#include "stores/json/json_cursor.h"
#include "stores/loki/response_reader.h"

namespace spanlog::stores {
namespace {

// Each function reads one part of
// {"status":"success","data":{"resultType":"streams","result":[{"stream":{…},"values":[…]}],"stats":…}}.
// A name that occurs twice is left to the general reader, which has a rule for it.
class Parser {
 public:
  Parser(PieceBuffer& body, Arena& arena, ParsedStreams& out)
      : body_(body), cursor_(body), arena_(arena), out_(out) {}

  bool Parse() {
    if (TakeAnswer()) return true;
    cursor_.Restore();
    return false;
  }

 private:
  bool TakeAnswer() {
    bool has_status = false, has_data = false;
    const bool is_object = cursor_.TakeList('{', '}', [&] {
      std::string_view name, text;
      if (!cursor_.TakeName(name)) return false;
      if (name == "status") {
        return !std::exchange(has_status, true) && cursor_.TakeText(text) && text == "success";
      }
      if (name == "data") return !std::exchange(has_data, true) && TakeData();
      return false;
    });
    return is_object && has_status && has_data && cursor_.AtEnd();
  }

  bool TakeData() {
    bool has_type = false, has_result = false;
    const bool is_object = cursor_.TakeList('{', '}', [&] {
      std::string_view name, text;
      if (!cursor_.TakeName(name)) return false;
      if (name == "resultType") {
        return !std::exchange(has_type, true) && cursor_.TakeText(text) && text == "streams";
      }
      if (name == "result") {
        return !std::exchange(has_result, true) &&
               cursor_.TakeList('[', ']', [&] { return TakeStream(); });
      }
      return cursor_.SkipValue();
    });
    return is_object && has_type && has_result;
  }

  bool TakeStream() {
    std::string_view name;
    Attributes labels;
    if (!cursor_.Take('{') || !cursor_.TakeName(name) || name != "stream" || !TakeTexts(labels))
      return false;
    out_.labels.push_back(labels);
    return cursor_.Take(',') && cursor_.TakeName(name) && name == "values" &&
           cursor_.TakeList('[', ']', [&] { return TakeRecord(); }) && cursor_.Take('}');
  }

  bool TakeRecord() {
    if (Outgrows(out_.records.size() * sizeof(LogRecord), body_.received())) return false;
    LogRecord& record = out_.records.emplace_back();
    record.stream = static_cast<uint32_t>(out_.labels.size() - 1);
    std::string_view time;
    if (!cursor_.Take('[') || !cursor_.TakeText(time) || !ParseInt64(time, record.time_ns))
      return false;
    record.time_ns = DrawableTime(record.time_ns);
    if (!cursor_.Take(',') || !cursor_.TakeText(record.line)) return false;
    if (cursor_.Take(',') && !TakeExtras(record)) return false;
    return cursor_.Take(']');
  }

  bool TakeExtras(LogRecord& record) {
    bool has_metadata = false, has_parsed = false;
    return cursor_.TakeList('{', '}', [&] {
      std::string_view name;
      if (!cursor_.TakeName(name)) return false;
      if (name == "structuredMetadata") {
        return !std::exchange(has_metadata, true) && TakeTexts(record.metadata);
      }
      return name == "parsed" && !std::exchange(has_parsed, true) && TakeTexts(record.parsed);
    });
  }

  // An object whose values are strings.
  bool TakeTexts(Attributes& attributes) {
    scratch_.clear();
    const bool is_object = cursor_.TakeList('{', '}', [&] {
      std::string_view name, text;
      if (!cursor_.TakeName(name) || !cursor_.TakeText(text)) return false;
      scratch_.push_back({name, Value::String(text)});
      return true;
    });
    attributes = arena_.CopyArray(scratch_);
    return is_object;
  }

  const PieceBuffer& body_;
  JsonCursor cursor_;
  Arena& arena_;
  ParsedStreams& out_;
  std::vector<Attribute> scratch_;
};

}  // namespace

bool ParseStreams(PieceBuffer& body, Arena& arena, ParsedStreams& out) {
  return Parser(body, arena, out).Parse();
}

}  // namespace spanlog::stores
