// How long the stores need to make a model of one large trace and its log records. Bodies are
// synthetic and already in memory; nothing is sent. `stores_bench [spans] [records] [rounds]`.
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "base/text.h"
#include "stores/identity.h"
#include "stores/jaeger/jaeger_reader.h"
#include "stores/json/json_body.h"
#include "stores/layout/record_layout.h"
#include "stores/loki/response_reader.h"
#include "stores/otlp/otlp_reader.h"
#include "stores/zipkin/zipkin_reader.h"
#include "unit/stores/support/wire_writer.h"

namespace spanlog::stores {
namespace {

using testing::Id;
using testing::KeyValue;
using testing::Text;
using testing::WireWriter;

const TraceId kTrace{0x4bf92f3577b34da6, 0xa3ce929d0e0e4736};
constexpr int64_t kStart = 1'795'252'381'000'000'000;

// About 12 attributes and one event a span, as the peers' benchmark has them.
std::string TraceBody(int spans) {
  WireWriter scope_spans;
  for (int i = 0; i < spans; ++i) {
    WireWriter span;
    span.Bytes(1, Id(kTrace.high) + Id(kTrace.low)).Bytes(2, Id(static_cast<uint64_t>(i) + 1));
    if (i > 0) span.Bytes(4, Id(static_cast<uint64_t>(i) / 4 + 1));
    span.Bytes(5, Concat("chat model-", i % 7)).Varint(6, 3);
    span.Fixed64(7, static_cast<uint64_t>(kStart + i * 1000));
    span.Fixed64(8, static_cast<uint64_t>(kStart + i * 1000 + 500'000));
    for (int k = 0; k < 8; ++k) {
      span.Message(9,
                   KeyValue(Concat("gen_ai.attribute.", k), Text(Concat("value ", i, " of ", k))));
    }
    for (int k = 0; k < 3; ++k) {
      const uint64_t tokens = 1000 + static_cast<uint64_t>(i);
      span.Message(9, KeyValue(Concat("gen_ai.usage.", k), WireWriter().Varint(3, tokens)));
    }
    const std::string words(200 + static_cast<size_t>(i) % 600, 'x');
    const std::string messages =
        Concat(R"([{"role":"user","parts":[{"type":"text","content":")", words, R"("}]}])");
    span.Message(9, KeyValue("gen_ai.input.messages", Text(messages)));
    WireWriter event;
    event.Fixed64(1, static_cast<uint64_t>(kStart + i * 1000 + 7)).Bytes(2, "gen_ai.choice");
    span.Message(11, event.Message(3, KeyValue("finish_reason", Text("stop"))));
    scope_spans.Message(2, span);
  }
  const WireWriter resource = WireWriter().Message(1, KeyValue("service.name", Text("agent")));
  const WireWriter trace =
      WireWriter().Message(1, WireWriter().Message(1, resource).Message(2, scope_spans));
  return WireWriter().Message(1, trace).text();
}

// The same spans as Jaeger's UI interface and as Zipkin write them.
std::string JaegerBody(int spans) {
  std::string out = Concat(R"({"data":[{"traceID":")", kTrace.Hex(), R"(","spans":[)");
  for (int i = 0; i < spans; ++i) {
    const uint64_t id = static_cast<uint64_t>(i) + 1;
    Append(out, i > 0 ? "," : "", R"({"traceID":")", kTrace.Hex(), R"(","spanID":")", SpanIdHex(id),
           R"(","operationName":"chat model-)", i % 7, R"(","references":[)");
    if (i > 0) {
      Append(out, R"({"refType":"CHILD_OF","traceID":")", kTrace.Hex(), R"(","spanID":")",
             SpanIdHex(id / 4 + 1), R"("})");
    }
    Append(out, R"(],"startTime":)", kStart / 1000 + i, R"(,"duration":500,"tags":[)");
    for (int k = 0; k < 8; ++k) {
      Append(out, R"({"key":"gen_ai.attribute.)", k, R"(","type":"string","value":"value )", i,
             R"( of x"},)");
    }
    for (int k = 0; k < 3; ++k) {
      Append(out, R"({"key":"gen_ai.usage.)", k, R"(","type":"int64","value":)", 1000 + i, "},");
    }
    Append(
        out, R"({"key":"gen_ai.input.messages","type":"string","value":")",
        std::string(240 + static_cast<size_t>(i) % 600, 'x'), R"("}],"logs":[{"timestamp":)",
        kStart / 1000 + i,
        R"(,"fields":[{"key":"event","type":"string","value":"gen_ai.choice"}]}],"processID":"p1"})");
  }
  return out + R"(],"processes":{"p1":{"serviceName":"agent","tags":[]}}}]})";
}

std::string ZipkinBody(int spans) {
  std::string out = "[";
  for (int i = 0; i < spans; ++i) {
    const uint64_t id = static_cast<uint64_t>(i) + 1;
    Append(
        out, i > 0 ? "," : "", R"({"traceId":")", kTrace.Hex(), R"(","id":")", SpanIdHex(id),
        R"(","parentId":")", SpanIdHex(i > 0 ? id / 4 + 1 : 0), R"(","name":"chat model-)", i % 7,
        R"(","kind":"CLIENT","timestamp":)", kStart / 1000 + i,
        R"(,"duration":500,"localEndpoint":{"serviceName":"agent"},"annotations":[{"timestamp":)",
        kStart / 1000 + i, R"(,"value":"gen_ai.choice|{\"finish_reason\":\"stop\"}|0"}],"tags":{)");
    for (int k = 0; k < 11; ++k)
      Append(out, R"("gen_ai.attribute.)", k, R"(":"value )", i, R"( of x",)");
    Append(out, R"("gen_ai.input.messages":")",
           std::string(240 + static_cast<size_t>(i) % 600, 'x'), R"("}})");
  }
  return out + "]";
}

std::string LogBody(int records) {
  std::string out =
      R"({"status":"success","data":{"resultType":"streams","encodingFlags":["categorize-labels"],"result":[{"stream":{"service_name":"agent"},"values":[)";
  for (int i = 0; i < records; ++i) {
    if (i > 0) out.push_back(',');
    Append(
        out, "[\"", kStart + i * 2000, R"(","{\"role\":\"assistant\",\"content\":\")",
        std::string(150 + static_cast<size_t>(i) * 37 % 1700, 'y'),
        R"(\\n<b>\"}",{"structuredMetadata":{"detected_level":"info","event_name":"gen_ai.choice","flags":"1","gen_ai_system":"openai","observed_timestamp":")",
        kStart + i,
        R"(","scope_name":"openai","scope_version":"2","severity_number":"9","severity_text":"INFO","span_id":")",
        SpanIdHex(static_cast<uint64_t>(i) + 1), R"(","trace_id":")", kTrace.Hex(), R"("}}])");
  }
  return out + "]}]}}";
}

double CpuMs() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto ms = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_usec) / 1e3;
  };
  return ms(usage.ru_utime) + ms(usage.ru_stime);
}

// Median CPU time of `run`, which gets a fresh copy of the body each time.
template <typename Run>
double Measure(const std::string& body, int rounds, Run run) {
  std::vector<double> times;
  for (int i = 0; i < rounds; ++i) {
    std::string copy;
    copy.reserve(body.size() + 64);  // as the HTTP room gives it
    copy = body;
    const double before = CpuMs();
    run(std::move(copy));
    times.push_back(CpuMs() - before);
  }
  std::nth_element(times.begin(), times.begin() + rounds / 2, times.end());
  return times[static_cast<size_t>(rounds / 2)];
}

void Report(const char* what, double ms, size_t bytes) {
  std::printf("%-34s %8.2f ms  %8.1f MB/s\n", what, ms,
              static_cast<double>(bytes) / 1e3 / std::max(ms, 1e-3));
}

int Main(int spans, int records, int rounds) {
  const std::string trace_body = TraceBody(spans), log_body = LogBody(records);
  std::printf("%d spans, %zu kB of OTLP; %d records, %zu kB of JSON; median of %d\n", spans,
              trace_body.size() / 1000, records, log_body.size() / 1000, rounds);
  size_t seen = 0;
  Report("copy of the trace's body",
         Measure(trace_body, rounds,
                 [&](std::string body) {
                   const std::string copy(body);
                   seen += copy.size();
                 }),
         trace_body.size());
  Report("OTLP into the model",
         Measure(trace_body, rounds,
                 [&](std::string body) {
                   Trace trace;
                   if (!ReadTraceByIdResponse(std::move(body), trace).ok()) std::abort();
                   seen += trace.spans.size();
                 }),
         trace_body.size());
  Report("  and ids, times made sane",
         Measure(trace_body, rounds,
                 [&](std::string body) {
                   Trace trace;
                   if (!ReadTraceByIdResponse(std::move(body), trace).ok()) std::abort();
                   MakeSane(trace);
                   seen += trace.spans.size();
                 }),
         trace_body.size());
  const std::string jaeger_body = JaegerBody(spans), zipkin_body = ZipkinBody(spans);
  Report("Jaeger's JSON into sane spans",
         Measure(jaeger_body, rounds,
                 [&](std::string body) {
                   Trace trace;
                   trace.id = kTrace;
                   if (!ReadJaegerJson(std::move(body), trace).ok()) std::abort();
                   MakeSane(trace);
                   seen += trace.spans.size();
                 }),
         jaeger_body.size());
  Report("Zipkin's JSON into sane spans",
         Measure(zipkin_body, rounds,
                 [&](std::string body) {
                   Trace trace;
                   trace.id = kTrace;
                   std::vector<std::string> bodies;
                   bodies.push_back(std::move(body));
                   if (!ReadZipkinJson(std::move(bodies), trace).ok()) std::abort();
                   MakeSane(trace);
                   seen += trace.spans.size();
                 }),
         zipkin_body.size());
  Report("JSON parsed, nothing read",
         Measure(log_body, rounds,
                 [&](std::string body) { seen += JsonBody::Parse(std::move(body)).has_value(); }),
         log_body.size());
  Report("Loki JSON into records",
         Measure(log_body, rounds,
                 [&](std::string body) {
                   LokiAnswers answers;
                   if (!answers.Add(std::move(body)).ok()) std::abort();
                   seen += answers.size();
                 }),
         log_body.size());
  Report("  and their layout",
         Measure(log_body, rounds,
                 [&](std::string body) {
                   LokiAnswers answers;
                   if (!answers.Add(std::move(body)).ok()) std::abort();
                   Arena arena;
                   RecordLayout layout(*LayoutOptions::Create({}, ""), kTrace, arena);
                   for (LogRecord& record : answers.batch().records)
                     layout.Read(answers.batch().streams, record);
                   seen += answers.size();
                 }),
         log_body.size());
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  std::printf("peak RSS %ld MiB (%zu)\n", usage.ru_maxrss / 1024, seen);
  return 0;
}

}  // namespace
}  // namespace spanlog::stores

int main(int argc, char** argv) {
  const auto argument = [&](int index, int otherwise) {
    return argc > index ? std::atoi(argv[index]) : otherwise;
  };
  return spanlog::stores::Main(argument(1, 10'000), argument(2, 5'000), argument(3, 11));
}
