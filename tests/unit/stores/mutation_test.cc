// Recorded answers, damaged at random but repeatably: readers must not crash, and what they give
// must keep the model's promises.
#include <gtest/gtest.h>

#include <set>

#include "base/utf8.h"
#include "stores/identity.h"
#include "stores/jaeger/exporter_tags.h"
#include "stores/jaeger/jaeger_reader.h"
#include "stores/layout/record_layout.h"
#include "stores/loki/response_reader.h"
#include "stores/otlp/otlp_json.h"
#include "stores/otlp/otlp_reader.h"
#include "stores/zipkin/zipkin_reader.h"
#include "support/fixture.h"

namespace spanlog::stores {
namespace {

constexpr int kRounds = 300;

class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed * 0x9E3779B97F4A7C15ull + 1) {}
  size_t Below(size_t end) {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    return end == 0 ? 0 : static_cast<size_t>(state_ % end);
  }

 private:
  uint64_t state_;
};

std::string Damage(std::string body, Random& random) {
  const size_t times = 1 + random.Below(4);
  for (size_t i = 0; i < times && !body.empty(); ++i) {
    const size_t at = random.Below(body.size());
    const size_t length = std::min(random.Below(40), body.size() - at);
    switch (random.Below(6)) {
      case 0:
        body[at] = static_cast<char>(random.Below(256));
        break;
      case 1:
        body.erase(at, length);
        break;
      case 2:
        body.insert(at, body.substr(at, length));
        break;
      case 3:
        body.resize(at);
        break;
      case 4:
        body.insert(at, 1, "\"{}[],:\\\xff\x00"[random.Below(10)]);
        break;
      default:
        for (size_t k = at; k < at + length; ++k) body[k] = static_cast<char>(random.Below(256));
    }
  }
  return body;
}

void ExpectValid(Attributes attributes) {
  for (const Attribute& attribute : attributes) {
    ASSERT_TRUE(IsValidUtf8(attribute.key));
    ASSERT_TRUE(IsValidUtf8(attribute.value.text()));
  }
}

void ExpectValid(Trace& trace) {
  MakeSane(trace);
  std::set<uint64_t> ids;
  for (const Span& span : trace.spans) {
    ASSERT_NE(span.span_id, 0u);
    ASSERT_TRUE(ids.insert(span.span_id).second);
    ASSERT_GT(span.start_ns, 0);
    ASSERT_GE(span.end_ns, span.start_ns);
    ASSERT_LT(span.resource, trace.resources.size());
    ASSERT_LT(span.scope, trace.scopes.size());
    ASSERT_TRUE(IsValidUtf8(span.name));
    ExpectValid(span.attributes);
    for (const SpanEvent& event : span.events) ExpectValid(event.attributes);
    for (const SpanLink& link : span.links) ExpectValid(link.attributes);
  }
}

// Cases with many kinds of values, and some of ordinary shape.
constexpr const char* kCases[] = {"span-oddities", "attribute-types", "multi-service-40",
                                  "g1-happy", "strands"};

template <typename Read>
void ForEachDamaged(const char* file, Read read) {
  Random random(42);
  for (const char* name : kCases) {
    const testing::Case recorded = testing::LoadCase(name);
    if (!recorded.Has(file)) continue;
    const std::string body = recorded.File(file);
    for (int round = 0; round < kRounds; ++round) {
      Trace trace;
      trace.id = recorded.trace_id();
      read(Damage(body, random), trace);
      ExpectValid(trace);
      if (::testing::Test::HasFatalFailure()) FAIL() << name << " round " << round;
    }
  }
}

TEST(MutationTest, ReadsDamagedProtobuf) {
  ForEachDamaged("tempo_v2.pb", [](std::string body, Trace& trace) {
    (void)ReadTraceByIdResponse(std::move(body), trace);
  });
}

TEST(MutationTest, ReadsDamagedOtlpJson) {
  for (const char* file : {"jaeger_v3.json", "tempo_v2.json"}) {
    ForEachDamaged(file, [](std::string body, Trace& trace) {
      if (ReadOtlpJson(std::move(body), trace).ok()) TakeJaegerWarnings(trace);
    });
  }
}

TEST(MutationTest, ReadsDamagedJaegerJson) {
  ForEachDamaged("jaeger.json", [](std::string body, Trace& trace) {
    (void)ReadJaegerJson(std::move(body), trace);
  });
}

TEST(MutationTest, ReadsDamagedZipkinJson) {
  ForEachDamaged("zipkin.json", [](std::string body, Trace& trace) {
    (void)ReadZipkinJson({body, body.substr(0, body.size() / 2)}, trace);
  });
}

TEST(MutationTest, ReadsDamagedLokiAnswersAndLines) {
  Random random(7);
  for (const char* name :
       {"classic-winston", "classic-plain", "classic-logfmt", "classic-lokiexporter-json",
        "json-nested-lines", "html-injection-logs", "classic-slog-promtail"}) {
    const testing::Case recorded = testing::LoadCase(name);
    const std::string body = recorded.File("loki.json");
    for (int round = 0; round < kRounds; ++round) {
      LokiAnswers answers;
      if (!answers.Add(Damage(body, random)).ok()) continue;
      Arena arena;
      RecordLayout layout(*LayoutOptions::Create({}, ""), recorded.trace_id(), arena);
      for (LogRecord& record : answers.batch().records) {
        layout.Read(answers.batch().streams, record);
        const std::string damaged = ToValidUtf8(Damage(std::string(record.line), random));
        LogRecord other = record;
        other.line = damaged;
        layout.Read(answers.batch().streams, other);
        for (const LogRecord* one : {&record, &other}) {
          ASSERT_TRUE(IsValidUtf8(one->text)) << name;
          ExpectValid(one->fields);
          ExpectValid(one->metadata);
        }
      }
    }
  }
}

}  // namespace
}  // namespace spanlog::stores
