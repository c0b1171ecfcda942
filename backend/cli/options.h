// The command line of `spanlog` as a plain struct.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "cli/terminal.h"
#include "export/export.h"
#include "settings/settings.h"

namespace spanlog::cli {

struct Options {
  std::string trace_id;
  settings::TraceStoreKind trace_store = settings::TraceStoreKind::kTempo;
  std::string traces_url;
  std::string logs_url;                                      // empty: the trace alone
  std::vector<std::pair<std::string, std::string>> headers;  // sent to both stores
  std::optional<std::string> history;                        // "full", "delta"
  std::optional<std::string> lanes;                          // "role", "service"
  bool json = false;
  std::optional<exports::Format> format;  // unset: the waterfall, or JSON
  size_t width = 0;
  ColorChoice color = ColorChoice::kAuto;
  std::string plugin;  // executable to ask as Grafana does; empty: this process asks the stores
  int timeout_s = 60;
};

// The command is done already: help was asked for or the command line is wrong.
struct Finished {
  int exit_code = 0;
  std::string out;  // for standard output
  std::string err;  // for standard error
};

std::variant<Options, Finished> ParseOptions(int argc, const char* const* argv);

// What Grafana would send about a datasource with these stores.
settings::RawSettings MakeRawSettings(const Options& options);

// What Grafana's query editor would send.
std::string MakeQueryJson(const Options& options);

}  // namespace spanlog::cli
