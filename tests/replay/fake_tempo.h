// A Tempo that answers from recorded cases. Routes: traces by id (v2 and v1), search, tags, tag
// values, echo, ready, build info.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "replay/fake_store.h"

namespace spanlog::replay {

class FakeTempo : public FakeStore {
 public:
  explicit FakeTempo(FixturesPtr fixtures, int port = 0);
  ~FakeTempo() override { Close(); }

  // Adds the traces of a case; an earlier case with the same id gives way. `variant` picks files
  // that were recorded at another time: "after" takes tempo_v2.after.pb.
  void Serve(const std::string& case_name, const std::string& variant = "");
  void ServeAll();
  // A trace that no file holds: the protobuf bodies of v2 (TraceByIDResponse) and v1 (Trace).
  void ServeBodies(const std::string& trace_id, std::string v2, std::string v1);
  // Before 2.6: no v2 routes.
  void BeOld(bool old);

 private:
  struct Trace {
    std::optional<Reply> v2, v1, v2_json;
    int64_t start_ns = 0;
    int64_t end_ns = 0;
  };

  Reply Answer(const Request& request) override;
  Reply AnswerTrace(const Request& request, const std::string& id, bool v2);
  Reply AnswerSearch(const Request& request);
  Reply AnswerTagValues(const Request& request, const std::string& tag);
  std::optional<Reply> CheckRange(const Request& request, int64_t& start, int64_t& end);

  std::shared_mutex state_;
  std::map<std::string, Trace> traces_;  // guarded by state_
  bool old_ = false;                     // guarded by state_
};

}  // namespace spanlog::replay
