// A Zipkin that answers from recorded cases.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "replay/fake_store.h"

namespace spanlog::replay {

class FakeZipkin : public FakeStore {
 public:
  explicit FakeZipkin(FixturesPtr fixtures, int port = 0);
  ~FakeZipkin() override { Close(); }

  void Serve(const std::string& case_name);
  void ServeAll();
  void ServeBody(const std::string& trace_id, std::string spans);
  // STRICT_TRACE_ID=false: looks traces up by their lower 64 bits.
  void BeStrict(bool strict);

 private:
  struct Trace {
    std::optional<Reply> strict, loose;
  };

  Reply Answer(const Request& request) override;
  Reply AnswerTrace(const Request& request, const std::string& id);

  std::shared_mutex state_;
  std::map<std::string, Trace> traces_;  // guarded by state_
  bool strict_ = true;                   // guarded by state_
};

}  // namespace spanlog::replay
