#include "settings/object_reader.h"

#include <algorithm>

#include "base/text.h"
#include "base/utf8.h"

namespace spanlog::settings {
namespace {

using nlohmann::json;

std::string_view TypeOf(const json& value) {
  switch (value.type()) {
    case json::value_t::object:
      return "an object";
    case json::value_t::array:
      return "a list";
    case json::value_t::string:
      return "text";
    case json::value_t::boolean:
      return "true or false";
    default:
      return "a number";
  }
}

}  // namespace

std::string ObjectReader::Quotable(std::string_view text) {
  constexpr size_t kMax = 80;
  std::string out(CutUtf8(text, kMax));
  for (char& c : out) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  }
  if (out.size() < text.size()) out.append("…");
  return out;
}

std::string ObjectReader::PathOf(std::string_view key) const {
  return path_.empty() ? std::string(key) : Concat(path_, ".", key);
}

void ObjectReader::Fail(std::string_view key, std::string problem) {
  if (!state_->error.ok()) return;
  state_->error = absl::InvalidArgumentError(Concat(PathOf(key), " ", problem));
}

const json* ObjectReader::Find(std::string_view key) {
  state_->keys.push_back(PathOf(key));
  if (json_ == nullptr || !json_->is_object()) return nullptr;
  const auto found = json_->find(key);
  return found == json_->end() || found->is_null() ? nullptr : &*found;
}

void ObjectReader::Text(std::string_view key, std::string& out) {
  const json* value = Find(key);
  if (value == nullptr) return;
  if (!value->is_string()) return Fail(key, Concat("must be text, not ", TypeOf(*value)));
  out = value->get_ref<const std::string&>();
}

void ObjectReader::Bool(std::string_view key, bool& out) {
  const json* value = Find(key);
  if (value == nullptr) return;
  if (!value->is_boolean()) return Fail(key, Concat("must be true or false, not ", TypeOf(*value)));
  out = value->get<bool>();
}

bool ObjectReader::ReadInt(std::string_view key, int64_t low, int64_t high, int64_t& out) {
  const json* value = Find(key);
  if (value == nullptr) return false;
  bool whole = false;
  if (value->is_number_unsigned()) {
    const uint64_t number = value->get<uint64_t>();
    out = static_cast<int64_t>(std::min<uint64_t>(number, INT64_MAX));
    whole = true;
  } else if (value->is_number_integer()) {
    out = value->get<int64_t>();
    whole = true;
  } else if (value->is_number_float()) {
    const double number = value->get<double>();
    whole = number > -9e18 && number < 9e18 &&
            number == static_cast<double>(static_cast<int64_t>(number));
    if (whole) out = static_cast<int64_t>(number);
  } else if (value->is_string()) {
    const std::string_view text = TrimSpace(value->get_ref<const std::string&>());
    if (text.empty()) return false;
    whole = ParseInt64(text, out);
  }
  if (!whole || out < low || out > high) {
    Fail(key, Concat("must be a whole number from ", low, " to ", high, ", not ",
                     Quotable(value->dump(-1, ' ', false, json::error_handler_t::replace))));
    return false;
  }
  return true;
}

void ObjectReader::Double(std::string_view key, double low, double high, double& out) {
  const json* value = Find(key);
  if (value == nullptr) return;
  double number = 0;
  bool fits = value->is_number();
  if (fits) {
    number = value->get<double>();
  } else if (value->is_string()) {
    fits = ParseDouble(TrimSpace(value->get_ref<const std::string&>()), number);
  }
  if (!fits || !(number >= low && number <= high)) {
    return Fail(key,
                Concat("must be a number from ", DoubleToText(low), " to ", DoubleToText(high)));
  }
  out = number;
}

void ObjectReader::Texts(std::string_view key, std::vector<std::string>& out) {
  const json* value = Find(key);
  if (value == nullptr) return;
  if (!value->is_array()) return Fail(key, Concat("must be a list of texts, not ", TypeOf(*value)));
  std::vector<std::string> texts;
  for (const json& item : *value) {
    if (!item.is_string()) return Fail(key, "must be a list of texts");
    texts.push_back(item.get<std::string>());
  }
  out = std::move(texts);
}

ObjectReader ObjectReader::Object(std::string_view key) {
  const json* value = Find(key);
  if (value != nullptr && !value->is_object()) {
    Fail(key, Concat("must be an object, not ", TypeOf(*value)));
    value = nullptr;
  }
  return ObjectReader(value, PathOf(key), state_);
}

std::vector<ObjectReader> ObjectReader::Objects(std::string_view key) {
  std::vector<ObjectReader> readers;
  const json* value = Find(key);
  if (value == nullptr) return readers;
  if (!value->is_array()) {
    Fail(key, Concat("must be a list of objects, not ", TypeOf(*value)));
    return readers;
  }
  size_t index = 0;
  for (const json& item : *value) {
    const std::string path = Concat(PathOf(key), "[", index++, "]");
    if (!item.is_object()) {
      Fail(key, "must be a list of objects");
      break;
    }
    readers.emplace_back(&item, path, state_);
  }
  return readers;
}

void ObjectReader::RawObject(std::string_view key, std::string& out) {
  const json* value = Find(key);
  if (value == nullptr) return;
  if (!value->is_object()) return Fail(key, Concat("must be an object, not ", TypeOf(*value)));
  out = value->dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace spanlog::settings
