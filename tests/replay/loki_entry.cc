#include "replay/loki_entry.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "base/text.h"

namespace spanlog::replay {
namespace {

Labels ToLabels(const nlohmann::json& object) {
  Labels labels;
  for (const auto& [key, value] : object.items()) labels[key] = value.get<std::string>();
  return labels;
}

bool IsOfQueryRange(const std::string& file) {
  return StartsWith(file, "loki") && EndsWith(file, ".json") && !StartsWith(file, "loki_plain") &&
         !StartsWith(file, "loki_other_tenant");
}

// The tenant that a recorded request named.
std::string TenantOf(const Case& one, const std::string& file) {
  for (const auto& request : one.meta().at("requests")) {
    if (request.value("file", "") == file) {
      return request.at("headers").value("X-Scope-OrgID", "");
    }
  }
  return "";
}

void AppendLabels(std::string& out, const Labels& labels) {
  char separator = '{';
  for (const auto& [name, value] : labels) {
    out.push_back(separator);
    AppendGoJson(out, name);
    out.push_back(':');
    AppendGoJson(out, value);
    separator = ',';
  }
  out.append(labels.empty() ? "{}" : "}");
}

Labels Merged(const LokiEntry& entry) {
  Labels labels = entry.parsed;
  labels.insert(entry.metadata.begin(), entry.metadata.end());
  labels.insert(entry.stream->begin(), entry.stream->end());
  return labels;
}

void AppendEntry(std::string& out, const LokiEntry& entry, bool categorize) {
  Append(out, "[\"", entry.time_ns, "\",");
  AppendGoJson(out, entry.line, true);
  if (categorize) {
    out.append(",{");
    if (!entry.metadata.empty()) {
      out.append("\"structuredMetadata\":");
      AppendLabels(out, entry.metadata);
    }
    if (!entry.parsed.empty()) {
      out.append(entry.metadata.empty() ? "\"parsed\":" : ",\"parsed\":");
      AppendLabels(out, entry.parsed);
    }
    out.push_back('}');
  }
  out.push_back(']');
}

}  // namespace

std::string LabelString(const Labels& labels) {
  std::string out = "{";
  for (const auto& [name, value] : labels) {
    if (out.size() > 1) out.append(", ");
    Append(out, name, "=");
    AppendGoJson(out, value);
  }
  return out + "}";
}

std::vector<LokiEntry> ReadLokiEntries(const Case& one) {
  std::vector<LokiEntry> entries;
  std::set<std::tuple<std::string, int64_t, std::string, Labels>> seen;
  for (const std::string& file : one.Files()) {
    if (!IsOfQueryRange(file)) continue;
    const nlohmann::json answer = nlohmann::json::parse(one.Answer(file)->body);
    const std::string tenant = TenantOf(one, file);
    for (const auto& stream : answer.at("data").at("result")) {
      const auto labels = std::make_shared<const Labels>(ToLabels(stream.at("stream")));
      for (const auto& value : stream.at("values")) {
        LokiEntry entry;
        entry.stream = labels;
        ParseInt64(value.at(0).get<std::string>(), entry.time_ns);
        entry.line = value.at(1).get<std::string>();
        entry.tenant = tenant;
        if (value.size() > 2 && value[2].contains("structuredMetadata")) {
          entry.metadata = ToLabels(value[2]["structuredMetadata"]);
        }
        const bool fresh =
            seen.emplace(LabelString(*labels), entry.time_ns, entry.line, entry.metadata).second;
        if (fresh) entries.push_back(std::move(entry));
      }
    }
  }
  return entries;
}

void AppendGoJson(std::string& out, std::string_view text, bool escape_html) {
  static constexpr char kHex[] = "0123456789abcdef";
  // Broken bytes came back escaped; read from a recording they are this character.
  static constexpr std::string_view kReplacement = "\xef\xbf\xbd";
  out.push_back('"');
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (StartsWith(text.substr(i), kReplacement)) {
      out.append("\\ufffd");
      i += kReplacement.size() - 1;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out.push_back('\\');
      out.push_back(c);
    } else if (c == '\n' || c == '\r' || c == '\t') {
      out.append(c == '\n' ? "\\n" : c == '\r' ? "\\r" : "\\t");
    } else if (byte < 0x20 || (escape_html && (c == '<' || c == '>' || c == '&'))) {
      Append(out, "\\u00", kHex[byte >> 4], kHex[byte & 15]);
    } else {
      out.push_back(c);
    }
  }
  out.push_back('"');
}

std::string WriteLokiAnswer(const std::vector<const LokiEntry*>& entries, bool categorize) {
  // Streams in the order of their label strings, entries in the order given.
  std::map<std::string, std::pair<Labels, std::vector<const LokiEntry*>>> streams;
  std::map<const Labels*, std::string> names;
  for (const LokiEntry* entry : entries) {
    if (categorize) {
      std::string& name = names[entry->stream.get()];
      if (name.empty()) name = LabelString(*entry->stream);
      auto& stream = streams[name];
      if (stream.second.empty()) stream.first = *entry->stream;
      stream.second.push_back(entry);
    } else {
      Labels labels = Merged(*entry);
      auto& stream = streams[LabelString(labels)];
      stream.first = std::move(labels);
      stream.second.push_back(entry);
    }
  }
  std::string out = "{\"status\":\"success\",\"data\":{\"resultType\":\"streams\",";
  if (categorize) out.append("\"encodingFlags\":[\"categorize-labels\"],");
  out.append("\"result\":[");
  bool first_stream = true;
  for (const auto& [name, stream] : streams) {
    out.append(first_stream ? "{\"stream\":" : ",{\"stream\":");
    first_stream = false;
    AppendLabels(out, stream.first);
    out.append(",\"values\":[");
    bool first = true;
    for (const LokiEntry* entry : stream.second) {
      if (!first) out.push_back(',');
      first = false;
      AppendEntry(out, *entry, categorize);
    }
    out.append("]}");
  }
  out.append("],\"stats\":{\"summary\":{\"totalEntriesReturned\":");
  Append(out, entries.size(), "}}}}");
  return out;
}

}  // namespace spanlog::replay
