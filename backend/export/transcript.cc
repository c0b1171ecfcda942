// The readable transcript.
#include "base/text.h"
#include "export/formats.h"
#include "export/printable.h"
#include "export/words.h"

namespace spanlog::exports {
namespace {

void AppendIndented(std::string& out, std::string_view text) {
  const std::string printable = Printable(text);
  std::string_view rest = printable;
  while (!rest.empty() && rest.back() == '\n') rest.remove_suffix(1);
  if (rest.empty()) return;
  while (true) {
    const size_t end = rest.find('\n');
    const std::string_view line = rest.substr(0, end);
    if (!line.empty()) Append(out, "    ", line);
    out += '\n';
    if (end == std::string_view::npos) return;
    rest.remove_prefix(end + 1);
  }
}

}  // namespace

std::string TranscriptText(const weave::Woven& woven, const Conversation& conversation) {
  std::string out =
      Concat(PrintableLine(RunHeading(conversation)), "\ntrace ", woven.trace_id, "\n");
  for (const weave::Notice& notice : woven.notices) {
    Append(out, "! ", PrintableLine(notice.text), "\n");
  }
  for (const Section& section : conversation.sections) {
    Append(out, "\n── ", PrintableLine(SectionHeading(section)), " ──\n");
    for (const Entry& entry : section.entries) {
      if (entry.kind == EntryKind::kHistory) {
        Append(out, "\n(", PrintableLine(entry.text), ")\n");
        continue;
      }
      Append(out, "\n", PrintableLine(EntryHeading(entry)), "\n");
      AppendIndented(out, EntryBody(entry));
      AppendIndented(out, entry.hint);
    }
  }
  const std::string omissions = Omissions(conversation);
  if (!omissions.empty()) Append(out, "\n", omissions, "\n");
  return out;
}

}  // namespace spanlog::exports
