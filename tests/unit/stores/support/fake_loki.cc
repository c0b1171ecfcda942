#include "support/fake_loki.h"

#include <re2/re2.h>

#include <algorithm>
#include <functional>
#include <set>

#include "base/text.h"

namespace spanlog::stores::testing {
namespace {

using nlohmann::json;

struct Broken {
  std::string what;
};

// Reads the LogQL forms {a="x", b=~"y"} | k="v" or k2="v2" |= "text" |~ "regex".
class Query {
 public:
  explicit Query(std::string_view text) : text_(text) {
    Expect("{");
    while (true) {
      matchers_.push_back(Comparison());
      Space();
      if (Take("}")) break;
      Expect(",");
    }
    for (Space(); !text_.empty(); Space()) ReadStage();
  }

  bool Selects(const Entry& entry) const {
    for (const auto& matcher : matchers_) {
      if (!matcher(entry.stream, {})) return false;
    }
    for (const auto& stage : stages_) {
      if (!stage(entry)) return false;
    }
    return true;
  }

 private:
  using Test = std::function<bool(const LabelMap&, const LabelMap&)>;

  void Space() { text_ = TrimSpace(text_); }
  bool Take(std::string_view token) {
    Space();
    if (!StartsWith(text_, token)) return false;
    text_.remove_prefix(token.size());
    return true;
  }
  void Expect(std::string_view token) {
    if (!Take(token)) throw Broken{Concat("expected ", token, " at ", text_)};
  }

  std::string Quoted() {
    Expect("\"");
    std::string out;
    while (!text_.empty() && text_.front() != '"') {
      if (text_.front() == '\n') throw Broken{"newline in string"};
      if (text_.front() == '\\') {
        text_.remove_prefix(1);
        if (text_.front() == 'n') {
          out.push_back('\n');
        } else if (text_.front() == 'x') {
          out.push_back(static_cast<char>(std::stoi(std::string(text_.substr(1, 2)), nullptr, 16)));
          text_.remove_prefix(2);
        } else if (text_.front() == '"' || text_.front() == '\\') {
          out.push_back(text_.front());
        } else {
          throw Broken{"unknown escape"};
        }
      } else {
        out.push_back(text_.front());
      }
      text_.remove_prefix(1);
    }
    Expect("\"");
    return out;
  }

  Test Comparison() {
    Space();
    size_t end = 0;
    while (end < text_.size() &&
           (std::isalnum(static_cast<unsigned char>(text_[end])) || text_[end] == '_'))
      ++end;
    if (end == 0) throw Broken{Concat("expected a label at ", text_)};
    const std::string key(text_.substr(0, end));
    text_.remove_prefix(end);
    const bool regex = Take("=~");
    if (!regex) Expect("=");
    const std::string value = Quoted();
    return [=](const LabelMap& stream, const LabelMap& metadata) {
      const auto in_metadata = metadata.find(key);
      const auto in_stream = stream.find(key);
      const std::string actual = in_metadata != metadata.end() ? in_metadata->second
                                 : in_stream != stream.end()   ? in_stream->second
                                                               : "";
      return regex ? re2::RE2::FullMatch(actual, value) : actual == value;
    };
  }

  void ReadStage() {
    if (Take("|=")) {
      const std::string part = Quoted();
      stages_.push_back([=](const Entry& entry) { return Contains(entry.line, part); });
    } else if (Take("|~")) {
      const std::string regex = Quoted();
      stages_.push_back(
          [=](const Entry& entry) { return re2::RE2::PartialMatch(entry.line, regex); });
    } else {
      Expect("|");
      std::vector<Test> any = {Comparison()};
      while (Take("or ")) any.push_back(Comparison());
      stages_.push_back([=](const Entry& entry) {
        return std::any_of(any.begin(), any.end(),
                           [&](const Test& test) { return test(entry.stream, entry.metadata); });
      });
    }
  }

  std::string_view text_;
  std::vector<Test> matchers_;
  std::vector<std::function<bool(const Entry&)>> stages_;
};

std::string Encode(const std::vector<Entry>& entries, bool categorise) {
  std::map<LabelMap, json> streams;
  for (const Entry& entry : entries) {
    LabelMap labels = entry.stream;
    json tuple = {std::to_string(entry.time_ns), entry.line};
    if (categorise) {
      json extras = json::object();
      if (!entry.metadata.empty()) extras["structuredMetadata"] = entry.metadata;
      tuple.push_back(extras);
    } else {
      labels.insert(entry.metadata.begin(), entry.metadata.end());
    }
    streams[labels].push_back(tuple);
  }
  json result = json::array();
  for (const auto& [labels, values] : streams) {
    result.push_back({{"stream", labels}, {"values", values}});
  }
  return json{{"status", "success"}, {"data", {{"resultType", "streams"}, {"result", result}}}}
      .dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace

void FakeLoki::Load(const std::string& body) {
  const json answer = json::parse(body);
  std::set<std::tuple<LabelMap, int64_t, std::string, LabelMap>> known;
  for (const Entry& entry : entries_) {
    known.emplace(entry.stream, entry.time_ns, entry.line, entry.metadata);
  }
  for (const json& stream : answer["data"]["result"]) {
    for (const json& tuple : stream["values"]) {
      Entry entry;
      entry.stream = stream["stream"].get<LabelMap>();
      entry.time_ns = std::stoll(tuple[0].get<std::string>());
      entry.line = tuple[1];
      entry.metadata = tuple[2].value("structuredMetadata", LabelMap());
      if (!known.contains({entry.stream, entry.time_ns, entry.line, entry.metadata})) {
        entries_.push_back(std::move(entry));
      }
    }
  }
}

void FakeLoki::Load(const Case& recorded) {
  for (const char* file : {"loki.json", "loki_traceid.json", "loki_line.json", "loki.t2.json",
                           "loki_page2_start_eq_last.json"}) {
    if (recorded.Has(file)) Load(recorded.File(file));
  }
}

http::Response FakeLoki::Reply(const Asked& asked) {
  if (EndsWith(asked.path, "/query_range")) return QueryRange(asked);
  if (EndsWith(asked.path, "/labels")) {
    std::set<std::string> names;
    for (const Entry& entry : entries_) {
      for (const auto& [key, value] : entry.stream) names.insert(key);
    }
    json answer = {{"status", "success"}};
    if (!names.empty()) answer["data"] = names;
    return Answer(200, answer.dump());
  }
  problems.push_back("unknown path " + asked.path);
  return Answer(404, "404 page not found", "text/plain");
}

http::Response FakeLoki::QueryRange(const Asked& asked) {
  const auto param = [&](const char* name) {
    const auto found = asked.params.find(name);
    return found == asked.params.end() ? std::string() : found->second;
  };
  if (asked.Header("X-Loki-Response-Encoding-Flags") != "categorize-labels") {
    problems.push_back("no categorize-labels");
  }
  if (param("start").size() != 19 || param("end").size() != 19)
    problems.push_back("times not in ns");
  if (param("direction") != "forward") problems.push_back("not forward");
  const int limit = std::stoi(Concat("0", param("limit")));
  if (limit <= 0) return Answer(400, "limit must be a positive value", "text/plain");
  if (limit > max_entries) {
    return Answer(
        400,
        Concat("max entries limit per query exceeded, limit > max_entries_limit_per_query (", limit,
               " > ", max_entries, ")"),
        "text/plain");
  }
  try {
    const Query query(param("query"));
    const int64_t start = std::stoll(param("start")), end = std::stoll(param("end"));
    std::vector<Entry> hits;
    for (const Entry& entry : entries_) {
      if (entry.time_ns >= start && entry.time_ns < end && query.Selects(entry))
        hits.push_back(entry);
    }
    std::stable_sort(hits.begin(), hits.end(),
                     [](const Entry& a, const Entry& b) { return a.time_ns < b.time_ns; });
    if (hits.size() > static_cast<size_t>(limit)) hits.resize(static_cast<size_t>(limit));
    return Answer(200, Encode(hits, categorise));
  } catch (const Broken& broken) {
    problems.push_back(Concat(broken.what, " in ", param("query")));
    return Answer(400, "parse error at line 1, col 1: " + broken.what, "text/plain");
  }
}

}  // namespace spanlog::stores::testing
