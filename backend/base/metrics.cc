#include "base/metrics.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"

namespace spanlog {
namespace {

void AppendEscaped(std::string& out, std::string_view value) {
  for (const char c : value) {
    if (c == '\\' || c == '"') out.push_back('\\');
    if (c == '\n') {
      out += "\\n";
    } else {
      out.push_back(c);
    }
  }
}

// {a="x",b="y"} with a further `le` for histograms; empty without labels.
std::string LabelText(const std::vector<std::string_view>& names,
                      const std::vector<std::string>& values, std::string_view le = "") {
  std::string out;
  const auto add = [&](std::string_view name, std::string_view value) {
    out.push_back(out.empty() ? '{' : ',');
    Append(out, name, "=\"");
    AppendEscaped(out, value);
    out.push_back('"');
  };
  for (size_t i = 0; i < names.size(); ++i) add(names[i], values[i]);
  if (!le.empty()) add("le", le);
  if (!out.empty()) out.push_back('}');
  return out;
}

std::string_view TypeName(const Counter*) { return "counter"; }
std::string_view TypeName(const Gauge*) { return "gauge"; }
std::string_view TypeName(const Histogram*) { return "histogram"; }

using Names = std::vector<std::string_view>;
using Values = std::vector<std::string>;

template <typename Single>
void WriteOne(std::string& out, std::string_view name, const Names& names, const Values& values,
              const Single& metric) {
  Append(out, name, LabelText(names, values), " ", metric.value(), "\n");
}

void WriteOne(std::string& out, std::string_view name, const Names& names, const Values& values,
              const Histogram& histogram) {
  const auto counts = histogram.counts();
  uint64_t total = 0;
  for (size_t i = 0; i < counts.size(); ++i) {
    total += counts[i];
    const std::string le =
        i < Histogram::kBounds.size() ? DoubleToText(Histogram::kBounds[i]) : std::string("+Inf");
    Append(out, name, "_bucket", LabelText(names, values, le), " ", total, "\n");
  }
  Append(out, name, "_sum", LabelText(names, values), " ", DoubleToText(histogram.sum()), "\n");
  Append(out, name, "_count", LabelText(names, values), " ", total, "\n");
}

}  // namespace

void Histogram::Observe(double seconds) {
  if (!(seconds >= 0)) return;
  const size_t bucket = std::lower_bound(kBounds.begin(), kBounds.end(), seconds) - kBounds.begin();
  counts_[bucket].fetch_add(1, std::memory_order_relaxed);
  sum_micros_.fetch_add(static_cast<uint64_t>(std::llround(seconds * 1e6)),
                        std::memory_order_relaxed);
}

std::array<uint64_t, Histogram::kBounds.size() + 1> Histogram::counts() const {
  std::array<uint64_t, kBounds.size() + 1> out;
  for (size_t i = 0; i < out.size(); ++i) out[i] = counts_[i].load(std::memory_order_relaxed);
  return out;
}

template <typename Metric>
void Family<Metric>::Write(std::string& out) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  Append(out, "# HELP ", name_, " ", help_, "\n# TYPE ", name_, " ",
         TypeName(static_cast<const Metric*>(nullptr)), "\n");
  for (const auto& [values, metric] : metrics_) WriteOne(out, name_, labels_, values, *metric);
}

template class Family<Counter>;
template class Family<Gauge>;
template class Family<Histogram>;

std::string Metrics::Text() const {
  std::string out;
  queries.Write(out);
  query_seconds.Write(out);
  queries_in_flight.Write(out);
  errors.Write(out);
  rows.Write(out);
  answer_bytes.Write(out);
  upstream_requests.Write(out);
  upstream_retries.Write(out);
  upstream_seconds.Write(out);
  upstream_bytes.Write(out);
  resource_calls.Write(out);
  health_checks.Write(out);
  datasources.Write(out);
  worker_threads.Write(out);
  return out;
}

Metrics& AllMetrics() {
  static Metrics* const metrics = new Metrics;  // never destroyed: threads may outlive main
  return *metrics;
}

}  // namespace spanlog
