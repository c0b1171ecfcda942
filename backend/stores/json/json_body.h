// JSON answers, parsed once by simdjson. Its DOM is used rather than "on demand" because only the
// DOM picks the machine's vector instructions at run time; the executable is built for any x86-64.
#pragma once

#include <simdjson.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/arena.h"

namespace spanlog::stores {

using JsonElement = simdjson::dom::element;
using JsonObject = simdjson::dom::object;
using JsonArray = simdjson::dom::array;

// A parsed body. Texts of the tree are views that live as long as arena().
class JsonBody {
 public:
  // Nothing when `body` is no JSON text. Broken UTF-8 and lone surrogates become U+FFFD instead of
  // an error: one bad character must not cost the whole answer.
  static std::optional<JsonBody> Parse(std::string body) { return ParseText(body); }

  // The same of a body that may be read another way when it is no JSON text: it stays as it is. A
  // body that was parsed is not needed any more.
  static std::optional<JsonBody> ParseText(std::string& body);

  JsonElement root() const { return root_; }

  // An arena that also keeps the parsed texts.
  std::shared_ptr<Arena> arena() const { return std::shared_ptr<Arena>(memory_, &memory_->arena); }

  // Frees everything but the texts; the tree must not be walked any more.
  void DropTree();

 private:
  struct Memory {
    Arena arena;
    simdjson::dom::parser parser;
    std::unique_ptr<uint8_t[]> texts;
  };
  std::shared_ptr<Memory> memory_;
  JsonElement root_;
};

// Members of an object, tolerant: an absent member and one of another type are the same.
std::optional<JsonElement> Member(JsonElement element, std::string_view key);
std::string_view TextMember(JsonElement element, std::string_view key);
std::optional<JsonArray> ArrayMember(JsonElement element, std::string_view key);
// A number, also when it was sent as text (64-bit numbers in OTLP's JSON are).
std::optional<int64_t> IntMember(JsonElement element, std::string_view key);
bool BoolMember(JsonElement element, std::string_view key);

std::optional<int64_t> IntOf(JsonElement element);

// `\ud800` alone and bytes that are no UTF-8, replaced by U+FFFD. Exposed for tests.
std::string RepairJsonText(std::string_view body);

}  // namespace spanlog::stores
