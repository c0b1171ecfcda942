// The recorded cases: a folder each, with the bodies that real servers answered.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "replay/message.h"

namespace spanlog::replay {

// 1-32 hex digits in any case as 32 digits in lower case; empty when it is no trace id.
std::string CanonicalTraceId(std::string_view text);

class Case {
 public:
  // Throws when the folder has no readable meta.json.
  explicit Case(std::filesystem::path folder);

  const std::string& name() const { return name_; }
  const nlohmann::json& meta() const { return meta_; }
  const std::vector<std::string>& trace_ids() const { return trace_ids_; }
  int64_t start_ns() const { return meta_.value("start_ns", int64_t{0}); }
  int64_t end_ns() const { return meta_.value("end_ns", int64_t{0}); }

  // A recorded answer with the status it came with, unpacked when it is stored as .gz.
  std::optional<Reply> Answer(const std::string& file) const;
  // As Answer, of the case's trace number `trace` (0 or 1): "tempo_v2" + ".t2" + ".pb". The
  // extension may differ when an error was recorded.
  std::optional<Reply> Answer(const std::string& stem, size_t trace, const std::string& ext) const;
  std::vector<std::string> Files() const;  // names, without .gz

 private:
  std::filesystem::path folder_;
  std::string name_;
  nlohmann::json meta_;
  std::vector<std::string> trace_ids_;
};

class Fixtures {
 public:
  // `root` holds one folder per case and api/. Throws when it does not.
  explicit Fixtures(std::filesystem::path root);

  const std::vector<Case>& cases() const { return cases_; }
  const Case& Get(std::string_view name) const;  // throws when there is none
  // One of the single answers in api/, with its recorded status.
  Reply Api(const std::string& file) const;

 private:
  std::filesystem::path root_;
  std::vector<Case> cases_;
  nlohmann::json api_index_;
};

using FixturesPtr = std::shared_ptr<const Fixtures>;

}  // namespace spanlog::replay
