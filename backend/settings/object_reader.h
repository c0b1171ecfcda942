// Typed reading of one JSON object. The first wrong value is kept as an error that
// names the whole key; readers of nested objects share it.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "nlohmann/json.hpp"

namespace spanlog::settings {

// What all readers of one parse share.
struct ReadState {
  absl::Status error;             // the first one
  std::vector<std::string> keys;  // every key asked for, whether it was there or not
};

// An absent key and a null leave the default. Not thread-safe. `json` must outlive the reader and
// may be no object at all: then every key is absent (the caller has said so, or it is optional).
class ObjectReader {
 public:
  ObjectReader(const nlohmann::json* json, std::string path, ReadState* state)
      : json_(json), path_(std::move(path)), state_(state) {}

  void Text(std::string_view key, std::string& out);
  void Bool(std::string_view key, bool& out);
  // Whole numbers in [low, high]; digits in quotes count too, as provisioning tools write them.
  template <typename Number>
  void Int(std::string_view key, int64_t low, int64_t high, Number& out) {
    int64_t value = 0;
    if (ReadInt(key, low, high, value)) out = static_cast<Number>(value);
  }
  void Double(std::string_view key, double low, double high, double& out);
  void Texts(std::string_view key, std::vector<std::string>& out);
  // One word of a table; the error lists the words.
  template <typename Enum>
  void OneOf(std::string_view key, std::initializer_list<std::pair<std::string_view, Enum>> words,
             Enum& out) {
    std::string text;
    Text(key, text);
    if (text.empty()) return;
    std::string accepted;
    for (const auto& [word, value] : words) {
      if (word == text) {
        out = value;
        return;
      }
      accepted.append(accepted.empty() ? "" : ", ").append(word);
    }
    Fail(key, "is \"" + Quotable(text) + "\"; it may be one of: " + accepted);
  }

  ObjectReader Object(std::string_view key);
  // One reader per element of a list of objects.
  std::vector<ObjectReader> Objects(std::string_view key);
  // Notes keys of a list element that is not there.
  void Ask(std::initializer_list<std::string_view> keys) {
    for (const std::string_view key : keys) Find(key);
  }
  // The value as JSON text, empty when absent. Must be an object.
  void RawObject(std::string_view key, std::string& out);

  void Fail(std::string_view key, std::string problem);
  std::string PathOf(std::string_view key) const;
  ReadState* state() const { return state_; }

  // A user's text made fit for an error message: bounded, on one line.
  static std::string Quotable(std::string_view text);

 private:
  const nlohmann::json* Find(std::string_view key);
  bool ReadInt(std::string_view key, int64_t low, int64_t high, int64_t& out);

  const nlohmann::json* json_;
  std::string path_;
  ReadState* state_;
};

}  // namespace spanlog::settings
