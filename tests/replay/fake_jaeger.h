// A Jaeger query service that answers from recorded cases: /api/v3 (OTLP JSON) and /api (UI JSON).
#pragma once

#include <map>
#include <optional>
#include <string>

#include "replay/fake_store.h"

namespace spanlog::replay {

class FakeJaeger : public FakeStore {
 public:
  explicit FakeJaeger(FixturesPtr fixtures, int port = 0);
  ~FakeJaeger() override { Close(); }

  void Serve(const std::string& case_name, const std::string& variant = "");
  void ServeAll();
  // A trace that no file holds.
  void ServeBodies(const std::string& trace_id, std::string v3, std::string v1);
  // As of August 2026: /api/services and the search of /api are gone.
  void BeNew(bool is_new);
  // Jaeger 1.x without /api/v3.
  void BeOld(bool old);

 private:
  struct Trace {
    std::optional<Reply> v3, v1, adjusted;
  };

  Reply Answer(const Request& request) override;
  Reply AnswerV3(const Request& request, const std::string& path);
  Reply AnswerV1(const Request& request, const std::string& path);
  Reply AnswerTrace(const Request& request, const std::string& id, bool v3);
  Reply AnswerOperations(const Request& request, const std::string& file);

  std::shared_mutex state_;
  std::map<std::string, Trace> traces_;  // guarded by state_
  bool new_ = false;                     // guarded by state_
  bool old_ = false;                     // guarded by state_
};

}  // namespace spanlog::replay
