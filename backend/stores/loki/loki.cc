#include "stores/loki/loki.h"

#include <algorithm>

#include "base/errors.h"
#include "base/text.h"
#include "stores/json/json_body.h"
#include "stores/loki/log_fetch.h"

namespace spanlog::stores {
namespace {

bool IsLabelName(std::string_view name) {
  return !name.empty() && !(name.front() >= '0' && name.front() <= '9') &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                  (c >= 'A' && c <= 'Z');
         });
}

// The value of {"data":{"result":[{"value":[time,"2"]}]}}.
std::string_view ScalarIn(JsonElement root) {
  const auto data = Member(root, "data");
  const auto result = data.has_value() ? ArrayMember(*data, "result") : std::nullopt;
  if (!result.has_value()) return {};
  for (const JsonElement sample : *result) {
    const auto value = ArrayMember(sample, "value");
    std::string_view text;
    if (value.has_value() && value->at(1).get_string().get(text) == simdjson::SUCCESS) return text;
  }
  return {};
}

// Nanoseconds; without a range Loki looks back six hours.
void AddRange(const RequestContext& request, Call& call) {
  if (request.list_start_ns <= 0 || request.list_end_ns <= request.list_start_ns) return;
  call.params.emplace_back("start", Concat(request.list_start_ns));
  call.params.emplace_back("end", Concat(request.list_end_ns));
}

}  // namespace

Loki::Loki(settings::LogSettings settings, std::shared_ptr<http::Client> client)
    : settings_(std::move(settings)), upstream_("Loki", settings_.upstream.url, std::move(client)) {
  const OwnKeys keys = {settings_.trace_id_keys, settings_.span_id_keys};
  auto layout = LayoutOptions::Create(keys, settings_.trace_id_regex);
  if (!layout.ok()) {
    settings_warning_ = std::string(layout.status().message());
    layout = LayoutOptions::Create(keys, "");
  }
  layout_ = *std::move(layout);
}

absl::StatusOr<LogBatch> Loki::FetchLogs(const LogSearch& search, const RequestContext& request) {
  const CallContext context(request);
  absl::StatusOr<LogBatch> batch =
      LogFetch(upstream_, settings_, layout_, entries_limit_, search, context).Run();
  if (batch.ok() && !settings_warning_.empty()) batch->warnings.push_back(settings_warning_);
  return batch;
}

absl::StatusOr<std::vector<std::string>> Loki::Labels(const RequestContext& request) {
  constexpr std::string_view kWhat = "Listing labels";
  Call call;
  call.path = "/loki/api/v1/labels";
  AddRange(request, call);
  absl::StatusOr<http::Response> response =
      upstream_.FetchOk(kWhat, std::move(call), CallContext(request));
  if (!response.ok()) return response.status();
  auto names = NamesIn(std::move(response->body));
  if (!names.has_value()) return upstream_.Unreadable(kWhat, "a label list in JSON");
  return *std::move(names);
}

absl::StatusOr<std::vector<std::string>> Loki::LabelValues(const std::string& label,
                                                           const RequestContext& request) {
  if (!IsLabelName(label)) {
    return absl::InvalidArgumentError(
        Concat("\"", label, "\" is no label name: letters, digits and _ only."));
  }
  const std::string what = Concat("Listing values of ", label);
  Call call;
  call.path = Concat("/loki/api/v1/label/", label, "/values");
  AddRange(request, call);
  absl::StatusOr<http::Response> response =
      upstream_.FetchOk(what, std::move(call), CallContext(request));
  if (!response.ok()) return response.status();
  auto names = NamesIn(std::move(response->body));
  if (!names.has_value()) return upstream_.Unreadable(what, "a value list in JSON");
  return *std::move(names);
}

absl::Status Loki::CheckHealth(const RequestContext& request) {
  // Works through every gateway and tests credentials and tenant, which /ready does not.
  Call call;
  call.path = "/loki/api/v1/query";
  call.params = {{"query", "vector(1)+vector(1)"}, {"time", "4000000000"}};
  absl::StatusOr<http::Response> response =
      upstream_.FetchOk("Health check", std::move(call), CallContext(request));
  if (!response.ok()) return response.status();
  const std::string head = ErrorBodyHead(std::string_view(response->body).substr(0, 200));
  const auto body = JsonBody::Parse(std::move(response->body));
  if (body.has_value() && ScalarIn(body->root()) == "2") return absl::OkStatus();
  return DownstreamError(absl::StatusCode::kFailedPrecondition,
                         Concat("Health check: the server answers, but not as Loki does "
                                "(vector(1)+vector(1) should be 2, "
                                "it said \"",
                                head, "\"). Check the URL in the datasource's settings."),
                         200);
}

}  // namespace spanlog::stores
