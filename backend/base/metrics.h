// What the process counts, as Prometheus text. One table for all rooms.
//
//   AllMetrics().queries.With({"trace", "ok"}).Add();
//   AllMetrics().upstream_seconds.With({"Tempo"}).Observe(0.012);
//
// Label values come from small fixed sets, never from users: every new one costs memory for good.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace spanlog {

class Counter {
 public:
  void Add(uint64_t amount = 1) { value_.fetch_add(amount, std::memory_order_relaxed); }
  uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<uint64_t> value_{0};
};

class Gauge {
 public:
  void Add(int64_t amount) { value_.fetch_add(amount, std::memory_order_relaxed); }
  void Set(int64_t value) { value_.store(value, std::memory_order_relaxed); }
  int64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<int64_t> value_{0};
};

// Of durations in seconds.
class Histogram {
 public:
  static constexpr std::array<double, 13> kBounds = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1,
                                                     0.25,  0.5,    1,     2.5,  10,    30};
  void Observe(double seconds);
  // Per bucket, not cumulative; the last one is everything above.
  std::array<uint64_t, kBounds.size() + 1> counts() const;
  double sum() const {
    return static_cast<double>(sum_micros_.load(std::memory_order_relaxed)) / 1e6;
  }

 private:
  std::array<std::atomic<uint64_t>, kBounds.size() + 1> counts_{};
  std::atomic<uint64_t> sum_micros_{0};
};

// A metric with labels: one Counter, Gauge or Histogram for each tuple of values. Thread-safe; the
// reference stays valid.
template <typename Metric>
class Family {
 public:
  Family(std::string_view name, std::string_view help, std::vector<std::string_view> labels = {})
      : name_(name), help_(help), labels_(std::move(labels)) {}

  Metric& With(std::initializer_list<std::string_view> values) {
    std::vector<std::string> key(values.begin(), values.end());
    key.resize(labels_.size());
    const std::lock_guard<std::mutex> lock(mutex_);
    std::unique_ptr<Metric>& metric = metrics_[std::move(key)];
    if (metric == nullptr) metric = std::make_unique<Metric>();
    return *metric;
  }
  Metric& Only() { return With({}); }

  // Appends HELP, TYPE and one line per tuple.
  void Write(std::string& out) const;

 private:
  std::string_view name_;
  std::string_view help_;
  std::vector<std::string_view> labels_;
  mutable std::mutex mutex_;
  std::map<std::vector<std::string>, std::unique_ptr<Metric>> metrics_;  // guarded by mutex_
};

struct Metrics {
  Family<Counter> queries{
      "spanlog_queries_total", "Queries by kind and outcome.", {"kind", "status"}};
  Family<Histogram> query_seconds{
      "spanlog_query_duration_seconds", "From a query's arrival to its answer.", {"kind"}};
  Family<Gauge> queries_in_flight{"spanlog_queries_in_flight", "Queries that are being answered."};
  Family<Counter> errors{
      "spanlog_errors_total", "Failed queries by whose fault it was.", {"source"}};
  Family<Counter> rows{"spanlog_rows_total", "Rows in answers, spans and log spans.", {"kind"}};
  Family<Counter> answer_bytes{"spanlog_answer_bytes_total", "Bytes of frames sent to Grafana."};
  Family<Counter> upstream_requests{"spanlog_upstream_requests_total",
                                    "Requests to a store by outcome: HTTP status class or failure.",
                                    {"store", "status"}};
  Family<Counter> upstream_retries{"spanlog_upstream_retries_total",
                                   "Requests that were sent once more after a passing failure.",
                                   {"store"}};
  Family<Histogram> upstream_seconds{"spanlog_upstream_duration_seconds",
                                     "From a request to a store to its whole answer.",
                                     {"store"}};
  Family<Counter> upstream_bytes{"spanlog_upstream_response_bytes_total",
                                 "Bytes of the stores' answers, after decompression.",
                                 {"store"}};
  Family<Counter> resource_calls{"spanlog_resource_calls_total",
                                 "Resource calls by endpoint and status.",
                                 {"endpoint", "status"}};
  Family<Counter> health_checks{
      "spanlog_health_checks_total", "Health checks by outcome.", {"status"}};
  Family<Gauge> datasources{"spanlog_datasource_instances", "Datasources with open stores."};
  Family<Gauge> worker_threads{"spanlog_worker_threads", "Threads that answer queries."};

  // All of the above as Prometheus text. A family without values still shows HELP and TYPE.
  std::string Text() const;
};

// Of this process.
Metrics& AllMetrics();

}  // namespace spanlog
