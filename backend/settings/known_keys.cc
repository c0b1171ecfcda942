#include "settings/known_keys.h"

#include <algorithm>

#include "base/text.h"
#include "settings/parse.h"

namespace spanlog::settings {
namespace {

// Read by Grafana's core or by the frontend, not by this parser; each with all below it.
constexpr std::string_view kWholeKeys[] = {
    "jsonData.spanBar",         // colour and label of the bars in the trace view
    "jsonData.tracesToLogsV2",  // links from a span to a log datasource
    "jsonData.tracesToMetrics", "jsonData.tracesToProfiles",
    "jsonData.nodeGraph",       "jsonData.traceQuery",
    "jsonData.policy",  // read by the policy room
};

// What Grafana itself takes from a provisioning file's entry.
constexpr std::string_view kEntryKeys[] = {
    "name", "type", "uid", "orgId", "access", "isDefault", "editable", "version", "readOnly",
};

// httpHeaderName12 -> httpHeaderName1, prices[7] -> prices[0].
std::string Normalised(std::string_view key) {
  std::string out;
  bool in_number = false;
  for (size_t i = 0; i < key.size(); ++i) {
    const char c = key[i];
    const bool digit = c >= '0' && c <= '9';
    if (digit && !in_number) out.push_back(i > 0 && key[i - 1] == '[' ? '0' : '1');
    if (!digit) out.push_back(c);
    in_number = digit;
  }
  return out;
}

}  // namespace

std::vector<std::string> KnownKeys() {
  ReadState state;
  ReadSettings(RawSettings{}, nlohmann::json::object(), state);
  std::vector<std::string> keys = std::move(state.keys);
  for (const std::string_view key : kWholeKeys) keys.emplace_back(key);
  for (const std::string_view key : kEntryKeys) keys.emplace_back(key);
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return keys;
}

bool IsKnownKey(std::string_view key) {
  for (const std::string_view whole : kWholeKeys) {
    if (key == whole || StartsWith(key, Concat(whole, "."))) return true;
  }
  const std::vector<std::string> known = KnownKeys();
  // The second letter group of tracesToLogsV2 is no number: try the key as it is first.
  return std::binary_search(known.begin(), known.end(), std::string(key)) ||
         std::binary_search(known.begin(), known.end(), Normalised(key));
}

}  // namespace spanlog::settings
