#include "frame/frame_meta.h"

#include "base/text.h"
#include "base/utf8.h"
#include "frame/json_text.h"

namespace spanlog::frame {
namespace {

std::string_view SeverityWord(weave::NoticeSeverity severity) {
  switch (severity) {
    case weave::NoticeSeverity::kWarning:
      return "warning";
    case weave::NoticeSeverity::kError:
      return "error";
    default:
      return "info";
  }
}

}  // namespace

std::string TraceMetaJson(const std::vector<weave::Notice>& notices, bool partial,
                          const std::string& executed_query) {
  Buffer out;
  // traceFormat chooses the view's "export as JSON": ours is OpenTelemetry's.
  out.Append(
      "{\"typeVersion\":[0,0],\"preferredVisualisationType\":\"trace\","
      "\"custom\":{\"traceFormat\":\"otlp\",\"partial\":");
  out.Append(partial ? "true}" : "false}");
  if (!notices.empty()) {
    out.Append(",\"notices\":[");
    for (const weave::Notice& notice : notices) {
      if (&notice != notices.data()) out.Append(',');
      out.Append("{\"severity\":\"");
      out.Append(SeverityWord(notice.severity));
      out.Append("\",\"text\":");
      AppendJsonString(out, ToValidUtf8(notice.text));
      out.Append('}');
    }
    out.Append(']');
  }
  if (!executed_query.empty()) {
    out.Append(",\"executedQueryString\":");
    AppendJsonString(out, ToValidUtf8(executed_query));
  }
  out.Append('}');
  return std::string(out.view());
}

std::string LinksConfigJson(const std::string& links_json) {
  return links_json.empty() ? std::string() : Concat("{\"links\":", links_json, "}");
}

}  // namespace spanlog::frame
