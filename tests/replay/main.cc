// spanlog-replay: the four fake stores as processes see them, until SIGTERM.
#include <pthread.h>

#include <csignal>
#include <cstdio>
#include <cstring>
#include <exception>
#include <string>
#include <vector>

#include "base/text.h"
#include "replay/fake_jaeger.h"
#include "replay/fake_loki.h"
#include "replay/fake_tempo.h"
#include "replay/fake_zipkin.h"

namespace spanlog::replay {
namespace {

constexpr char kUsage[] =
    "usage: spanlog-replay --fixtures DIR [--case NAME]... [--port-file FILE]\n"
    "         [--tempo-port N] [--loki-port N] [--jaeger-port N] [--zipkin-port N]\n"
    "Serves the recorded cases (all, or those named) on 127.0.0.1 until SIGTERM and prints one "
    "line:\n"
    "  tempo=URL loki=URL jaeger=URL zipkin=URL\n";

struct Options {
  std::string fixtures, port_file;
  std::vector<std::string> cases;
  int64_t tempo = 0, loki = 0, jaeger = 0, zipkin = 0;
};

bool Parse(int count, char** arguments, Options& options) {
  for (int i = 1; i + 1 < count; i += 2) {
    const std::string name = arguments[i], value = arguments[i + 1];
    bool good = true;
    if (name == "--fixtures") {
      options.fixtures = value;
    } else if (name == "--port-file") {
      options.port_file = value;
    } else if (name == "--case") {
      options.cases.push_back(value);
    } else if (name == "--tempo-port") {
      good = ParseInt64(value, options.tempo);
    } else if (name == "--loki-port") {
      good = ParseInt64(value, options.loki);
    } else if (name == "--jaeger-port") {
      good = ParseInt64(value, options.jaeger);
    } else if (name == "--zipkin-port") {
      good = ParseInt64(value, options.zipkin);
    } else {
      good = false;
    }
    if (!good) return false;
  }
  return count % 2 == 1 && !options.fixtures.empty();
}

template <typename Store>
void Serve(Store& store, const Options& options) {
  if (options.cases.empty()) store.ServeAll();
  for (const std::string& name : options.cases) store.Serve(name);
}

void PrintViolations(const char* store, const FakeStore& fake) {
  for (const std::string& violation : fake.Violations()) {
    std::fprintf(stderr, "violation: %s: %s\n", store, violation.c_str());
  }
}

int Run(const Options& options) {
  // Before any thread starts, so that all of them leave the signals to sigwait.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  const auto fixtures = std::make_shared<const Fixtures>(options.fixtures);
  FakeTempo tempo(fixtures, static_cast<int>(options.tempo));
  FakeLoki loki(fixtures, static_cast<int>(options.loki));
  FakeJaeger jaeger(fixtures, static_cast<int>(options.jaeger));
  FakeZipkin zipkin(fixtures, static_cast<int>(options.zipkin));
  Serve(tempo, options);
  Serve(loki, options);
  Serve(jaeger, options);
  Serve(zipkin, options);

  const std::string line = Concat("tempo=", tempo.url(), " loki=", loki.url(),
                                  " jaeger=", jaeger.url(), " zipkin=", zipkin.url(), "\n");
  if (!options.port_file.empty()) {
    // Under another name first: who waits for the file must never read half of it.
    const std::string unfinished = options.port_file + ".part";
    std::FILE* file = std::fopen(unfinished.c_str(), "w");
    if (file == nullptr || std::fputs(line.c_str(), file) < 0 || std::fclose(file) != 0 ||
        std::rename(unfinished.c_str(), options.port_file.c_str()) != 0) {
      std::fprintf(stderr, "spanlog-replay: %s: %s\n", options.port_file.c_str(),
                   std::strerror(errno));
      return 1;
    }
  }
  std::fputs(line.c_str(), stdout);
  std::fflush(stdout);

  int signal = 0;
  sigwait(&signals, &signal);
  PrintViolations("tempo", tempo);
  PrintViolations("loki", loki);
  PrintViolations("jaeger", jaeger);
  PrintViolations("zipkin", zipkin);
  return 0;
}

}  // namespace
}  // namespace spanlog::replay

int main(int count, char** arguments) {
  spanlog::replay::Options options;
  if (!spanlog::replay::Parse(count, arguments, options)) {
    std::fputs(spanlog::replay::kUsage, stderr);
    return 2;
  }
  try {
    return spanlog::replay::Run(options);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "spanlog-replay: %s\n", error.what());
    return 1;
  }
}
