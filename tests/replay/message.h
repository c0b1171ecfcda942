// What a replay server gets and gives.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace spanlog::replay {

using Pairs = std::vector<std::pair<std::string, std::string>>;

// A request as it came.
struct Request {
  std::string method;
  std::string target;  // raw, with the query
  std::string path;    // percent-decoded
  Pairs params;        // decoded; of the query and of a posted form
  Pairs headers;       // names in lower case
  std::string body;
  int connection = 0;  // number of the connection it came on, from 1
  std::string sni;     // server name that TLS asked for
  std::string client;  // subject of the TLS client certificate: "/CN=…"

  std::string_view Header(std::string_view lower_case_name) const;
  int HeaderCount(std::string_view lower_case_name) const;
  bool HasParam(std::string_view name) const;
  std::string_view Param(std::string_view name) const;
};

// Fills path and params from target (and the body of a posted form).
void ParseTarget(Request& request);
std::string PercentDecode(std::string_view text, bool plus_is_space);

struct Reply {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
  Pairs headers;
  bool compress = true;  // gzip when asked for and worth it
};

Reply TextReply(int status, std::string body);
Reply JsonReply(std::string body);

// What goes wrong with an answer.
enum class Trouble {
  kNone,
  kStall,        // never answers
  kStallInBody,  // sends the head and half of the body, then nothing
  kReset,        // resets the connection in place of an answer
  kResetInBody,
  kClose,         // closes the connection in place of an answer
  kTruncate,      // promises the whole body, sends half and closes
  kTruncateGzip,  // a gzip body that ends early, correctly framed
  kGarbage,       // bytes that are no HTTP
  kBrokenGzip,    // says gzip, is none
  kSlowHeaders,   // one byte of the head every 20 ms
  kRaw,           // the reply's body as it is, without a head
};

// An answer and how it is spoilt.
struct Answer {
  Reply reply;
  Trouble trouble = Trouble::kNone;
  int delay_ms = 0;
};

}  // namespace spanlog::replay
