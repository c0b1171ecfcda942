#include "host/health.h"

#include "base/text.h"
#include "base/utf8.h"
#include "nlohmann/json.hpp"
#include "query/pipeline.h"

namespace spanlog::host {
namespace {

using nlohmann::json;

std::string WithStop(std::string text) {
  if (!text.empty() && text.back() != '.' && text.back() != '!' && text.back() != '?') text += '.';
  return text;
}

std::string TextOf(const absl::Status& status) { return query::ToErrorReply(status).text; }

// The store's error begins with what was tried and names the store mostly; where it does not, the
// name is put before it.
std::string Complaint(const StoreHealth& store) {
  std::string text = TextOf(*store.status);
  if (!Contains(ToLower(text), ToLower(store.name))) text = Concat(store.name, ": ", text);
  return WithStop(std::move(text));
}

json DetailsOf(const StoreHealth& store) {
  if (!store.status.has_value()) return {{"status", "not configured"}};
  json details = {{"store", store.name}, {"status", store.status->ok() ? "ok" : "error"}};
  if (!store.status->ok()) details["error"] = TextOf(*store.status);
  return details;
}

HealthReport Finish(bool ok, std::string message, std::string verbose, json details) {
  HealthReport report;
  report.ok = ok;
  report.message = ToValidUtf8(message);
  details["message"] = report.message;
  details["verboseMessage"] = verbose;
  report.details_json = details.dump(-1, ' ', false, json::error_handler_t::replace);
  return report;
}

}  // namespace

HealthReport ReportOf(const StoreHealth& traces, const StoreHealth& logs) {
  json details = {{"traces", DetailsOf(traces)}, {"logs", DetailsOf(logs)}};
  const bool logs_fail = logs.status.has_value() && !logs.status->ok();
  std::string log_words;
  if (!logs.status.has_value()) {
    log_words =
        "No log store is configured: traces are shown without their log records. Set Loki's URL "
        "in the Logs section.";
  } else if (logs_fail) {
    log_words = Complaint(logs);
  } else {
    log_words = Concat(logs.name, " answers.");
  }
  if (!traces.status.has_value()) {
    return Finish(false, "No trace store is configured: set the URL of Tempo, Jaeger or Zipkin.",
                  log_words, std::move(details));
  }
  if (traces.status->ok() && !logs_fail) {
    const bool both = logs.status.has_value();
    return Finish(true,
                  both ? Concat(traces.name, " and ", logs.name, " answer.")
                       : Concat(traces.name, " answers. ", log_words),
                  "", std::move(details));
  }
  std::string message;
  std::string good;
  if (!traces.status->ok()) {
    message = Complaint(traces);
    if (logs_fail) Append(message, " ", log_words);
    if (logs.status.has_value() && !logs_fail) good = log_words;
  } else {
    message = log_words;
    good = Concat(traces.name, " answers.");
  }
  return Finish(false, message, good, std::move(details));
}

HealthReport ReportOf(const absl::Status& settings_error) {
  return Finish(false, WithStop(TextOf(settings_error)), "", json::object());
}

}  // namespace spanlog::host
