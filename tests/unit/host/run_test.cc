// The process: how it starts and how it ends.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include "base/text.h"
#include "proto/goplugin.grpc.pb.h"
#include "proto/pluginv2.grpc.pb.h"

namespace spanlog::host {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::steady_clock;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;

// A plugin process as Grafana starts it: pipes for stdout and stderr, no environment but the given.
class Process {
 public:
  explicit Process(std::vector<std::string> environment) {
    int out[2], err[2];
    EXPECT_EQ(pipe2(out, O_CLOEXEC), 0);
    EXPECT_EQ(pipe2(err, O_CLOEXEC), 0);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, out[1], 1);
    posix_spawn_file_actions_adddup2(&actions, err[1], 2);
    std::vector<char*> variables;
    for (std::string& variable : environment) variables.push_back(variable.data());
    variables.push_back(nullptr);
    std::string path = SPANLOG_FAKE_PLUGIN;
    char* arguments[] = {path.data(), nullptr};
    EXPECT_EQ(posix_spawn(&pid_, path.c_str(), &actions, nullptr, arguments, variables.data()), 0);
    posix_spawn_file_actions_destroy(&actions);
    close(out[1]);
    close(err[1]);
    out_ = out[0];
    err_ = err[0];
  }
  ~Process() {
    if (pid_ > 0) {
      kill(pid_, SIGKILL);
      waitpid(pid_, nullptr, 0);
    }
    close(out_);
    if (err_ >= 0) close(err_);
  }

  pid_t pid() const { return pid_; }
  std::string ReadLine() {
    std::string line;
    char c;
    while (read(out_, &c, 1) == 1) {
      line.push_back(c);
      if (c == '\n') break;
    }
    return line;
  }
  std::string ReadAll(int fd) {
    std::string text;
    char buffer[4096];
    ssize_t size;
    while ((size = read(fd, buffer, sizeof(buffer))) > 0) text.append(buffer, size);
    return text;
  }
  std::string Out() { return ReadAll(out_); }
  std::string Err() { return ReadAll(err_); }
  void CloseStderr() {
    close(err_);
    err_ = -1;
  }
  // Exit code, or -1 when it is still there after `most`, or -signal.
  int Wait(milliseconds most) {
    const auto end = steady_clock::now() + most;
    int status = 0;
    while (waitpid(pid_, &status, WNOHANG) != pid_) {
      if (steady_clock::now() > end) return -1;
      std::this_thread::sleep_for(milliseconds(5));
    }
    pid_ = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status) - 1;
  }

 private:
  pid_t pid_ = 0;
  int out_ = -1;
  int err_ = -1;
};

class RunTest : public ::testing::Test {
 protected:
  RunTest() {
    std::string name = (fs::temp_directory_path() / "run-test-XXXXXX").string();
    temp_ = mkdtemp(name.data());
  }
  ~RunTest() override { fs::remove_all(temp_); }

  std::vector<std::string> Environment() const {
    return {"grafana_plugin_type=datasource", "PLUGIN_PROTOCOL_VERSIONS=2", "TMPDIR=" + temp_};
  }
  // Reads the handshake and gives the socket's path.
  std::string Start(Process& process) {
    const std::string line = process.ReadLine();
    EXPECT_THAT(line, MatchesRegex("1\\|2\\|unix\\|/.+/plugin.sock\\|grpc\\|\n"));
    const size_t begin = line.find("unix|") + 5;
    return line.substr(begin, line.find("|grpc") - begin);
  }
  static std::shared_ptr<grpc::Channel> Connect(const std::string& socket) {
    return grpc::CreateChannel("unix:" + socket, grpc::InsecureChannelCredentials());
  }
  bool TempIsEmpty() const { return fs::is_empty(temp_); }

  std::string temp_;
};

TEST_F(RunTest, WithoutTheCookieItSaysWhatItIsAndExitsWithOne) {
  Process process({"PATH=/bin"});
  EXPECT_EQ(process.Wait(milliseconds(5000)), 1);
  EXPECT_EQ(process.Out(), "");
  EXPECT_THAT(process.Err(), HasSubstr("Grafana"));
}

TEST_F(RunTest, EndsWithinASecondOfShutdownAlthoughAQueryHangs) {
  Process process(Environment());
  const std::string socket = Start(process);
  auto channel = Connect(socket);
  auto hanging = std::async(std::launch::async, [&] {
    grpc::ClientContext context;
    pluginv2::QueryDataRequest request;
    request.mutable_plugincontext()->mutable_datasourceinstancesettings()->set_uid("x");
    request.add_queries()->set_json(R"({"query":"abc"})");
    pluginv2::QueryDataResponse response;
    return pluginv2::Data::NewStub(channel)->QueryData(&context, request, &response);
  });
  std::this_thread::sleep_for(milliseconds(300));

  const auto begin = steady_clock::now();
  grpc::ClientContext context;
  plugin::Empty empty;
  EXPECT_TRUE(plugin::GRPCController::NewStub(channel)->Shutdown(&context, empty, &empty).ok());

  EXPECT_EQ(process.Wait(milliseconds(3000)), 0);
  EXPECT_LT(steady_clock::now() - begin, milliseconds(1000));
  EXPECT_FALSE(hanging.get().ok());
  EXPECT_TRUE(TempIsEmpty()) << "socket or folder left behind";
  EXPECT_EQ(process.Out(), "") << "stdout carries the handshake and nothing else";
}

TEST_F(RunTest, EndsOnSigtermAndIgnoresTheOtherSignals) {
  Process process(Environment());
  auto channel = Connect(Start(process));
  for (const int signal : {SIGINT, SIGPIPE, SIGHUP}) kill(process.pid(), signal);
  EXPECT_EQ(process.Wait(milliseconds(200)), -1) << "it must live on";
  grpc::ClientContext context;
  pluginv2::CollectMetricsResponse response;
  EXPECT_TRUE(pluginv2::Diagnostics::NewStub(channel)
                  ->CollectMetrics(&context, pluginv2::CollectMetricsRequest(), &response)
                  .ok());
  kill(process.pid(), SIGTERM);
  EXPECT_EQ(process.Wait(milliseconds(2000)), 0);
  EXPECT_TRUE(TempIsEmpty());
}

TEST_F(RunTest, EndsWhenNobodyReadsItsLogAnyMore) {
  Process process(Environment());
  Start(process);
  process.CloseStderr();
  EXPECT_EQ(process.Wait(milliseconds(3000)), 0);
  EXPECT_TRUE(TempIsEmpty());
}

TEST_F(RunTest, EndsWhenItsParentIsGone) {
  // A parent in between that starts the plugin and dies: the plugin's stderr stays open here.
  int out[2];
  ASSERT_EQ(pipe(out), 0);
  const std::string command = "env -i grafana_plugin_type=datasource TMPDIR=" + temp_ + " " +
                              SPANLOG_FAKE_PLUGIN + " & echo pid $!; read line; kill -9 $$";
  int in[2];
  ASSERT_EQ(pipe(in), 0);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in[0], 0);
  posix_spawn_file_actions_adddup2(&actions, out[1], 1);
  std::string shell = "/bin/sh", flag = "-c", text = command;
  char* arguments[] = {shell.data(), flag.data(), text.data(), nullptr};
  pid_t parent = 0;
  ASSERT_EQ(posix_spawn(&parent, "/bin/sh", &actions, nullptr, arguments, environ), 0);
  posix_spawn_file_actions_destroy(&actions);
  close(out[1]);
  close(in[0]);
  std::string said;
  char c;
  while (said.find("|grpc|\n") == said.npos && read(out[0], &c, 1) == 1) said.push_back(c);
  const size_t at = said.find("pid ");
  ASSERT_NE(at, said.npos) << said;
  const pid_t plugin = std::stoi(said.substr(at + 4));
  ASSERT_EQ(kill(plugin, 0), 0);

  ASSERT_EQ(write(in[1], "\n", 1), 1);
  waitpid(parent, nullptr, 0);
  bool gone = false;
  for (int i = 0; i < 400 && !gone; ++i) {
    std::this_thread::sleep_for(milliseconds(10));
    gone = TempIsEmpty();
  }
  EXPECT_TRUE(gone) << "the plugin lives on without its parent";
  if (!gone) kill(plugin, SIGKILL);
  close(out[0]);
  close(in[1]);
}

TEST_F(RunTest, AnswersAMultiplexingHostAndTakesTheFolderItNames) {
  const std::string dir = temp_ + "/given";
  fs::create_directory(dir);
  std::vector<std::string> environment = Environment();
  environment.push_back("PLUGIN_UNIX_SOCKET_DIR=" + dir);
  environment.push_back("PLUGIN_MULTIPLEX_GRPC=true");
  Process process(environment);
  EXPECT_THAT(process.ReadLine(),
              MatchesRegex("1\\|2\\|unix\\|" + dir + "/plugin[^|/]+\\|grpc\\|\\|false\n"));
  kill(process.pid(), SIGTERM);
  EXPECT_EQ(process.Wait(milliseconds(2000)), 0);
  EXPECT_TRUE(fs::is_empty(dir));
}

}  // namespace
}  // namespace spanlog::host
