#include "replay/fixtures.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "base/text.h"
#include "replay/wire.h"

namespace spanlog::replay {
namespace {

namespace fs = std::filesystem;

std::optional<std::string> ReadFile(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  return std::string{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::optional<std::string> ReadMaybePacked(const fs::path& path) {
  if (auto text = ReadFile(path)) return text;
  if (const auto packed = ReadFile(path.string() + ".gz")) return Gunzip(*packed);
  return std::nullopt;
}

nlohmann::json ReadJson(const fs::path& path) {
  const auto text = ReadFile(path);
  if (!text) throw std::runtime_error(path.string() + " cannot be read");
  return nlohmann::json::parse(*text);
}

std::string WithoutGz(std::string name) {
  if (EndsWith(name, ".gz")) name.resize(name.size() - 3);
  return name;
}

std::string TypeOf(const std::string& file) {
  if (EndsWith(file, ".pb")) return "application/protobuf";
  if (EndsWith(file, ".json")) return "application/json";
  return "text/plain; charset=utf-8";
}

// Status and content type as recorded; an index is a list of {file, status, content_type}.
Reply Recorded(const nlohmann::json& index, const std::string& file, std::string body) {
  Reply reply;
  reply.body = std::move(body);
  reply.content_type = TypeOf(file);
  for (const auto& entry : index) {
    if (WithoutGz(entry.value("file", "")) != file) continue;
    reply.status = entry.value("status", 200);
    const auto& type = entry.at("content_type");
    reply.content_type = type.is_string() ? type.get<std::string>() : "";
    break;
  }
  return reply;
}

}  // namespace

std::string CanonicalTraceId(std::string_view text) {
  if (text.empty() || text.size() > 32) return "";
  const std::string id = ToLower(text);
  if (id.find_first_not_of("0123456789abcdef") != id.npos) return "";
  return std::string(32 - id.size(), '0') + id;
}

Case::Case(fs::path folder)
    : folder_(std::move(folder)),
      name_(folder_.filename().string()),
      meta_(ReadJson(folder_ / "meta.json")) {
  for (const auto& id : meta_.at("trace_ids")) {
    trace_ids_.push_back(CanonicalTraceId(id.get<std::string>()));
  }
}

std::optional<Reply> Case::Answer(const std::string& file) const {
  auto body = ReadMaybePacked(folder_ / file);
  if (!body) return std::nullopt;
  return Recorded(meta_.at("requests"), file, std::move(*body));
}

std::optional<Reply> Case::Answer(const std::string& stem, size_t trace,
                                  const std::string& ext) const {
  const std::string base = trace == 0 ? stem : Concat(stem, ".t", trace + 1);
  if (auto reply = Answer(Concat(base, ".", ext))) return reply;
  return Answer(base + ".txt");
}

std::vector<std::string> Case::Files() const {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder_)) {
    names.push_back(WithoutGz(entry.path().filename().string()));
  }
  std::sort(names.begin(), names.end());
  return names;
}

Fixtures::Fixtures(fs::path root)
    : root_(std::move(root)), api_index_(ReadJson(root_ / "api" / "index.json")) {
  for (const auto& entry : fs::directory_iterator(root_)) {
    if (fs::exists(entry.path() / "meta.json")) cases_.emplace_back(entry.path());
  }
  std::sort(cases_.begin(), cases_.end(),
            [](const Case& a, const Case& b) { return a.name() < b.name(); });
}

const Case& Fixtures::Get(std::string_view name) const {
  for (const Case& one : cases_) {
    if (one.name() == name) return one;
  }
  throw std::runtime_error(Concat("there is no recorded case \"", name, "\""));
}

Reply Fixtures::Api(const std::string& file) const {
  auto body = ReadMaybePacked(root_ / "api" / file);
  if (!body) throw std::runtime_error("there is no recorded answer api/" + file);
  return Recorded(api_index_, file, std::move(*body));
}

}  // namespace spanlog::replay
