// The writer of log lines, which must never crash Grafana, whatever it is given: lines of the input
// are the message, then keys and values in turn.
#include "host/log_line.h"

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/utf8.h"
#include "target.h"

namespace spanlog {
namespace {

std::vector<std::string_view> Split(std::string_view input) {
  std::vector<std::string_view> parts;
  while (parts.size() < 40) {
    const size_t end = input.find('\n');
    parts.push_back(input.substr(0, end));
    if (end == input.npos) break;
    input.remove_prefix(end + 1);
  }
  return parts;
}

host::LogField FieldOf(std::string_view key, std::string_view value) {
  double number = 0;
  int64_t integer = 0;
  switch (value.empty() ? 0 : value[0] % 5) {
    case 1:
      std::copy_n(value.data(), std::min(value.size(), sizeof integer),
                  reinterpret_cast<char*>(&integer));
      return {key, integer};
    case 2:
      std::copy_n(value.data(), std::min(value.size(), sizeof number),
                  reinterpret_cast<char*>(&number));
      return {key, number};
    case 3:
      return {key, value.size() > 1};
    default:
      return {key, value};
  }
}

}  // namespace
}  // namespace spanlog

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace spanlog;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::vector<std::string_view> parts = Split(input);
  std::vector<host::LogField> fields;
  for (size_t i = 1; i + 1 < parts.size(); i += 2)
    fields.push_back(FieldOf(parts[i], parts[i + 1]));
  const auto micros =
      size < 8 ? int64_t{0} : static_cast<int64_t>((uint64_t{7'919'000'003} * size * data[0]) >> 1);
  const std::string line =
      host::FormatLogLine(static_cast<host::LogLevel>(size % 5), parts[0], fields, micros);
  using fuzz::Require;
  Require(!line.empty() && line.size() <= host::kMaxLogLine, "a line is not too long", line);
  Require(line.find('\n') == line.size() - 1, "a line is one line", line);
  Require(IsValidUtf8(line), "a line is valid UTF-8", line);
  const auto json = nlohmann::json::parse(line, nullptr, false);
  Require(json.is_object(), "a line is a JSON object", line);
  for (const char* key : {"@level", "@message", "@timestamp"}) {
    Require(json.contains(key) && json[key].is_string(), "the @ values are strings", line);
  }
  Require(json["@timestamp"].get<std::string>().size() == 27, "the time has six digits", line);
  // The reader takes the last of two equal keys: ours must be there once.
  for (const char* key : {"\"@level\":", "\"@message\":", "\"@timestamp\":"}) {
    const size_t first = line.find(key);
    Require(first != line.npos, "the @ keys are there", line);
  }
  return 0;
}
