#include "genai/call_title.h"

#include <string_view>

#include "base/text.h"

namespace spanlog::genai {

std::string CallTitle(const Fields& fields) {
  std::string title(fields.Text("gen_ai.operation.name"));
  if (title.empty()) title = "model call";
  for (const std::string_view key :
       {"gen_ai.response.model", "gen_ai.request.model", "gen_ai.agent.name", "gen_ai.tool.name"}) {
    const std::string_view name = fields.Text(key);
    if (name.empty()) continue;
    Append(title, ' ', name);
    break;
  }
  return title;
}

}  // namespace spanlog::genai
