#include "genai/tool_failure.h"

#include <optional>

#include "base/text.h"
#include "genai/json_find.h"

namespace spanlog::genai {
namespace {

bool IsTrue(const JsonValue* value) {
  return value != nullptr && value->type == JsonType::kBool && value->boolean;
}

// An error that says something: emitters write null, false or an empty text where there is none.
bool IsSaid(const JsonValue* value) {
  if (value == nullptr || value->type == JsonType::kNull) return false;
  if (value->type == JsonType::kBool) return value->boolean;
  return !value->is_string() || !value->text.empty();
}

}  // namespace

bool SaysFailed(const JsonValue& holder) {
  return IsTrue(holder.Get("isError")) || IsTrue(holder.Get("is_error")) ||
         IsSaid(holder.Get("error")) || IsOneOf(holder.GetText("status"), {"error", "failed"}) ||
         holder.GetText("state") == "output-error" || holder.GetText("type") == "tool-error" ||
         EndsWith(holder.GetText("outcome"), "OUTCOME_FAILED") ||
         EndsWith(holder.GetText("outcome"), "OUTCOME_DEADLINE_EXCEEDED");
}

bool IsFailure(const JsonValue& result) {
  if (!result.is_object()) return false;
  const std::string_view type = result.GetText("type");
  const bool is_mcp = result.Get("content") != nullptr;
  return (is_mcp && IsTrue(result.Get("isError"))) || IsOneOf(type, {"error-text", "error-json"}) ||
         EndsWith(type, "_tool_result_error") ||
         (result.members.size() == 1 && IsSaid(result.Get("error")));
}

bool IsFailedEnvelope(std::string_view result, Arena& arena) {
  if (!Contains(result, "isError")) return false;
  const std::optional<ParsedJson> parsed = ParseJson(result, arena);
  return parsed && IsFailure(parsed->root);
}

bool SaysFailed(const Fields& fields) {
  return !fields.Text("error.type").empty() || fields.Text("gen_ai.tool.status") == "error" ||
         fields.Text("tool.status") == "error";
}

}  // namespace spanlog::genai
