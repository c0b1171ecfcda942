// Every key of the provisioning files must mean something to someone.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cctype>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "base/text.h"
#include "settings/known_keys.h"

namespace spanlog::settings {
namespace {

struct Line {
  size_t indent;
  std::string key;  // empty for a line that names none
};

// Reads the block style that the files are written in: `key: value`, `- key: value` and flow lists
// of flow objects. Returns full key paths below one entry of `datasources`.
class YamlKeys {
 public:
  std::vector<std::string> Of(const std::string& text) {
    std::istringstream lines(text);
    std::string line;
    while (std::getline(lines, line)) Read(WithoutHash(line));
    return keys_;
  }

 private:
  // Examples that are commented out must be right too: `# key: value` is read, prose is not.
  static std::string WithoutHash(const std::string& line) {
    const size_t hash = line.find_first_not_of(' ');
    if (hash == line.npos || line.compare(hash, 2, "# ") != 0) return line;
    const std::string_view rest = TrimSpace(std::string_view(line).substr(hash + 1));
    size_t word = StartsWith(rest, "- { ") ? 4 : 0;
    while (word < rest.size() && std::isalnum(static_cast<unsigned char>(rest[word]))) ++word;
    if (word == 0 || word >= rest.size() || rest[word] != ':') return line;
    return line.substr(0, hash) + line.substr(hash + 2);
  }

  void Read(std::string_view line) {
    const size_t comment = line.find(" #");
    if (comment != line.npos) line = line.substr(0, comment);
    size_t indent = line.find_first_not_of(' ');
    if (indent == line.npos || line[indent] == '#') return;
    bool item = false;
    if (line[indent] == '-' && indent + 1 < line.size() && line[indent + 1] == ' ') {
      item = true;
      indent += 2;
    }
    // Inside a block scalar (a PEM, a query) nothing is a key.
    if (block_indent_ != 0) {
      if (indent >= block_indent_) return;
      block_indent_ = 0;
    }
    const size_t colon = line.find(':', indent);
    if (colon == line.npos || line[indent] == '"') return;
    while (!stack_.empty() && stack_.back().indent >= indent) stack_.pop_back();
    if (item && line[indent] == '{') {
      if (!EndsWith(stack_.back().key, "[0]")) stack_.back().key += "[0]";
      return AddFlowObject(line.substr(indent));
    }
    const std::string key(line.substr(indent, colon - indent));
    if (item && !stack_.empty() && stack_.back().key != "datasources" &&
        !EndsWith(stack_.back().key, "[0]")) {
      stack_.back().key += "[0]";
    }
    stack_.push_back({indent, key});
    const std::string_view value = TrimSpace(line.substr(colon + 1));
    if (value == "|" || value == ">" || value == "|-") block_indent_ = indent + 1;
    if (Contains(value, "{") && value[0] == '[') return AddFlow(value);
    if (!value.empty() && value[0] == '{') return AddFlowObject(value);
    if (!value.empty()) keys_.push_back(Path());
  }

  void AddFlow(std::string_view value) {
    stack_.back().key += "[0]";
    AddFlowObject(value);
  }

  void AddFlowObject(std::string_view value) {
    size_t at = 0;
    while (at < value.size()) {
      const size_t colon = value.find(": ", at);
      if (colon == value.npos) return;
      const size_t start = value.find_last_of("{, ", colon - 1);
      keys_.push_back(Concat(Path(), ".", value.substr(start + 1, colon - start - 1)));
      at = colon + 1;
    }
  }

  std::string Path() const {
    std::string path;
    bool below_entry = false;
    for (const Line& line : stack_) {
      if (below_entry) Append(path, path.empty() ? "" : ".", line.key);
      if (line.key == "datasources" || line.key == "deleteDatasources") below_entry = true;
    }
    return below_entry ? path : std::string();
  }

  std::vector<Line> stack_;
  std::vector<std::string> keys_;
  size_t block_indent_ = 0;
};

TEST(KnownKeysTest, HoldTheKeysOfBothStores) {
  for (const char* key :
       {"url", "basicAuthUser", "jsonData.timeout", "jsonData.logs.timeout",
        "jsonData.logs.tags[0].key", "jsonData.prices[0].cacheWrite", "jsonData.httpHeaderName1",
        "jsonData.httpHeaderName12", "jsonData.logs.httpHeaderName2", "jsonData.prices[3].model",
        "secureJsonData.httpHeaderValue3", "secureJsonData.logsHttpHeaderValue1",
        "secureJsonData.logsBasicAuthPassword", "secureJsonData.logsTlsCACert",
        "secureJsonData.tlsClientKey", "jsonData.tracesToLogsV2.datasourceUid",
        "jsonData.spanBar.type", "jsonData.logs.sameAsTraces"}) {
    EXPECT_TRUE(IsKnownKey(key)) << key;
  }
  for (const char* key : {"jsonData.nothing", "jsonData.logs.tag[0].key",
                          "secureJsonData.logstlsCACert", "jsonData.spanBarX", "jsonData"}) {
    EXPECT_FALSE(IsKnownKey(key)) << key;
  }
}

TEST(KnownKeysTest, HoldEveryKeyOfTheProvisioningFiles) {
  size_t files = 0;
  size_t checked = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(SPANLOG_PROVISIONING)) {
    const std::filesystem::path path = entry.path();
    if (path.extension() != ".yaml" && path.extension() != ".yml") continue;
    std::ifstream file(path);
    std::stringstream text;
    text << file.rdbuf();
    if (!Contains(text.str(), "spanlog-trace-datasource")) continue;
    ++files;
    for (const std::string& key : YamlKeys().Of(text.str())) {
      if (key.empty()) continue;
      ++checked;
      EXPECT_TRUE(IsKnownKey(key)) << path.filename() << " sets " << key << ", which nothing reads";
    }
  }
  EXPECT_GE(files, 3u) << "too few provisioning files for the plugin in " << SPANLOG_PROVISIONING;
  EXPECT_GT(checked, 20u);
}

}  // namespace
}  // namespace spanlog::settings
