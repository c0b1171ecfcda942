// Executables that behave and misbehave as a plugin can, as shell scripts.
#include "cli/plugin_process.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <string>

namespace spanlog::cli {
namespace {

class PluginProcessTest : public testing::Test {
 protected:
  void TearDown() override { unlink(path_.c_str()); }

  absl::StatusOr<std::unique_ptr<PluginProcess>> Start(const std::string& script,
                                                       int timeout_ms = 5'000) {
    path_ = testing::TempDir() + "spanlog_plugin_" + std::to_string(getpid());
    std::ofstream(path_) << "#!/bin/sh\n" << script << "\n";
    chmod(path_.c_str(), 0700);
    return PluginProcess::Start(path_, timeout_ms);
  }

  std::string path_;
};

TEST_F(PluginProcessTest, ReadsTheAddressOfTheHandshake) {
  const auto unix_socket = Start("echo '1|2|unix|/tmp/x/plugin.sock|grpc|'");
  ASSERT_TRUE(unix_socket.ok()) << unix_socket.status();
  EXPECT_EQ((*unix_socket)->target(), "unix:/tmp/x/plugin.sock");
  const auto tcp = Start("echo '1|2|tcp|127.0.0.1:1234|grpc'");
  ASSERT_TRUE(tcp.ok()) << tcp.status();
  EXPECT_EQ((*tcp)->target(), "127.0.0.1:1234");
}

TEST_F(PluginProcessTest, GivesOnlyTheEnvironmentThatGrafanaGives) {
  setenv("SPANLOG_TEST_SECRET", "leaked", 1);
  EXPECT_TRUE(
      Start("[ \"$grafana_plugin_type\" = datasource ] && [ -z \"$SPANLOG_TEST_SECRET\" ] && "
            "[ -z \"$HOME\" ] && echo '1|2|unix|/s|grpc|'")
          .ok());
}

TEST_F(PluginProcessTest, SaysWhatTheProcessSaidWhenItDidNotStart) {
  const absl::Status status =
      Start("echo '{\"@level\":\"error\",\"@message\":\"no room left\"}' >&2; sleep 0.1; exit 1")
          .status();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_NE(status.message().find("ended before its handshake"), absl::string_view::npos) << status;
  EXPECT_NE(status.message().find("no room left"), absl::string_view::npos) << status;
}

TEST_F(PluginProcessTest, RefusesAnotherHandshake) {
  for (const char* line : {"hello", "1|1|unix|/s|grpc|", "1|2|unix|/s|netrpc|", "|||||"}) {
    EXPECT_FALSE(Start(std::string("echo '") + line + "'").ok()) << line;
  }
}

TEST_F(PluginProcessTest, GivesUpOnASilentProcessAndEndsIt) {
  const absl::Status status = Start("exec sleep 100", 50).status();
  EXPECT_NE(status.message().find("no handshake in time"), absl::string_view::npos) << status;
}

TEST_F(PluginProcessTest, ReportsAFileThatCannotRun) {
  EXPECT_FALSE(PluginProcess::Start("/no/such/plugin", 100).ok());
}

// More log than a pipe holds must not stop the process.
TEST_F(PluginProcessTest, ReadsAllThatTheProcessLogs) {
  const auto process = Start(
      "i=0; while [ $i -lt 3000 ]; do echo "
      "'{\"@level\":\"info\",\"@message\":\"a line of some length to fill the pipe with text\"}' "
      ">&2; i=$((i+1)); done; echo '{\"@level\":\"warn\",\"@message\":\"the last\"}' >&2; "
      "echo '1|2|unix|/s|grpc|'");
  ASSERT_TRUE(process.ok()) << process.status();
}

}  // namespace
}  // namespace spanlog::cli
