#include "host/audit.h"

#include <string>

#include "host/log.h"

namespace spanlog::host {
void AuditRead(std::string_view datasource_uid, const settings::Query& query,
               const query::Reader& reader, policy::ContentLevel level) {
  std::string_view who = reader.login;
  // A person can send alerting's mark; alerting comes without a login or under its own.
  if (who.empty()) who = reader.from_alert ? "alerting" : "anonymous";
  std::string_view kind = "trace";
  std::string trace;
  switch (query.kind) {
    case settings::QueryKind::kTrace:
      trace = query.trace_id.Hex();
      break;
    case settings::QueryKind::kConversation:
      kind = "conversation";
      trace = query.text;
      break;
    case settings::QueryKind::kSearch:
      kind = "search";
      break;
  }
  Log(LogLevel::kInfo, "content read",
      {{"who", who},
       {"role", std::string_view(reader.role)},
       {"fromAlert", reader.from_alert},
       {"orgId", reader.org_id},
       {"dsUid", datasource_uid},
       {"kind", kind},
       {"trace", std::string_view(trace)},
       {"level", policy::LevelName(level)}});
}

}  // namespace spanlog::host
