#include "cli/run.h"

#include <cstdio>
#include <string_view>

#include "base/text.h"
#include "cli/options.h"
#include "cli/source.h"
#include "cli/trace_view.h"
#include "cli/waterfall.h"
#include "export/printable.h"
#include "frame/frame_json.h"

namespace spanlog::cli {
namespace {

absl::StatusOr<std::string> Render(Source& source, const Options& options,
                                   const Terminal& terminal) {
  if (options.format) {
    absl::StatusOr<std::string> document = source.Document(*options.format);
    // A file gets the texts as they are; a terminal must not obey them.
    if (document.ok() && terminal.direct) return exports::Printable(*document);
    return document;
  }
  absl::StatusOr<frame::FrameColumns> frame = source.Trace();
  if (!frame.ok()) return frame.status();
  if (options.json) {
    std::string json = frame::ToFrameJson(*frame);
    json += '\n';
    return terminal.direct ? exports::Printable(json) : json;
  }
  absl::StatusOr<TraceView> view = BuildTraceView(*frame);
  if (!view.ok()) return view.status();
  return DrawWaterfall(*view, terminal);
}

bool Print(std::FILE* file, std::string_view text) {
  return std::fwrite(text.data(), 1, text.size(), file) == text.size() && std::fflush(file) == 0;
}

}  // namespace

int Run(int argc, const char* const* argv) {
  const std::variant<Options, Finished> parsed = ParseOptions(argc, argv);
  if (const auto* finished = std::get_if<Finished>(&parsed)) {
    Print(stdout, finished->out);
    Print(stderr, finished->err);
    return finished->exit_code;
  }
  const Options& options = std::get<Options>(parsed);
  absl::StatusOr<std::unique_ptr<Source>> source =
      options.plugin.empty() ? OpenStores(options) : OpenPlugin(options);
  absl::StatusOr<std::string> text =
      source.ok() ? Render(**source, options, DetectTerminal(options.color, options.width))
                  : absl::StatusOr<std::string>(source.status());
  if (!text.ok()) {
    Print(stderr,
          Concat("spanlog: ", exports::Printable(std::string(text.status().message())), "\n"));
    return 1;
  }
  // A reader that closed its end early, such as head, has seen enough.
  return Print(stdout, *text) ? 0 : 1;
}

}  // namespace spanlog::cli
