// The transcript as Markdown. Texts stand in fences: they are shown as they are, markup and all.
#include <algorithm>

#include "base/text.h"
#include "export/formats.h"
#include "export/printable.h"
#include "export/words.h"

namespace spanlog::exports {
namespace {

// A fence must be longer than any run of backticks in the text.
std::string FenceFor(std::string_view text) {
  size_t longest = 0;
  size_t run = 0;
  for (const char c : text) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return std::string(std::max<size_t>(3, longest + 1), '`');
}

void AppendFenced(std::string& out, std::string_view sent) {
  if (sent.empty()) return;
  const std::string text = Printable(sent);
  const bool is_json = text[0] == '{' || text[0] == '[';
  const std::string fence = FenceFor(text);
  Append(out, "\n", fence, is_json ? "json" : "text", "\n", text, text.back() == '\n' ? "" : "\n",
         fence, "\n");
}

// Names from a trace inside a heading or a list must not be markup.
std::string Escaped(std::string_view text) {
  std::string out;
  for (const char c : PrintableLine(text)) {
    if (std::string_view("\\`*_{}[]<>#|&!~$").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

}  // namespace

std::string TranscriptMarkdown(const weave::Woven& woven, const Conversation& conversation) {
  std::string out =
      Concat("# ", Escaped(RunHeading(conversation)), "\n\nTrace `", woven.trace_id, "`\n");
  for (const weave::Notice& notice : woven.notices) {
    Append(out, "\n> **Note:** ", Escaped(notice.text), "\n");
  }
  for (const Section& section : conversation.sections) {
    Append(out, "\n## ", Escaped(SectionHeading(section)), "\n");
    for (const Entry& entry : section.entries) {
      if (entry.kind == EntryKind::kHistory) {
        Append(out, "\n*", Escaped(entry.text), "*\n");
        continue;
      }
      Append(out, "\n**", Escaped(EntryHeading(entry)), "**\n");
      AppendFenced(out, EntryBody(entry));
      if (!entry.hint.empty()) Append(out, "\n", Escaped(entry.hint), "\n");
    }
  }
  const std::string omissions = Omissions(conversation);
  if (!omissions.empty()) Append(out, "\n", omissions, "\n");
  return out;
}

}  // namespace spanlog::exports
