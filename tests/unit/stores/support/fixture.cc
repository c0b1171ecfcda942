#include "support/fixture.h"

#include <zlib.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace spanlog::stores::testing {
namespace {

const std::filesystem::path kRoot = SPANLOG_FIXTURES;

// zlib reads plain files as they are.
std::string ReadFile(const std::filesystem::path& path) {
  std::string out;
  gzFile file = gzopen(path.c_str(), "rb");
  if (file == nullptr) return out;
  char buffer[65536];
  int count = 0;
  while ((count = gzread(file, buffer, sizeof(buffer))) > 0) {
    out.append(buffer, static_cast<size_t>(count));
  }
  gzclose(file);
  return out;
}

}  // namespace

bool Case::Has(const std::string& file) const {
  return std::filesystem::exists(kRoot / name / file) ||
         std::filesystem::exists(kRoot / name / (file + ".gz"));
}

std::string Case::File(const std::string& file) const {
  const std::filesystem::path path = kRoot / name / file;
  return ReadFile(std::filesystem::exists(path) ? path.string() : path.string() + ".gz");
}

std::vector<nlohmann::json> Case::Spans() const {
  std::vector<nlohmann::json> spans;
  const std::string id = meta["trace_ids"][0];
  for (const nlohmann::json& span : meta["facts"].value("spans", nlohmann::json::array())) {
    if (span.value("trace_id", id) == id) spans.push_back(span);
  }
  return spans;
}

Case LoadCase(const std::string& name) {
  return {name, nlohmann::json::parse(ReadFile(kRoot / name / "meta.json"))};
}

std::vector<std::string> CaseNames() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(kRoot)) {
    if (std::filesystem::exists(entry.path() / "meta.json")) {
      names.push_back(entry.path().filename());
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string ApiFile(const std::string& file) { return ReadFile(kRoot / "api" / file); }

}  // namespace spanlog::stores::testing
