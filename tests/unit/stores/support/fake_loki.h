// A Loki that holds the records of recorded answers and evaluates the few forms of LogQL that the
// ladder writes, so that a wrong query finds nothing.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "support/fake_client.h"
#include "support/fixture.h"

namespace spanlog::stores::testing {

using LabelMap = std::map<std::string, std::string>;

struct Entry {
  LabelMap stream;
  int64_t time_ns = 0;
  std::string line;
  LabelMap metadata;
};

class FakeLoki {
 public:
  // Adds the records of a categorised answer; those it has already are left out.
  void Load(const std::string& body);
  void Load(const Case& recorded);  // every loki*.json of the case
  void Add(Entry entry) { entries_.push_back(std::move(entry)); }

  // Answers query_range, labels and the health query; 400 with Loki's words where it would.
  http::Response Reply(const Asked& asked);

  int max_entries = 5000;
  bool categorise = true;             // false: an old Loki, which ignores the header
  std::vector<std::string> problems;  // what no client should send

 private:
  http::Response QueryRange(const Asked& asked);
  std::vector<Entry> entries_;
};

}  // namespace spanlog::stores::testing
