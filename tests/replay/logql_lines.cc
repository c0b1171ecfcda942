#include "replay/logql_lines.h"

#include "base/text.h"

namespace spanlog::replay {
namespace {

std::string LabelName(std::string_view text) {
  std::string name(text);
  for (char& c : name) {
    const bool alnum = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (!alnum) c = '_';
  }
  return name;
}

void Flatten(const std::string& prefix, const nlohmann::json& object, Labels& out) {
  for (const auto& [key, value] : object.items()) {
    const std::string name = prefix.empty() ? LabelName(key) : Concat(prefix, "_", LabelName(key));
    if (value.is_object()) {
      Flatten(name, value, out);
    } else if (value.is_string()) {
      out[name] = value.get<std::string>();
    } else if (value.is_primitive() && !value.is_null()) {
      out[name] = value.dump();
    }
  }
}

// The end of a quoted value, past its closing quote; escapes are undone into `out`.
size_t ReadQuoted(std::string_view line, size_t at, std::string& out) {
  for (++at; at < line.size() && line[at] != '"'; ++at) {
    if (line[at] == '\\' && at + 1 < line.size()) {
      ++at;
      out.push_back(line[at] == 'n' ? '\n' : line[at] == 't' ? '\t' : line[at]);
    } else {
      out.push_back(line[at]);
    }
  }
  return at + 1;
}

}  // namespace

Labels ParseJsonLine(std::string_view line) {
  const nlohmann::json json = nlohmann::json::parse(line, nullptr, false);
  Labels found;
  if (json.is_object()) {
    Flatten("", json, found);
  } else {
    found["__error__"] = "JSONParserErr";
    found["__error_details__"] = "Value looks like object, but can't find closing '}' symbol";
  }
  return found;
}

Labels ParseLogfmtLine(std::string_view line) {
  Labels found;
  size_t at = 0;
  while (at < line.size()) {
    const size_t end = std::min(line.find_first_of(" \t=", at), line.size());
    const std::string name = LabelName(line.substr(at, end - at));
    if (end >= line.size() || line[end] != '=') {
      at = end + 1;  // a word without a value
      continue;
    }
    std::string value;
    if (end + 1 < line.size() && line[end + 1] == '"') {
      at = ReadQuoted(line, end + 1, value);
    } else {
      const size_t stop = std::min(line.find_first_of(" \t", end + 1), line.size());
      value = std::string(line.substr(end + 1, stop - end - 1));
      at = stop;
    }
    if (!name.empty() && !value.empty()) found[name] = std::move(value);
    at = std::min(line.find_first_not_of(" \t", at), line.size());
  }
  return found;
}

}  // namespace spanlog::replay
