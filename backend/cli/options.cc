#include "cli/options.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <sstream>

#include "base/text.h"

namespace spanlog::cli {
namespace {

using Json = nlohmann::json;

constexpr char kExamples[] =
    "Examples:\n"
    "  spanlog show 4bf92f3577b34da6a3ce929d0e0e4736 --tempo http://localhost:3200 --loki "
    "http://localhost:3100\n"
    "  spanlog show ID --tempo URL --loki URL --transcript\n"
    "Exit codes: 0 shown, 1 failed, 2 wrong command line.";

// "Name: value"; false when there is no name.
bool AddHeader(const std::string& line, Options& options) {
  const size_t colon = line.find(':');
  if (colon == 0 || colon == std::string::npos) return false;
  options.headers.emplace_back(std::string(TrimSpace(std::string_view(line).substr(0, colon))),
                               std::string(TrimSpace(std::string_view(line).substr(colon + 1))));
  return !options.headers.back().first.empty();
}

Finished WrongUsage(const std::string& what) {
  return {2, "", Concat("spanlog: ", what, "\nTry spanlog show --help.\n")};
}

}  // namespace

std::variant<Options, Finished> ParseOptions(int argc, const char* const* argv) {
  Options options;
  std::string tempo, jaeger, zipkin, history, lanes, color;
  std::vector<std::string> headers;
  bool transcript = false;
  bool markdown = false;
  bool jsonl = false;

  CLI::App app("Shows a trace with its log records as child spans.", "spanlog");
  app.set_version_flag("--version", SPANLOG_VERSION);
  app.require_subcommand(1);
  CLI::App* show = app.add_subcommand("show", "Draw one trace, or export its messages");
  show->footer(kExamples);
  show->add_option("trace", options.trace_id, "Trace ID: 1 to 32 hexadecimal digits")->required();
  auto* tempo_option = show->add_option("--tempo", tempo, "URL of Tempo");
  auto* jaeger_option = show->add_option("--jaeger", jaeger, "URL of Jaeger");
  auto* zipkin_option = show->add_option("--zipkin", zipkin, "URL of Zipkin");
  tempo_option->excludes(jaeger_option, zipkin_option);
  jaeger_option->excludes(zipkin_option);
  show->add_option("--loki", options.logs_url, "URL of Loki; without it the trace alone is shown");
  auto* json_flag = show->add_flag("--json", options.json, "Print the frame as Grafana's JSON");
  auto* transcript_flag = show->add_flag("--transcript", transcript, "Print the conversation");
  auto* markdown_flag =
      show->add_flag("--markdown", markdown, "Print the conversation as Markdown");
  auto* jsonl_flag =
      show->add_flag("--jsonl", jsonl, "Print chat messages, one JSON object a line");
  json_flag->excludes(transcript_flag, markdown_flag, jsonl_flag);
  transcript_flag->excludes(markdown_flag, jsonl_flag);
  markdown_flag->excludes(jsonl_flag);
  show->add_option("--history", history,
                   "full: every call shows all it was sent; delta: only what is new")
      ->check(CLI::IsMember({"full", "delta"}));
  show->add_option("--lanes", lanes, "What stands before a log row: its role or its service")
      ->check(CLI::IsMember({"role", "service"}));
  show->add_option("--header", headers, "'Name: value', sent to both stores; may be repeated")
      ->take_all()
      ->expected(1);
  show->add_option("--width", options.width, "Cells a line may have (the terminal's own width)")
      ->check(CLI::Range(40, 10'000));
  show->add_option("--color", color, "Colours on a terminal only, also in a pipe, or none")
      ->check(CLI::IsMember({"auto", "always", "never"}));
  show->add_option("--plugin", options.plugin,
                   "Start this plugin executable as Grafana does and ask it")
      ->check(CLI::ExistingFile);
  show->add_option("--timeout", options.timeout_s, "Seconds until it gives up (60)")
      ->check(CLI::Range(1, 3600));

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    std::ostringstream out, err;
    const int code = app.exit(error, out, err);
    if (code == 0) return Finished{0, out.str(), ""};
    return WrongUsage(error.what());
  }
  for (const std::string& header : headers) {
    if (!AddHeader(header, options)) return WrongUsage("--header: expected 'Name: value'");
  }
  if (!jaeger.empty()) options.trace_store = settings::TraceStoreKind::kJaeger;
  if (!zipkin.empty()) options.trace_store = settings::TraceStoreKind::kZipkin;
  options.traces_url = Concat(tempo, jaeger, zipkin);
  if (options.traces_url.empty()) {
    return WrongUsage("where is the trace? Give --tempo, --jaeger or --zipkin with a URL.");
  }
  if (transcript) options.format = exports::Format::kText;
  if (markdown) options.format = exports::Format::kMarkdown;
  if (jsonl) options.format = exports::Format::kJsonLines;
  if (color == "always") options.color = ColorChoice::kAlways;
  if (color == "never") options.color = ColorChoice::kNever;
  if (!history.empty()) options.history = history;
  // A document shows each message once unless it is asked for more.
  if (options.format && !options.history) options.history = "delta";
  if (!lanes.empty()) options.lanes = lanes;
  return options;
}

settings::RawSettings MakeRawSettings(const Options& options) {
  settings::RawSettings raw;
  raw.uid = "spanlog-terminal";
  raw.url = options.traces_url;
  Json json = {{"timeout", options.timeout_s}};
  switch (options.trace_store) {
    case settings::TraceStoreKind::kTempo:
      json["traceStore"] = "tempo";
      break;
    case settings::TraceStoreKind::kJaeger:
      json["traceStore"] = "jaeger";
      break;
    case settings::TraceStoreKind::kZipkin:
      json["traceStore"] = "zipkin";
      break;
  }
  Json logs = {{"url", options.logs_url}, {"timeout", options.timeout_s}};
  int number = 0;
  for (const auto& [name, value] : options.headers) {
    ++number;
    json[Concat("httpHeaderName", number)] = name;
    logs[Concat("httpHeaderName", number)] = name;
    raw.secrets[Concat("httpHeaderValue", number)] = value;
    raw.secrets[Concat("logsHttpHeaderValue", number)] = value;
  }
  json["logs"] = logs;
  raw.json_data = json.dump(-1, ' ', false, Json::error_handler_t::replace);
  return raw;
}

std::string MakeQueryJson(const Options& options) {
  Json json = {{"refId", "A"}, {"query", options.trace_id}};
  if (options.history) json["history"] = *options.history;
  if (options.lanes) json["lanes"] = *options.lanes;
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace spanlog::cli
