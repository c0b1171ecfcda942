// Where `spanlog` gets an answer from: the stores themselves or a plugin process.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "cli/options.h"
#include "export/export.h"
#include "frame/columns.h"

namespace spanlog::cli {

class Source {
 public:
  virtual ~Source() = default;
  // The trace frame.
  virtual absl::StatusOr<frame::FrameColumns> Trace() = 0;
  // The run as a document.
  virtual absl::StatusOr<std::string> Document(exports::Format format) = 0;
};

// Asks the stores in this process.
absl::StatusOr<std::unique_ptr<Source>> OpenStores(const Options& options);

// Starts `options.plugin` and asks it over its socket, as Grafana does. The process ends with the
// source.
absl::StatusOr<std::unique_ptr<Source>> OpenPlugin(const Options& options);

}  // namespace spanlog::cli
