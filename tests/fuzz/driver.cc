// A small fuzzer for what g++ builds; led by coverage where the rooms were built with it (preset fuzz),
// by chance alone where not (preset asan).
//
// usage: <target>_fuzz [-seconds=N] [-seed=N] [-max_size=N] [-artifacts=FOLDER] [file or folder...]
//   Runs every file as it is, then changed ones for N seconds (default 0). An input that crashes, that
//   breaks a rule or takes over 30 s is written to FOLDER (default: here), and the exit status is not 0.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "coverage.h"
#include "target.h"

extern "C" {
void __sanitizer_set_death_callback(void (*callback)());
size_t __attribute__((weak))
LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size, unsigned int seed);
// More than any input may ask for, and a leak is a finding.
const char* __asan_default_options() {
  return "detect_stack_use_after_return=1:strict_string_checks=1:max_allocation_size_mb=2048:"
         "hard_rss_limit_mb=4096:handle_abort=1";
}
const char* __ubsan_default_options() { return "print_stacktrace=1"; }
}

namespace spanlog::fuzz {
namespace {

using Clock = std::chrono::steady_clock;

constexpr unsigned kMostSecondsPerInput = 30;

struct Options {
  double seconds = 0;
  unsigned seed = 1;
  size_t max_size = 48 << 10;
  std::string artifacts = ".";
  std::vector<std::string> inputs;
};

std::string g_current;
std::string g_artifacts;

// Called while the process dies: plain system calls only.
void SaveCurrent() {
  uint64_t hash = 1469598103934665603u;
  for (const char c : g_current) hash = (hash ^ static_cast<uint8_t>(c)) * 1099511628211u;
  char name[4096];
  std::snprintf(name, sizeof name, "%s/crash-%016lx", g_artifacts.c_str(), hash);
  const int file = open(name, O_CREAT | O_TRUNC | O_WRONLY, 0644);
  if (file < 0) return;
  size_t done = 0;
  while (done < g_current.size()) {
    const ssize_t n = write(file, g_current.data() + done, g_current.size() - done);
    if (n <= 0) break;
    done += static_cast<size_t>(n);
  }
  close(file);
  std::fprintf(stderr, "the input is in %s (%zu bytes)\n", name, g_current.size());
}

void TooSlow(int) {
  static const char kWords[] = "BROKEN: one input takes over 30 s\n";
  (void)!write(STDERR_FILENO, kWords, sizeof kWords - 1);
  SaveCurrent();
  _exit(70);
}

size_t Run(std::string input) {
  g_current = std::move(input);
  // A buffer of its own size, so that a read beyond the end is seen.
  std::vector<uint8_t> exact(g_current.begin(), g_current.end());
  ResetCoverage();
  alarm(kMostSecondsPerInput);
  LLVMFuzzerTestOneInput(exact.data(), exact.size());
  alarm(0);
  return TakeNewCoverage();
}

std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::string> Seeds(const Options& options) {
  std::vector<std::filesystem::path> files;
  for (const std::string& input : options.inputs) {
    if (!std::filesystem::is_directory(input)) {
      files.push_back(input);
      continue;
    }
    for (const auto& entry : std::filesystem::recursive_directory_iterator(input)) {
      if (entry.is_regular_file()) files.push_back(entry.path());
    }
  }
  std::sort(files.begin(), files.end());
  std::vector<std::string> seeds;
  for (const auto& file : files) seeds.push_back(ReadFile(file));
  return seeds;
}

std::string Changed(const std::vector<std::string>& corpus, size_t max_size, Random& random) {
  // What was found last leads on most often.
  const size_t recent = std::min<size_t>(corpus.size(), 32);
  const size_t chosen = Below(random, 3) == 0 ? corpus.size() - 1 - Below(random, recent)
                                              : Below(random, corpus.size());
  std::string input = corpus[chosen];
  const std::string& other = corpus[Below(random, corpus.size())];
  const size_t changes = 1 + Below(random, 4);
  for (size_t i = 0; i < changes; ++i) {
    if (&LLVMFuzzerCustomMutator != nullptr && Below(random, 4) != 0) {
      std::string buffer = input;
      buffer.resize(max_size);
      buffer.resize(LLVMFuzzerCustomMutator(reinterpret_cast<uint8_t*>(buffer.data()), input.size(),
                                            max_size, static_cast<unsigned>(random())));
      input = std::move(buffer);
    } else {
      Mutate(input, other, max_size, random);
    }
  }
  return input;
}

int Main(const Options& options) {
  g_artifacts = options.artifacts;
  __sanitizer_set_death_callback(SaveCurrent);
  std::signal(SIGALRM, TooSlow);
  std::vector<std::string> corpus;
  size_t runs = 0;
  for (std::string& seed : Seeds(options)) {
    ++runs;
    const size_t fresh = Run(seed);
    // Larger ones are run as they are, but are too slow to begin from. Where nothing tells what it
    // covers, all of them count.
    const bool counts = fresh > 0 || KnownEdges() == 0;
    if (counts && seed.size() <= options.max_size) corpus.push_back(std::move(seed));
  }
  const size_t seeds = runs;
  if (corpus.empty()) corpus.emplace_back();
  Random random(options.seed);
  const Clock::time_point begin = Clock::now();
  const auto elapsed = [&] { return std::chrono::duration<double>(Clock::now() - begin).count(); };
  while (elapsed() < options.seconds) {
    std::string input = Changed(corpus, options.max_size, random);
    ++runs;
    if (Run(input) > 0) corpus.push_back(std::move(input));
  }
  std::printf("%zu seeds, %zu runs, %zu kept, %zu edges, %.0f s\n", seeds, runs, corpus.size(),
              KnownEdges(), elapsed());
  return 0;
}

}  // namespace
}  // namespace spanlog::fuzz

int main(int argc, char** argv) {
  spanlog::fuzz::Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    const size_t equals = argument.find('=');
    const std::string name = argument.substr(0, equals);
    const std::string value = equals == std::string::npos ? "" : argument.substr(equals + 1);
    if (name == "-seconds") options.seconds = std::atof(value.c_str());
    else if (name == "-seed") options.seed = static_cast<unsigned>(std::atoi(value.c_str()));
    else if (name == "-max_size") options.max_size = static_cast<size_t>(std::atoll(value.c_str()));
    else if (name == "-artifacts") options.artifacts = value;
    else options.inputs.push_back(argument);
  }
  return spanlog::fuzz::Main(options);
}
