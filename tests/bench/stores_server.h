// A trace store and a Loki that hold one synthetic trace.
#pragma once

#include "bench/loopback_server.h"
#include "bench/workload.h"

namespace spanlog::bench {

class StoresServer {
 public:
  StoresServer(const Load& load, settings::TraceStoreKind store);

  Workload& workload() { return workload_; }
  std::string trace_url() const { return traces_.url(); }
  std::string log_url() const { return logs_.url(); }
  // Where the floors download from: each a whole body.
  std::string whole_trace() const { return traces_.url() + "/whole"; }
  std::string whole_logs() const { return logs_.url() + "/whole"; }
  uint64_t trace_bytes() const { return traces_.bytes(); }
  uint64_t bytes() const { return traces_.bytes() + logs_.bytes(); }
  uint64_t requests() const { return traces_.requests() + logs_.requests(); }

 private:
  Served Trace(std::string_view target);
  Served Logs(std::string_view target);

  const settings::TraceStoreKind store_;
  Workload workload_;
  const Body trace_body_;
  const Body all_logs_;
  LoopbackServer traces_, logs_;
};

}  // namespace spanlog::bench
