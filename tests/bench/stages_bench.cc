// What each step of a query costs in one process, without sockets: the bench's synthetic trace is
// read, laid out, woven and encoded again and again.
//
// usage: stages_bench [spans] [records] [rounds]
#include <malloc.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "bench/workload.h"
#include "frame/trace_frame.h"
#include "genai/reader.h"
#include "query/record_links.h"
#include "stores/identity.h"
#include "stores/layout/record_layout.h"
#include "stores/loki/response_reader.h"
#include "stores/otlp/otlp_reader.h"
#include "weave/weave.h"

namespace spanlog::bench {
namespace {

// CPU time of the process: the machine may be busy.
double NowUs() { return 1e6 * static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

class Stages {
 public:
  void Begin() { held_ = Held(), next_ = 0, at_ = NowUs(); }
  void End(const char* name) {
    const double now = NowUs();
    if (next_ == stages_.size()) stages_.push_back({name, {}, 0});
    stages_[next_].us.push_back(now - at_);
    stages_[next_++].held = Held() - held_;
    at_ = NowUs();
  }
  void Print() {
    double sum = 0;
    for (Stage& stage : stages_) {
      std::sort(stage.us.begin(), stage.us.end());
      const double median = stage.us[stage.us.size() / 2];
      sum += median;
      std::printf("  %-28s %9.0f us   best %9.0f   then held %8.2f MB\n", stage.name, median,
                  stage.us.front(), stage.held / 1e6);
    }
    std::printf("  %-28s %9.0f us\n", "together", sum);
  }

 private:
  struct Stage {
    const char* name;
    std::vector<double> us;
    double held;
  };
  // Bytes that the C library has given out.
  static double Held() {
    const struct mallinfo2 info = mallinfo2();
    return static_cast<double>(info.uordblks + info.hblkhd);
  }

  std::vector<Stage> stages_;
  size_t next_ = 0;
  double at_ = 0, held_ = 0;
};

void Round(Workload& workload, const std::string& trace_body, const std::string& log_body,
           const std::shared_ptr<const stores::LayoutOptions>& layout_options, Stages& stages,
           size_t& frame_bytes) {
  std::string trace_copy = trace_body, log_copy = log_body;
  stages.Begin();
  auto trace = std::make_shared<Trace>();
  if (!stores::ReadTraceByIdResponse(std::move(trace_copy), *trace).ok()) std::abort();
  stages.End("read the trace");
  stores::MakeSane(*trace);
  trace->id = workload.trace_id();
  stages.End("mend the trace");
  stores::LokiAnswers answers;
  if (!answers.Add(std::move(log_copy)).ok()) std::abort();
  stages.End("read the records");
  auto arena = std::make_shared<Arena>();
  stores::RecordLayout layout(layout_options, workload.trace_id(), *arena);
  for (LogRecord& record : answers.batch().records) layout.Read(answers.batch().streams, record);
  answers.batch().arenas.push_back(arena);
  auto logs = std::make_shared<LogBatch>(std::move(answers.batch()));
  stages.End("lay out the records");
  auto reading = std::make_shared<Reading>(genai::Read(*trace, *logs));
  stages.End("read the messages");
  {
    const weave::Woven woven = weave::Weave({trace->id, trace, logs, reading}, {});
    stages.End("weave");
    const query::RecordLinks links(woven, "loki");
    frame::TraceFrameOptions options;
    options.links = links.Columns();
    stages.End("links");
    const Rope frame = frame::EncodeTraceFrame(woven, options);
    frame_bytes = frame.size();
    stages.End("encode the frame");
  }
  reading.reset();
  logs.reset();
  trace.reset();
  arena.reset();
  stages.End("free");
}

}  // namespace
}  // namespace spanlog::bench

int main(int count, char** arguments) {
  using namespace spanlog;
  // As host/run.cc has them: free memory is used again.
  mallopt(M_MMAP_THRESHOLD, 32 << 20);
  mallopt(M_TRIM_THRESHOLD, 256 << 20);
  const auto number = [&](int at, int otherwise) {
    return count > at ? std::atoi(arguments[at]) : otherwise;
  };
  const bench::Load load{number(1, 1000), number(2, 1000)};
  bench::Workload workload(load);
  const std::string trace = *workload.TraceBody(settings::TraceStoreKind::kTempo),
                    logs = *workload.AllLogs();
  const auto layout = stores::LayoutOptions::Create({}, "");
  if (!layout.ok()) return 1;
  bench::Stages stages;
  size_t bytes = 0;
  for (int i = 0; i < number(3, 200); ++i)
    bench::Round(workload, trace, logs, *layout, stages, bytes);
  std::printf("%d spans, %d records: bodies %.2f MB, frame %.2f MB\n", load.spans, load.records,
              static_cast<double>(trace.size() + logs.size()) / 1e6,
              static_cast<double>(bytes) / 1e6);
  stages.Print();
  return 0;
}
