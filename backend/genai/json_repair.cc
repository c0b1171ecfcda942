#include "genai/json_repair.h"

#include <array>
#include <vector>

#include "genai/json_string.h"

namespace spanlog::genai {
namespace {

constexpr size_t kMaxDepth = 128;

bool IsBlank(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

enum class Step { kOk, kCut, kNoJson };

// One pass over the text, writing strict JSON. The state is the stack of open containers and what
// may come next in the innermost one.
class Repairer {
 public:
  explicit Repairer(std::string_view text) : in_(text) {}

  std::optional<RepairedJson> Run() {
    const Step step = Walk();
    if (step == Step::kNoJson) return std::nullopt;
    if (step == Step::kOk) {
      result_.sent_size = out().size();
      return std::move(result_);
    }
    result_.was_cut = true;
    DropHalfMember();
    result_.sent_size = out().size() - (result_.cut_string == RepairedJson::kNone ? 0 : 1);
    while (!open_.empty()) {
      out() += open_.back().closer;
      open_.pop_back();
    }
    return std::move(result_);
  }

 private:
  struct Open {
    char closer;
    char source_closer;
    bool is_object = false;
    size_t member_begin = RepairedJson::kNone;  // in the output, with the comma before it
    bool has_key = false;                       // the key of the current member is written
    bool has_value = false;                     // … and its value
    bool any = false;                           // a member or item was written
  };

  std::string& out() { return result_.text; }
  bool AtEnd() const { return at_ >= in_.size(); }

  Step Walk() {
    out().reserve(in_.size() + 16);
    do {
      while (!AtEnd() && IsBlank(in_[at_])) ++at_;
      if (AtEnd()) return Step::kCut;
      const Step step = Token();
      if (step != Step::kOk) return step;
    } while (!open_.empty());
    while (!AtEnd() && IsBlank(in_[at_])) ++at_;
    return AtEnd() ? Step::kOk : Step::kNoJson;
  }

  Step Token() {
    const char c = in_[at_];
    if (!open_.empty() && c == open_.back().source_closer) return Close();
    switch (c) {
      case ',':
        if (open_.empty() || !open_.back().has_value) return Step::kNoJson;
        open_.back().has_key = open_.back().has_value = false;
        ++at_;
        return Step::kOk;
      case ':':
        if (open_.empty() || !open_.back().is_object || !open_.back().has_key || colon_ ||
            open_.back().has_value) {
          return Step::kNoJson;
        }
        out() += ':';
        colon_ = true;
        ++at_;
        return Step::kOk;
      case '{':
      case '[':
      case '(':
        return OpenContainer(c);
      case '"':
      case '\'':
        return String(c);
      default:
        return Word();
    }
  }

  // Called before each value and key. False when none may come here.
  bool Begin(bool is_string) {
    if (open_.empty()) return out().empty();
    Open& open = open_.back();
    if (open.has_value) return false;
    if (open.is_object && open.has_key) return colon_;
    if (open.is_object && !is_string) return false;
    open.member_begin = out().size();
    if (open.any) out() += ',';
    return true;
  }
  void End(bool was_key) {
    if (open_.empty()) return;
    Open& open = open_.back();
    if (was_key) {
      open.has_key = true;
      colon_ = false;
    } else {
      open.has_value = true;
      open.any = true;
      open.has_key = open.is_object;
      colon_ = false;
    }
  }
  bool NextIsKey() const {
    return !open_.empty() && open_.back().is_object && !open_.back().has_key;
  }

  Step OpenContainer(char c) {
    if (!Begin(false) || open_.size() >= kMaxDepth) return Step::kNoJson;
    // The member counts as written from here: a container that is cut is closed, not dropped.
    End(false);
    Open open;
    open.is_object = c == '{';
    open.closer = open.is_object ? '}' : ']';
    open.source_closer = c == '(' ? ')' : open.closer;
    open_.push_back(open);
    out() += open.is_object ? '{' : '[';
    ++at_;
    return Step::kOk;
  }

  Step Close() {
    const Open& open = open_.back();
    if (open.is_object && open.has_key && !open.has_value) return Step::kNoJson;
    out() += open.closer;
    open_.pop_back();
    ++at_;
    return Step::kOk;
  }

  Step String(char quote) {
    const bool is_key = NextIsKey();
    if (!Begin(true)) return Step::kNoJson;
    const size_t begin = out().size();
    const bool is_whole = CopyString(in_, at_, quote, out());
    if (!is_whole && is_key) {
      out().resize(begin);
      return Step::kCut;
    }
    if (!is_whole) result_.cut_string = begin;
    End(is_key);
    return is_whole ? Step::kOk : Step::kCut;
  }

  // A number, a literal, or the prefix of a Python string.
  Step Word() {
    size_t end = at_;
    while (end < in_.size() && (IsLetter(in_[end]) || IsDigit(in_[end]) || in_[end] == '+' ||
                                in_[end] == '-' || in_[end] == '.')) {
      ++end;
    }
    const std::string_view word = in_.substr(at_, end - at_);
    if (word.empty()) return Step::kNoJson;
    if (end < in_.size() && (in_[end] == '"' || in_[end] == '\'') && word.size() <= 2 &&
        word.find_first_not_of("uUbBrR") == std::string_view::npos) {
      at_ = end;
      return Step::kOk;
    }
    // A number that the end of the text may have cut is no number anyone sent.
    if (end == in_.size()) return Step::kCut;
    const std::string_view literal = Literal(word);
    if (literal.empty() || NextIsKey() || !Begin(false)) return Step::kNoJson;
    // The parser reads integers of 64 bits; a longer one is an id in all but name.
    const bool is_long = literal.size() > 19 && literal.find_first_of(".eE") == literal.npos;
    if (is_long) out() += '"';
    out() += literal;
    if (is_long) out() += '"';
    at_ = end;
    End(false);
    return Step::kOk;
  }

  static std::string_view Literal(std::string_view word) {
    struct Spelling {
      std::string_view from, to;
    };
    static constexpr std::array<Spelling, 12> kSpellings = {{{"true", "true"},
                                                             {"True", "true"},
                                                             {"false", "false"},
                                                             {"False", "false"},
                                                             {"null", "null"},
                                                             {"None", "null"},
                                                             {"undefined", "null"},
                                                             {"NaN", "null"},
                                                             {"nan", "null"},
                                                             {"Infinity", "null"},
                                                             {"-Infinity", "null"},
                                                             {"inf", "null"}}};
    for (const Spelling& spelling : kSpellings) {
      if (word == spelling.from) return spelling.to;
    }
    return IsDigit(word.front()) || word.front() == '-' ? word : std::string_view();
  }

  // A key without its value, or a colon without it.
  void DropHalfMember() {
    if (open_.empty()) return;
    const Open& open = open_.back();
    if (open.has_value || open.member_begin == RepairedJson::kNone) return;
    // Without a current member there is nothing after the last whole one but blanks.
    if (out().size() > open.member_begin && (open.has_key || out().back() == ',')) {
      out().resize(open.member_begin);
    }
  }

  std::string_view in_;
  size_t at_ = 0;
  bool colon_ = false;
  std::vector<Open> open_;
  RepairedJson result_;
};

}  // namespace

std::optional<RepairedJson> RepairJson(std::string_view text) { return Repairer(text).Run(); }

}  // namespace spanlog::genai
