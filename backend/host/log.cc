#include "host/log.h"

#include <grpc/support/log.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <mutex>

#include "base/text.h"
#include "google/protobuf/stubs/logging.h"

namespace spanlog::host {
namespace {

std::atomic<LogLevel> g_level{LogLevel::kInfo};
std::atomic<int> g_file{STDERR_FILENO};

void WriteWhole(std::string_view line) {
  // Lines over PIPE_BUF are no single write to the kernel: threads must not mix them.
  static std::mutex mutex;
  const std::lock_guard<std::mutex> lock(mutex);
  while (!line.empty()) {
    const ssize_t written = write(g_file.load(std::memory_order_relaxed), line.data(), line.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    line.remove_prefix(static_cast<size_t>(written));
  }
}

std::string_view BaseName(const char* path) {
  const std::string_view text = path == nullptr ? "" : path;
  const size_t slash = text.rfind('/');
  return slash == text.npos ? text : text.substr(slash + 1);
}

void GrpcLog(gpr_log_func_args* args) {
  if (args == nullptr || args->severity < GPR_LOG_SEVERITY_ERROR) return;
  // What gRPC calls an error is mostly a peer that went away.
  Log(LogLevel::kWarn, args->message == nullptr ? "" : args->message,
      {{"module", std::string_view("grpc")},
       {"file", BaseName(args->file)},
       {"line", static_cast<int64_t>(args->line)}});
}

void ProtobufLog(google::protobuf::LogLevel level, const char* file, int line,
                 const std::string& message) {
  if (level < google::protobuf::LOGLEVEL_WARNING) return;
  Log(LogLevel::kWarn, message,
      {{"module", std::string_view("protobuf")},
       {"file", BaseName(file)},
       {"line", static_cast<int64_t>(line)}});
}

[[noreturn]] void LastWords() {
  std::string what = "Spanlog stops: an exception that nothing caught";
  if (const std::exception_ptr current = std::current_exception()) {
    try {
      std::rethrow_exception(current);
    } catch (const std::exception& e) {
      Append(what, ": ", std::string_view(e.what()));
    } catch (...) {
    }
  }
  Log(LogLevel::kError, what);
  std::abort();
}

}  // namespace

void SetLogLevel(LogLevel level) { g_level.store(level, std::memory_order_relaxed); }

bool LogEnabled(LogLevel level) { return level >= g_level.load(std::memory_order_relaxed); }

void SetLogFile(int fd) { g_file.store(fd, std::memory_order_relaxed); }

void Log(LogLevel level, std::string_view message, std::initializer_list<LogField> fields) {
  if (!LogEnabled(level)) return;
  const int64_t micros = std::chrono::duration_cast<std::chrono::microseconds>(
                             std::chrono::system_clock::now().time_since_epoch())
                             .count();
  WriteWhole(
      FormatLogLine(level, message, absl::MakeConstSpan(fields.begin(), fields.size()), micros));
}

void CaptureLibraryLogs() {
  gpr_set_log_function(GrpcLog);
  gpr_set_log_verbosity(GPR_LOG_SEVERITY_ERROR);
  google::protobuf::SetLogHandler(ProtobufLog);
  std::set_terminate(LastWords);
}

}  // namespace spanlog::host
