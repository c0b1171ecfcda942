#include "fixture.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>

#include "base/text.h"
#include "genai/reader.h"
#include "stores/identity.h"
#include "stores/layout/record_layout.h"
#include "stores/loki/response_reader.h"
#include "stores/otlp/otlp_reader.h"

namespace spanlog::genai::testing {
namespace {

using nlohmann::json;

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream content;
  content << file.rdbuf();
  return content.str();
}

std::string RoleOf(const std::string& role) {
  if (role == "eval") return "evaluation";
  if (role == "developer") return "system";
  return role;
}

std::string RoleText(Role role) {
  static const char* const kNames[] = {"system", "user", "assistant", "tool", "evaluation"};
  return kNames[static_cast<int>(role)];
}

std::string KindText(PartKind kind) {
  static const char* const kNames[] = {"text",        "reasoning", "tool_call",
                                       "tool_result", "media",     "evaluation"};
  return kNames[static_cast<int>(kind)];
}

bool JsonEqual(std::string_view text, const json& expected) {
  if (expected.is_string() && expected.get<std::string>() == text) return true;
  const json actual = json::parse(text.begin(), text.end(), nullptr, false);
  return !actual.is_discarded() && actual == expected;
}

bool IsExpected(const Message& message, const json& fact, const Trace& trace) {
  const std::string span_id = fact["span_id"];
  if (message.span == kNoIndex || SpanIdHex(trace.spans[message.span].span_id) != span_id) {
    return false;
  }
  if (fact.contains("direction") &&
      (fact["direction"] == "out") != (message.direction == Direction::kOutput)) {
    return false;
  }
  if (fact["role"].is_string() && RoleOf(fact["role"]) != RoleText(message.role)) return false;
  if (KindText(message.kind) != fact["kind"]) return false;
  if (fact["text"].is_string()) {
    const std::string text = fact["text"];
    const bool is_head = fact.value("text_is_head", false);
    if (is_head ? !StartsWith(message.text, text) || message.text.size() != fact["text_bytes"]
                : message.text != text) {
      return false;
    }
  } else if (fact["kind"] == "evaluation" && message.text != message.name) {
    return false;  // without an explanation the verdict is the text
  }
  if (fact.contains("media") && fact["media"].contains("uri") &&
      !Contains(message.text, fact["media"]["uri"].get<std::string>())) {
    return false;
  }
  if (!fact.contains("tool") || !fact["tool"].is_object()) return true;
  const json& tool = fact["tool"];
  if (tool.contains("name") && tool["name"] != std::string(message.tool.name)) return false;
  if (tool.contains("id") && tool["id"] != std::string(message.tool.id)) return false;
  if (tool.contains("arguments") && !JsonEqual(message.tool.arguments, tool["arguments"])) {
    return false;
  }
  const std::string_view result = message.tool.result.empty() ? message.text : message.tool.result;
  return !tool.contains("result") || JsonEqual(result, tool["result"]);
}

// Can the message be in what the stores gave?
bool IsCarried(const RecordedCase& recorded, const json& fact) {
  if (!fact.contains("carried_by")) return true;
  for (const json& where : fact["carried_by"]) {
    const std::string place = where.get<std::string>();
    if (Contains(place, "(cut by Tempo)")) continue;
    // Loki refused the details event of this case.
    if (recorded.name == "g2-history-64k" && StartsWith(place, "log_attribute")) continue;
    return true;
  }
  return false;
}

}  // namespace

RecordedCase LoadCase(const std::string& name, const std::string& part) {
  const std::string dir = std::string(SPANLOG_FIXTURES) + "/" + name + "/";
  const std::string infix = part.empty() ? "." : "." + part + ".";
  RecordedCase recorded;
  recorded.name = name;
  recorded.facts = json::parse(ReadFile(dir + "meta.json"))["facts"];

  std::string body = ReadFile(dir + "tempo_v2" + infix + "pb");
  EXPECT_TRUE(stores::ReadTraceByIdResponse(std::move(body), recorded.trace).ok()) << name;
  stores::MakeSane(recorded.trace);

  stores::LokiAnswers answers;
  const std::string logs = ReadFile(dir + "loki" + infix + "json");
  EXPECT_TRUE(answers.Add(logs).ok()) << name;
  recorded.logs = std::move(answers.batch());
  recorded.logs.tried = {"{recorded}"};
  stores::SortByTime(recorded.logs.records, 0);
  auto arena = std::make_shared<Arena>();
  stores::RecordLayout layout(*stores::LayoutOptions::Create({}, ""), recorded.trace.id, *arena);
  for (LogRecord& record : recorded.logs.records) layout.Read(recorded.logs.streams, record);
  recorded.logs.arenas.push_back(arena);
  recorded.reading = Read(recorded.trace, recorded.logs);
  return recorded;
}

Score ScoreMessages(const RecordedCase& recorded) {
  Score score;
  std::map<std::string, int> wanted;  // the same message may rightly be there twice
  std::map<std::string, json> facts;
  // These list each message once per place it was sent in.
  const bool lists_twice =
      recorded.name == "nested-agents-dup" || recorded.name == "g2-structured-span";
  // Two model calls of these share one span, which has their inputs once.
  // Two records of Gemini CLI carry one message.
  const bool shares_span =
      StartsWith(recorded.name, "google-genai") || StartsWith(recorded.name, "gemini-cli");
  for (json fact : recorded.facts["messages"]) {
    const uint64_t span_id = ParseSpanId(fact["span_id"].get<std::string>());
    bool in_trace = false;
    for (const Span& span : recorded.trace.spans) in_trace |= span.span_id == span_id;
    if (!in_trace) continue;
    if (lists_twice && fact["source"] == "log") continue;
    if (!IsCarried(recorded, fact)) {
      ++score.not_carried;
      continue;
    }
    json key = fact;
    for (const char* unlike : {"carried_by", "source", "log", "choice", "finish_reason", "call"}) {
      key.erase(unlike);
    }
    int& count = wanted[key.dump()];
    count = shares_span ? 1 : count + 1;
    facts[key.dump()] = fact;
  }
  for (const auto& [key, count] : wanted) {
    int found = 0;
    for (const Message& message : recorded.reading.messages) {
      found += IsExpected(message, facts[key], recorded.trace) ? 1 : 0;
    }
    score.expected += count;
    if (found == count) {
      score.found_once += count;
    } else {
      score.problems.push_back(Concat("found ", found, " instead of ", count, ": ", key));
    }
  }
  return score;
}

std::string Print(const RecordedCase& recorded) {
  std::string out;
  for (const Message& message : recorded.reading.messages) {
    Append(out, "  ",
           message.span == kNoIndex ? std::string_view("(no span)")
                                    : recorded.trace.spans[message.span].name,
           message.direction == Direction::kInput ? " < " : " > ", RoleText(message.role), ' ',
           KindText(message.kind), " status=", static_cast<int>(message.status),
           " sources=", static_cast<int>(message.sources),
           " record=", message.record == kNoIndex ? -1 : static_cast<int>(message.record), ' ',
           message.tool.name, ' ', message.tool.id, ' ', message.tool.arguments, " | ",
           message.text.substr(0, 100), '\n');
  }
  for (size_t i = 0; i < recorded.reading.records.size(); ++i) {
    const RecordView& view = recorded.reading.records[i];
    Append(out, "  record ", i, view.is_message ? " (message) " : " ", view.title,
           " match=", view.match, '\n');
  }
  for (const std::string& finding : recorded.reading.findings) Append(out, "  ! ", finding, '\n');
  return out;
}

}  // namespace spanlog::genai::testing
