// A recorded case as the genai room gets it: the stores' answers read into the model, and what is
// known to be true of them.
#pragma once

#include <string>
#include <vector>

#include "model/log_record.h"
#include "model/message.h"
#include "model/trace.h"
#include "nlohmann/json.hpp"

namespace spanlog::genai::testing {

struct RecordedCase {
  std::string name;
  nlohmann::json facts;
  Trace trace;
  LogBatch logs;
  Reading reading;  // of the two above
};

// `part` is "" or "t2" for the second trace of a case.
RecordedCase LoadCase(const std::string& name, const std::string& part = "");

// How well a reading has the messages that the facts tell of.
struct Score {
  int expected = 0;
  int found_once = 0;
  int not_carried = 0;  // never sent, or stored nowhere: cannot be found
  std::vector<std::string> problems;
};
Score ScoreMessages(const RecordedCase& recorded);

// One line per message, for failures and for people.
std::string Print(const RecordedCase& recorded);

}  // namespace spanlog::genai::testing
