// A small fuzzer for what g++ builds (preset asan), led by chance alone. Preset fuzz has libFuzzer.
//
// usage: <target>_fuzz [-seconds=N] [-seed=N] [-max_size=N] [-artifacts=FOLDER] [file or folder...]
//   Runs every file as it is, then changed ones for N seconds (default 0). An input that crashes,
//   that breaks a rule or takes over 30 s is written to FOLDER (default: here), and the exit status
//   is not 0.
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

#include "target.h"

extern "C" void __sanitizer_set_death_callback(void (*callback)());

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

void Run(std::string input) {
  g_current = std::move(input);
  // A buffer of its own size, so that a read beyond the end is seen.
  std::vector<uint8_t> exact(g_current.begin(), g_current.end());
  alarm(kMostSecondsPerInput);
  LLVMFuzzerTestOneInput(exact.data(), exact.size());
  alarm(0);
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
  std::string input = corpus[Below(random, corpus.size())];
  const std::string& other = corpus[Below(random, corpus.size())];
  const size_t changes = 1 + Below(random, 4);
  for (size_t i = 0; i < changes; ++i) Change(input, other, max_size, random);
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
    Run(seed);
    // Larger ones are run as they are, but are too slow to begin from.
    if (seed.size() <= options.max_size) corpus.push_back(std::move(seed));
  }
  const size_t seeds = runs;
  if (corpus.empty()) corpus.emplace_back();
  Random random(options.seed);
  const Clock::time_point begin = Clock::now();
  const auto elapsed = [&] { return std::chrono::duration<double>(Clock::now() - begin).count(); };
  while (elapsed() < options.seconds) {
    Run(Changed(corpus, options.max_size, random));
    ++runs;
  }
  std::printf("%zu seeds, %zu runs, %.0f s\n", seeds, runs, elapsed());
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
    if (name == "-seconds")
      options.seconds = std::atof(value.c_str());
    else if (name == "-seed")
      options.seed = static_cast<unsigned>(std::atoi(value.c_str()));
    else if (name == "-max_size")
      options.max_size = static_cast<size_t>(std::atoll(value.c_str()));
    else if (name == "-artifacts")
      options.artifacts = value;
    else
      options.inputs.push_back(argument);
  }
  return spanlog::fuzz::Main(options);
}
