#include "policy/content_judge.h"

#include "policy/content_keys.h"

namespace spanlog::policy {
namespace {

constexpr size_t kLongValueBytes = 64;
constexpr size_t kLongNameBytes = 120;

bool IsText(const Value& value) {
  return value.type == ValueType::kString || value.type == ValueType::kJson ||
         value.type == ValueType::kBytes;
}

}  // namespace

ContentJudge::Kind ContentJudge::KindOf(std::string_view key) {
  const auto found = kinds_.find(key);
  if (found != kinds_.end()) return found->second;
  const Kind kind = IsContentKey(key)     ? Kind::kContent
                    : IsTechnicalKey(key) ? Kind::kTechnical
                                          : Kind::kUnknown;
  kinds_.emplace(std::string(key), kind);
  return kind;
}

bool ContentJudge::IsContent(std::string_view key, const Value& value) {
  switch (KindOf(key)) {
    case Kind::kContent:
      return true;
    case Kind::kTechnical:
      return false;
    case Kind::kUnknown:
      break;
  }
  return IsText(value) && (value.text().size() > kLongValueBytes || said_.Has(value.text()));
}

bool ContentJudge::IsSpokenName(std::string_view name) const {
  return name.size() > kLongNameBytes || said_.Has(name);
}

bool IsContentValue(std::string_view key, std::string_view value) {
  if (IsContentKey(key)) return true;
  return !IsTechnicalKey(key) && value.size() > kLongValueBytes;
}

}  // namespace spanlog::policy
