#include "stores/loki/response_reader.h"

#include <algorithm>
#include <numeric>

#include "base/errors.h"
#include "base/utf8.h"
#include "model/trace.h"
#include "stores/growth.h"
#include "stores/json/json_body.h"
#include "stores/json/json_value.h"
#include "stores/loki/streams_parser.h"

namespace spanlog::stores {
namespace {

constexpr size_t kMostWarnings = 50;

absl::Status NotLoki() {
  return DownstreamError(
      absl::StatusCode::kDataLoss,
      "Loki's answer could not be read: it is not a query result in JSON, or it was "
      "cut on the way. Check the URL of the log store and proxies before it.");
}

absl::Status Outgrown() {
  return DownstreamError(
      absl::StatusCode::kResourceExhausted,
      "Loki's answer could not be read: it is made of so many empty log records that they "
      "would fill the memory. Check the URL of the log store.");
}

// Members of `object` added to `out`. Values are text; other types occur behind foreign gateways.
void AddMembers(JsonObject object, Arena& arena, std::string& json, std::vector<Attribute>& out) {
  for (const auto member : object) {
    out.push_back({member.key, JsonToValue(member.value, arena, json)});
  }
}

// The third element of a record. Some gateways send the metadata itself instead of
// {"structuredMetadata":{…},"parsed":{…}}.
void ReadExtras(JsonElement extras, Arena& arena, std::string& json,
                std::vector<Attribute>& scratch, LogRecord& record) {
  JsonObject object, part;
  if (extras.get_object().get(object) != simdjson::SUCCESS) return;
  bool categorised = false;
  for (const std::string_view key : {"structuredMetadata", "parsed"}) {
    if (object.at_key(key).get_object().get(part) != simdjson::SUCCESS) continue;
    categorised = true;
    scratch.clear();
    AddMembers(part, arena, json, scratch);
    (key == "parsed" ? record.parsed : record.metadata) = arena.CopyArray(scratch);
  }
  if (categorised) return;
  scratch.clear();
  AddMembers(object, arena, json, scratch);
  record.metadata = arena.CopyArray(scratch);
}

}  // namespace

int64_t DrawableTime(int64_t ns) { return std::clamp<int64_t>(ns, 1, kLatestTimeNs); }

void SortByTime(std::vector<LogRecord>& records, size_t first) {
  const auto begin = records.begin() + static_cast<ptrdiff_t>(first);
  const auto earlier = [](const LogRecord& a, const LogRecord& b) { return a.time_ns < b.time_ns; };
  if (std::is_sorted(begin, records.end(), earlier)) return;
  // Records are large; their order is found first and each is moved once.
  std::vector<uint32_t> order(records.size() - first);
  std::iota(order.begin(), order.end(), 0u);
  std::stable_sort(order.begin(), order.end(),
                   [&](uint32_t a, uint32_t b) { return begin[a].time_ns < begin[b].time_ns; });
  std::vector<LogRecord> sorted;
  sorted.reserve(order.size());
  for (const uint32_t index : order) sorted.push_back(begin[index]);
  std::copy(sorted.begin(), sorted.end(), begin);
}

uint32_t LokiAnswers::InternStream(Attributes labels) {
  labels_key_.clear();
  for (const Attribute& label : labels) {
    Append(labels_key_, label.key, '\0', label.value.text(), '\0');
  }
  const auto found = stream_by_labels_.find(labels_key_);
  if (found != stream_by_labels_.end()) return found->second;
  const uint32_t index = static_cast<uint32_t>(batch_.streams.size());
  stream_by_labels_.emplace(labels_key_, index);
  batch_.streams.push_back({labels});
  return index;
}

absl::StatusOr<size_t> LokiAnswers::Add(BodyPieces& body) {
  PieceBuffer pieces(body);
  if (const std::optional<size_t> count = AddStreams(pieces)) return *count;
  std::string whole = pieces.TakeWhole();
  if (!body.status().ok()) return body.status();
  return AddAnyAnswer(std::move(whole));
}

std::optional<size_t> LokiAnswers::AddStreams(PieceBuffer& body) {
  auto arena = std::make_shared<Arena>();
  ParsedStreams parsed;
  if (!ParseStreams(body, *arena, parsed) || !body.status().ok()) return std::nullopt;
  std::vector<uint32_t> streams;
  for (const Attributes labels : parsed.labels) streams.push_back(InternStream(labels));
  for (LogRecord& record : parsed.records) record.stream = streams[record.stream];
  std::vector<LogRecord>& records = batch_.records;
  const size_t first = records.size();
  if (first == 0) {
    records = std::move(parsed.records);
  } else {
    records.insert(records.end(), parsed.records.begin(), parsed.records.end());
  }
  body.MoveTo(*arena);
  batch_.arenas.push_back(std::move(arena));
  SortByTime(records, first);  // Loki promises no order between streams
  return records.size() - first;
}

absl::StatusOr<size_t> LokiAnswers::AddAnyAnswer(std::string body) {
  const size_t body_bytes = body.size();
  std::optional<JsonBody> parsed = JsonBody::Parse(std::move(body));
  if (!parsed.has_value()) return NotLoki();
  const JsonElement root = parsed->root();
  if (TextMember(root, "status") == "error") {
    return DownstreamError(
        absl::StatusCode::kUnknown,
        Concat("Loki could not answer: ", ErrorBodyHead(TextMember(root, "error"))));
  }
  const auto data = Member(root, "data");
  if (!data.has_value()) return NotLoki();
  const auto result = ArrayMember(*data, "result");
  if (!result.has_value() && TextMember(*data, "resultType") != "streams") return NotLoki();

  const std::shared_ptr<Arena> arena = parsed->arena();
  std::vector<LogRecord>& records = batch_.records;
  const size_t first = records.size();
  std::string json;
  if (result.has_value()) {
    for (const JsonElement stream : *result) {
      JsonObject labels;
      if (stream.at_key("stream").get_object().get(labels) != simdjson::SUCCESS) {
        records.resize(first);
        return DownstreamError(
            absl::StatusCode::kInvalidArgument,
            "The LogQL query is a metric query: it gives numbers, not log records. "
            "Remove the range aggregation.");
      }
      scratch_.clear();
      AddMembers(labels, *arena, json, scratch_);
      const uint32_t index = InternStream(arena->CopyArray(scratch_));
      const auto values = ArrayMember(stream, "values");
      if (!values.has_value()) continue;
      if (Outgrows((records.size() - first + values->size()) * sizeof(LogRecord), body_bytes)) {
        records.resize(first);
        return Outgrown();
      }
      records.reserve(records.size() + values->size());
      for (const JsonElement tuple : *values) {
        JsonArray parts;
        if (tuple.get_array().get(parts) != simdjson::SUCCESS) continue;
        LogRecord record;
        record.stream = index;
        size_t position = 0;
        for (const JsonElement part : parts) {
          if (position == 0) record.time_ns = DrawableTime(IntOf(part).value_or(0));
          if (position == 1 && part.get_string().get(record.line) != simdjson::SUCCESS) break;
          if (position == 2) ReadExtras(part, *arena, json, scratch_, record);
          ++position;
        }
        if (position >= 2) records.push_back(record);
      }
    }
  }
  if (const auto warnings = ArrayMember(root, "warnings")) {
    for (const JsonElement warning : *warnings) {
      std::string_view text;
      if (warning.get_string().get(text) != simdjson::SUCCESS) continue;
      if (batch_.warnings.size() == kMostWarnings) break;
      batch_.warnings.push_back(Concat("Loki: ", CutUtf8(text, 512)));
    }
  }
  parsed->DropTree();
  batch_.arenas.push_back(arena);
  SortByTime(records, first);  // Loki promises no order between streams
  return records.size() - first;
}

}  // namespace spanlog::stores
