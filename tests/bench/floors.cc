#include "bench/floors.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <vector>

#include "base/text.h"
#include "http/client.h"
#include "stores/identity.h"
#include "stores/loki/response_reader.h"
#include "stores/otlp/otlp_json.h"
#include "stores/otlp/otlp_reader.h"
#include "stores/zipkin/zipkin_reader.h"

namespace spanlog::bench {
namespace {

using settings::TraceStoreKind;

double OwnCpuMs() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto ms = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_usec) / 1e3;
  };
  return ms(usage.ru_utime) + ms(usage.ru_stime);
}

double NowMs() {
  return std::chrono::duration<double, std::milli>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

absl::Status ParseTrace(std::string body, TraceStoreKind store, Trace& trace) {
  if (store == TraceStoreKind::kJaeger) return stores::ReadOtlpJson(std::move(body), trace);
  if (store == TraceStoreKind::kZipkin) return stores::ReadZipkinJson({std::move(body)}, trace);
  return stores::ReadTraceByIdResponse(std::move(body), trace);
}

class FloorRun {
 public:
  FloorRun(std::string trace_url, std::string log_url, TraceStoreKind store)
      : trace_url_(std::move(trace_url)), log_url_(std::move(log_url)), store_(store) {
    http::ClientOptions options;
    options.max_response_bytes = int64_t{2} << 30;
    auto client = http::Client::Create(options);
    if (!client.ok()) throw std::runtime_error(std::string(client.status().message()));
    client_ = *std::move(client);
  }

  Floor Measure(int rounds, bool parse) {
    Round(parse);  // connects
    std::vector<double> walls;
    const double cpu = OwnCpuMs();
    for (int i = 0; i < rounds; ++i) {
      const double begin = NowMs();
      Round(parse);
      walls.push_back(NowMs() - begin);
    }
    Floor floor;
    floor.cpu_ms = (OwnCpuMs() - cpu) / rounds;
    std::sort(walls.begin(), walls.end());
    floor.wall_ms = walls[walls.size() / 2];
    return floor;
  }

 private:
  std::string Get(const std::string& url) {
    http::Request request;
    request.url = url;
    auto response = client_->Fetch(std::move(request));
    if (!response.ok() || response->status != 200)
      throw std::runtime_error("no answer from " + url);
    return std::move(response->body);
  }

  void Round(bool parse) {
    std::string trace_body = Get(trace_url_);
    Trace trace;
    if (parse) {
      if (!ParseTrace(std::move(trace_body), store_, trace).ok())
        throw std::runtime_error("bad trace");
      stores::MakeSane(trace);
    }
    std::string log_body = Get(log_url_);
    if (!parse) return;
    stores::LokiAnswers answers;
    if (!answers.Add(std::move(log_body)).ok()) throw std::runtime_error("bad logs");
  }

  const std::string trace_url_, log_url_;
  const TraceStoreKind store_;
  std::unique_ptr<http::Client> client_;
};

}  // namespace

const char* StoreWord(TraceStoreKind store) {
  if (store == TraceStoreKind::kJaeger) return "jaeger";
  return store == TraceStoreKind::kZipkin ? "zipkin" : "tempo";
}

TraceStoreKind StoreOf(const std::string& word) {
  for (const TraceStoreKind store :
       {TraceStoreKind::kTempo, TraceStoreKind::kJaeger, TraceStoreKind::kZipkin}) {
    if (word == StoreWord(store)) return store;
  }
  throw std::runtime_error("unknown store " + word + ": tempo, jaeger or zipkin");
}

int RunFloors(const std::string& trace_url, const std::string& log_url, const std::string& store,
              int rounds) {
  FloorRun run(trace_url, log_url, StoreOf(store));
  const Floor download = run.Measure(rounds, false);
  const Floor parse = run.Measure(rounds, true);
  std::printf("%f %f %f %f\n", download.cpu_ms, download.wall_ms, parse.cpu_ms, parse.wall_ms);
  return 0;
}

Floors MeasureFloors(const std::string& trace_url, const std::string& log_url, TraceStoreKind store,
                     int rounds) {
  char self[4096] = "";
  if (readlink("/proc/self/exe", self, sizeof(self) - 1) <= 0) throw std::runtime_error("no /proc");
  const std::string command =
      Concat("exec '", std::string_view(self), "' --floors ", trace_url, " ", log_url, " ",
             std::string_view(StoreWord(store)), " ", rounds);
  std::FILE* pipe = popen(command.c_str(), "re");
  Floors floors;
  const int read = pipe == nullptr ? 0
                                   : std::fscanf(pipe, "%lf %lf %lf %lf", &floors.download.cpu_ms,
                                                 &floors.download.wall_ms, &floors.parse.cpu_ms,
                                                 &floors.parse.wall_ms);
  if (pipe == nullptr || pclose(pipe) != 0 || read != 4)
    throw std::runtime_error("the floors failed");
  return floors;
}

}  // namespace spanlog::bench
