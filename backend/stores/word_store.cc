#include "stores/word_store.h"

namespace spanlog::stores {

absl::StatusOr<std::vector<std::string>> WordStore::Tags(const RequestContext&) {
  return std::vector<std::string>{"service", "operation", "minDuration", "maxDuration", "error"};
}

absl::StatusOr<std::vector<std::string>> WordStore::TagValues(const std::string& tag,
                                                              const RequestContext& context) {
  if (tag == "service" || tag == "service.name" || tag == "resource.service.name") {
    return Services(context);
  }
  return std::vector<std::string>();
}

absl::Status WordStore::CheckHealth(const RequestContext& context) {
  return Services(context).status();
}

}  // namespace spanlog::stores
