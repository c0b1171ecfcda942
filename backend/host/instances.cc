#include "host/instances.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/metrics.h"
#include "base/text.h"
#include "host/log.h"

namespace spanlog::host {
namespace {

constexpr std::string_view kResponseLimit = "GF_RESPONSE_LIMIT";

// Length first: no two lists of parts read the same.
void AddPart(std::string& key, std::string_view part) { Append(key, part.size(), ':', part); }

std::string KeyOf(const pluginv2::PluginContext& context, std::string_view tenant) {
  const auto& datasource = context.datasourceinstancesettings();
  std::string key;
  AddPart(key, tenant);
  AddPart(key, context.namespace_());
  AddPart(key, Concat(context.orgid()));
  AddPart(key, datasource.uid().empty() ? Concat("id ", datasource.id()) : datasource.uid());
  return key;
}

// Everything a backend is made from. Kept whole and compared whole: Grafana's time of change is too
// coarse (seconds in some databases) and a hash could collide.
std::string MadeFrom(const pluginv2::PluginContext& context, std::string_view user_agent) {
  const auto& datasource = context.datasourceinstancesettings();
  std::string all;
  AddPart(all, datasource.url());
  AddPart(all, datasource.user());
  AddPart(all, datasource.basicauthuser());
  AddPart(all, datasource.basicauthenabled() ? "1" : "0");
  AddPart(all, datasource.jsondata());
  AddPart(all, Concat(datasource.lastupdatedms()));
  AddPart(all, user_agent);
  std::vector<std::pair<std::string_view, std::string_view>> secrets(
      datasource.decryptedsecurejsondata().begin(), datasource.decryptedsecurejsondata().end());
  std::sort(secrets.begin(), secrets.end());
  for (const auto& [name, value] : secrets) {
    AddPart(all, name);
    AddPart(all, value);
  }
  const auto limit = context.grafanaconfig().find(std::string(kResponseLimit));
  if (limit != context.grafanaconfig().end()) AddPart(all, limit->second);
  return all;
}

settings::RawSettings RawOf(const pluginv2::DataSourceInstanceSettings& datasource) {
  settings::RawSettings raw;
  raw.uid = datasource.uid();
  raw.url = datasource.url();
  raw.user = datasource.user();
  raw.basic_auth = datasource.basicauthenabled();
  raw.basic_auth_user = datasource.basicauthuser();
  raw.json_data = datasource.jsondata();
  raw.secrets.insert(datasource.decryptedsecurejsondata().begin(),
                     datasource.decryptedsecurejsondata().end());
  return raw;
}

// grafana.ini's [dataproxy] response_limit holds for plugins, too.
void ApplyResponseLimit(const pluginv2::PluginContext& context, settings::Settings& settings) {
  const auto found = context.grafanaconfig().find(std::string(kResponseLimit));
  int64_t limit = 0;
  if (found == context.grafanaconfig().end() || !ParseInt64(found->second, limit) || limit <= 0) {
    return;
  }
  for (int64_t* bytes : {&settings.limits.response_bytes, &settings.traces.http.max_response_bytes,
                         &settings.logs.upstream.http.max_response_bytes}) {
    *bytes = std::min(*bytes, limit);
  }
}

}  // namespace

std::string UserAgent(const pluginv2::PluginContext& context, std::string_view plugin_version) {
  std::string agent;
  for (const char c : context.useragent().substr(0, 200)) {
    // It becomes a header: nothing but printable ASCII.
    if (c >= 0x20 && c < 0x7f) agent.push_back(c);
  }
  const std::string own = Concat("spanlog-trace-datasource/", plugin_version);
  const std::string_view grafana = TrimSpace(agent);
  return grafana.empty() ? own : Concat(grafana, " ", own);
}

absl::StatusOr<Instance> Instances::Get(const pluginv2::PluginContext& context,
                                        std::string_view tenant) {
  if (!context.has_datasourceinstancesettings()) {
    return absl::InvalidArgumentError("the request names no datasource");
  }
  const std::string key = KeyOf(context, tenant);
  std::string user_agent = UserAgent(context, version_);
  std::string made_from = MadeFrom(context, user_agent);
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto found = entries_.find(key);
    if (found != entries_.end() && found->second.made_from == made_from) {
      found->second.last_used = now_();
      return found->second.instance;
    }
  }

  // Made outside the lock: reading certificates must not hold up other datasources. Two threads may
  // both make one; the later one stays.
  const auto& datasource = context.datasourceinstancesettings();
  absl::StatusOr<settings::Settings> parsed = settings::ParseSettings(RawOf(datasource));
  if (!parsed.ok()) {
    return absl::InvalidArgumentError(
        Concat("The datasource's settings do not hold: ", std::string(parsed.status().message())));
  }
  ApplyResponseLimit(context, *parsed);
  const int concurrent = parsed->limits.concurrent_queries;
  absl::StatusOr<std::shared_ptr<Backend>> backend =
      open_(*std::move(parsed), std::move(user_agent));
  if (!backend.ok()) return backend.status();
  Instance made{*std::move(backend), std::make_shared<Slots>(concurrent)};

  Instance old;  // goes after the lock
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    Entry& entry = entries_[key];
    old = std::move(entry.instance);
    entry = Entry{std::move(made_from), made, now_()};
    AllMetrics().datasources.Only().Set(static_cast<int64_t>(entries_.size()));
  }
  Log(LogLevel::kInfo, old.backend == nullptr ? "datasource opened" : "datasource settings changed",
      {{"dsUid", std::string_view(datasource.uid())},
       {"dsName", std::string_view(datasource.name())}});
  return made;
}

void Instances::Sweep() {
  std::vector<Instance> idle;  // go after the lock
  const std::lock_guard<std::mutex> lock(mutex_);
  const Clock::time_point oldest = now_() - kIdle;
  for (auto entry = entries_.begin(); entry != entries_.end();) {
    if (entry->second.last_used < oldest) {
      idle.push_back(std::move(entry->second.instance));
      entry = entries_.erase(entry);
    } else {
      ++entry;
    }
  }
  AllMetrics().datasources.Only().Set(static_cast<int64_t>(entries_.size()));
}

size_t Instances::size() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return entries_.size();
}

}  // namespace spanlog::host
