#include "replay/logql.h"

#include <re2/re2.h>

#include "base/text.h"
#include "replay/logql_lexer.h"
#include "replay/logql_lines.h"

namespace spanlog::replay {
namespace {

absl::StatusOr<std::shared_ptr<const re2::RE2>> Compile(const std::string& pattern) {
  auto regex = std::make_shared<const re2::RE2>(pattern, re2::RE2::Quiet);
  if (!regex->ok()) return absl::InvalidArgumentError("parse error : " + regex->error());
  return regex;
}

re2::StringPiece Piece(std::string_view text) { return {text.data(), text.size()}; }

// The value that a label filter sees.
std::string_view LabelOf(const LokiEntry& entry, const std::string& name) {
  for (const Labels* labels : {&entry.parsed, &entry.metadata, entry.stream.get()}) {
    const auto found = labels->find(name);
    if (found != labels->end()) return found->second;
  }
  return "";
}

// A name that the stream has already gets "_extracted"; metadata of the same name gives way.
void AddParsed(LokiEntry& entry, Labels found) {
  for (auto& [name, value] : found) {
    entry.parsed[entry.stream->count(name) != 0 ? name + "_extracted" : name] = std::move(value);
  }
}

absl::Status NoSelectiveMatcher() {
  return absl::InvalidArgumentError(
      "parse error : queries require at least one regexp or equality matcher that does not have an "
      "empty-compatible value. For instance, app=~\".*\" does not meet this requirement, but "
      "app=~\".+\" will");
}

}  // namespace

absl::StatusOr<LabelMatcher> LabelMatcher::Make(std::string name, std::string op,
                                                std::string value) {
  LabelMatcher matcher;
  matcher.name_ = std::move(name);
  matcher.op_ = std::move(op);
  const bool negated = matcher.op_[0] == '!';
  if (matcher.op_ == "=~" || matcher.op_ == "!~") {
    auto regex = Compile("(?s:" + value + ")");
    if (!regex.ok()) return regex.status();
    matcher.test_ = [regex = *regex, negated](std::string_view text) {
      return re2::RE2::FullMatch(Piece(text), *regex) != negated;
    };
  } else {
    matcher.test_ = [value = std::move(value), negated](std::string_view text) {
      return (text == value) != negated;
    };
  }
  return matcher;
}

bool LabelMatcher::IsSelective() const { return op_[0] == '=' && !Matches(""); }

bool LogQuery::Selects(const Labels& stream) const {
  for (const LabelMatcher& matcher : matchers_) {
    const auto found = stream.find(matcher.name());
    if (!matcher.Matches(found == stream.end() ? std::string_view() : found->second)) return false;
  }
  return true;
}

bool LogQuery::Keep(LokiEntry& entry) const {
  for (const LogStage& stage : stages_) {
    if (!stage(entry)) return false;
  }
  return true;
}

class LogQlParser {
 public:
  explicit LogQlParser(std::string_view text) : lexer_(text) {}

  absl::StatusOr<LogQuery> Parse() {
    LogQuery query;
    absl::Status status = Selector(query);
    while (status.ok() && !lexer_.AtEnd()) {
      auto stage = Stage();
      status = stage.status();
      if (stage.ok()) query.stages_.push_back(*std::move(stage));
    }
    if (!status.ok()) return status;
    return query;
  }

 private:
  absl::Status Selector(LogQuery& query) {
    if (!lexer_.Take("{")) return lexer_.Unexpected("{");
    bool selective = false;
    while (!lexer_.Take("}")) {
      if (!query.matchers_.empty()) {
        if (!lexer_.Take(",")) return lexer_.Unexpected("} or ,");
        if (lexer_.Take("}")) break;
      }
      auto matcher = Matcher();
      if (!matcher.ok()) return matcher.status();
      selective = selective || matcher->IsSelective();
      query.matchers_.push_back(*std::move(matcher));
    }
    return selective ? absl::OkStatus() : NoSelectiveMatcher();
  }

  absl::StatusOr<LabelMatcher> Matcher() {
    const std::string name = lexer_.Identifier();
    if (name.empty()) return lexer_.Unexpected("IDENTIFIER");
    const std::string op = lexer_.TakeOneOf({"=~", "!~", "!=", "==", "="});
    if (op.empty()) return lexer_.Unexpected("= or != or =~ or !~");
    auto value = lexer_.String();
    if (!value.ok()) return value.status();
    return LabelMatcher::Make(name, op, *std::move(value));
  }

  absl::StatusOr<LogStage> Stage() {
    const std::string op = lexer_.TakeOneOf({"|=", "|~", "!=", "!~", "|"});
    if (op.empty()) return lexer_.Unexpected("|");
    return op == "|" ? Pipe() : LineFilter(op);
  }

  absl::StatusOr<LogStage> LineFilter(const std::string& op) {
    std::vector<std::function<bool(std::string_view)>> tests;
    do {
      auto value = lexer_.String();
      if (!value.ok()) return value.status();
      if (op[1] == '~') {
        auto regex = Compile(*value);
        if (!regex.ok()) return regex.status();
        tests.push_back([regex = *regex](std::string_view line) {
          return re2::RE2::PartialMatch(Piece(line), *regex);
        });
      } else {
        tests.push_back([value = *value](std::string_view line) { return Contains(line, value); });
      }
    } while (lexer_.TakeWord("or"));
    const bool negated = op[0] == '!';
    return LogStage([tests, negated](LokiEntry& entry) {
      bool any = false;
      for (const auto& test : tests) any = any || test(entry.line);
      return any != negated;
    });
  }

  absl::StatusOr<LogStage> Pipe() {
    if (lexer_.TakeWord("json")) return LineParser("json", ParseJsonLine);
    if (lexer_.TakeWord("logfmt")) return LineParser("logfmt", ParseLogfmtLine);
    if (lexer_.TakeWord("decolorize")) return LogStage([](LokiEntry&) { return true; });
    if (lexer_.TakeWord("regexp")) return RegexpParser();
    for (const char* name : {"line_format", "label_format", "pattern", "unpack", "drop", "keep"}) {
      if (lexer_.TakeWord(name)) {
        return absl::UnimplementedError(Concat("| ", name, " is not evaluated by the fake Loki"));
      }
    }
    return OrFilter();
  }

  absl::StatusOr<LogStage> LineParser(std::string_view name, Labels (*parse)(std::string_view)) {
    if (!lexer_.AtEnd() && !lexer_.Peek("|") && !lexer_.Peek("!")) {
      return absl::UnimplementedError(
          Concat("| ", name, " with arguments is not evaluated by the fake Loki"));
    }
    return LogStage([parse](LokiEntry& entry) {
      AddParsed(entry, parse(entry.line));
      return true;
    });
  }

  absl::StatusOr<LogStage> RegexpParser() {
    auto pattern = lexer_.String();
    if (!pattern.ok()) return pattern.status();
    auto regex = Compile(*pattern);
    if (!regex.ok()) return regex.status();
    return LogStage([regex = *regex](LokiEntry& entry) {
      std::vector<re2::StringPiece> groups(regex->NumberOfCapturingGroups() + 1);
      Labels found;
      if (regex->Match(entry.line, 0, entry.line.size(), re2::RE2::UNANCHORED, groups.data(),
                       static_cast<int>(groups.size()))) {
        for (const auto& [name, index] : regex->NamedCapturingGroups()) {
          found[name] = std::string(groups[index]);
        }
      }
      AddParsed(entry, std::move(found));
      return true;
    });
  }

  // "and" and the comma bind tighter than "or".
  absl::StatusOr<LogStage> OrFilter() {
    auto left = AndFilter();
    while (left.ok() && lexer_.TakeWord("or")) {
      auto right = AndFilter();
      if (!right.ok()) return right;
      left = LogStage([a = *left, b = *right](LokiEntry& entry) { return a(entry) || b(entry); });
    }
    return left;
  }

  absl::StatusOr<LogStage> AndFilter() {
    auto left = OneFilter();
    while (left.ok() && (lexer_.TakeWord("and") || lexer_.Take(","))) {
      auto right = OneFilter();
      if (!right.ok()) return right;
      left = LogStage([a = *left, b = *right](LokiEntry& entry) { return a(entry) && b(entry); });
    }
    return left;
  }

  absl::StatusOr<LogStage> OneFilter() {
    if (lexer_.Take("(")) {
      auto inner = OrFilter();
      if (inner.ok() && !lexer_.Take(")")) return lexer_.Unexpected(")");
      return inner;
    }
    auto matcher = Matcher();
    if (!matcher.ok()) return matcher.status();
    return LogStage([matcher = *std::move(matcher)](LokiEntry& entry) {
      return matcher.Matches(LabelOf(entry, matcher.name()));
    });
  }

  LogQlLexer lexer_;
};

absl::StatusOr<LogQuery> LogQuery::Parse(std::string_view text) {
  return LogQlParser(text).Parse();
}

}  // namespace spanlog::replay
