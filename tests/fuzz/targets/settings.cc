// A datasource's settings: jsonData, and the content policy in it.
#include "settings/settings.h"

#include "policy/policy.h"
#include "policy/redactor.h"
#include "target.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace spanlog;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  settings::RawSettings raw;
  raw.uid = "u";
  raw.url = "http://tempo:3200";
  raw.json_data = std::string(input);
  raw.secrets = {
      {"httpHeaderValue1", "hush"}, {"logsHttpHeaderValue1", "hush"}, {"tlsCACert", "hush"}};
  const auto parsed = settings::ParseSettings(raw);
  if (!parsed.ok()) {
    const std::string message(parsed.status().message());
    fuzz::Require(!message.empty(), "an error says something", input);
    fuzz::Require(input.find("hush") != input.npos || message.find("hush") == message.npos,
                  "an error tells no secret", message);
    return 0;
  }
  const settings::Limits& limits = parsed->limits;
  fuzz::Require(limits.spans > 0 && limits.response_bytes > 0 && limits.frame_bytes > 0 &&
                    limits.attribute_bytes > 0 && limits.concurrent_queries > 0,
                "limits are above 0", input);
  fuzz::Require(parsed->traces.http.total_timeout_ms >= 0, "timeouts are not below 0", input);
  const auto policy = policy::ParsePolicy(parsed->policy_json);
  if (!policy.ok()) return 0;
  const policy::Redactor redactor(*policy);
  Arena arena;
  bool removed = false;
  (void)redactor.Apply(R"({"messages":[{"content":"mail a@b.example sk-abcdefghijklmnop"}]})",
                       arena, &removed);
  (void)redactor.WithholdsKey("user.email");
  (void)policy::LevelFor(*policy, "Viewer", "login", false);
  return 0;
}
