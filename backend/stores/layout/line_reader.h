// What a log line says of itself when no pipeline took it apart: JSON, logfmt or plain text, also
// inside a Docker or CRI envelope.
#pragma once

#include <simdjson.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "model/value.h"
#include "stores/json/json_body.h"
#include "stores/layout/facts.h"

namespace spanlog::stores {

// Reads one line after the other; its parser and scratch space are reused. Not thread-safe.
class LineReader {
 public:
  // Keeps both references. Texts that are no views into a line are kept in `arena`.
  LineReader(KeyRoles& roles, Arena& arena) : roles_(roles), arena_(arena) {}

  // Notes what the line says in `facts` and returns its further fields. facts.text is the message,
  // or the line itself when no field holds one. REQUIRES: `line` is valid UTF-8 and lives as long
  // as the arena.
  Attributes Read(std::string_view line, const TraceId& wanted, Facts& facts);

 private:
  void ReadPart(std::string_view text, Facts& facts, int nesting);
  bool ReadJson(std::string_view text, Facts& facts, int nesting);
  void ReadJsonTail(std::string_view text, Facts& facts, int nesting);
  void Walk(JsonObject object, std::string_view key, int depth, Facts& facts);
  void AddField(std::string_view key, std::string_view last_key, int depth, Value value,
                Facts& facts);
  bool ReadLogfmt(std::string_view text, Facts& facts);

  KeyRoles& roles_;
  Arena& arena_;
  simdjson::dom::parser parser_;
  std::vector<Attribute> fields_;
  std::string path_;
  std::string json_;
  std::string padded_;
  size_t message_field_ = 0;  // where in fields_ the best message so far stands, plus one
};

// The rest of "2026-11-21T09:00:00.1Z stdout F <message>", or the text itself.
std::string_view WithoutCriPrefix(std::string_view line);

}  // namespace spanlog::stores
