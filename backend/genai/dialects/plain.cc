// An event log may have an empty line and carry everything in attributes; its row is named by the
// event and its first telling attribute. The last row of the table: it takes every record.
#include "genai/dialects/plain.h"

#include "base/text.h"

namespace spanlog::genai {
namespace {

// Facts of the pipeline, not of what happened.
bool IsPlumbing(std::string_view key) {
  for (const std::string_view name :
       {"trace_id", "span_id", "flags", "severity_number", "severity_text", "detected_level",
        "observed_timestamp", "event_name", "scope_name", "scope_version", "event_timestamp",
        "service_name", "service_instance_id", "telemetry_sdk_name", "telemetry_sdk_language",
        "telemetry_sdk_version"}) {
    if (key == name) return true;
  }
  return false;
}

bool ReadRecord(const RecordCarrier& carrier, Sink& sink) {
  const LogRecord& record = carrier.record;
  if (!TrimSpace(record.text).empty()) return true;
  for (const std::string_view key :
       {"message", "msg", "body", "event", "error.message", "exception.message"}) {
    const std::string_view text = carrier.fields.Text(key);
    if (text.empty()) continue;
    sink.SetRecordTitle(text);
    return true;
  }
  std::string title(record.event_name);
  for (const Attribute& attribute : record.metadata) {
    if (IsPlumbing(attribute.key) || attribute.value.text().empty()) continue;
    if (!title.empty()) title += ' ';
    Append(title, attribute.key, "=", attribute.value.text());
    break;
  }
  if (!title.empty()) sink.SetRecordTitle(title);
  return true;
}

}  // namespace

const Dialect kPlain = {"plain record", nullptr, ReadRecord, nullptr};

}  // namespace spanlog::genai
