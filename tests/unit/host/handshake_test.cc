#include "host/handshake.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "host/socket_dir.h"

namespace spanlog::host {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::StartsWith;

// A folder of the test's own, removed with all in it.
class TempDir {
 public:
  TempDir() {
    std::string name = (fs::temp_directory_path() / "host-test-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~TempDir() { fs::remove_all(path_); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

TEST(HandshakeTest, TheLineIsGoPluginsOwn) {
  EXPECT_EQ(HandshakeLine("/tmp/x/plugin.sock", false), "1|2|unix|/tmp/x/plugin.sock|grpc|\n");
  EXPECT_EQ(HandshakeLine("/s", true), "1|2|unix|/s|grpc||false\n");
}

TEST(HandshakeTest, OnlyTheExactCookieCounts) {
  setenv("grafana_plugin_type", "datasource", 1);
  EXPECT_TRUE(ReadLaunchEnvironment().has_cookie);
  setenv("grafana_plugin_type", "panel", 1);
  EXPECT_FALSE(ReadLaunchEnvironment().has_cookie);
  unsetenv("grafana_plugin_type");
  EXPECT_FALSE(ReadLaunchEnvironment().has_cookie);
}

TEST(SocketDirTest, MakesAFolderThatOnlyItsOwnerCanEnterAndRemovesIt) {
  TempDir temp;
  LaunchEnvironment environment;
  environment.temp_dir = temp.path();
  std::string dir;
  {
    auto socket = SocketDir::Create(environment);
    ASSERT_TRUE(socket.ok()) << socket.status();
    const std::string path = (*socket)->socket_path();
    EXPECT_THAT(path, StartsWith(temp.path() + "/spanlog-"));
    dir = fs::path(path).parent_path();
    struct stat info {};
    ASSERT_EQ(stat(dir.c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777, 0700u);
    std::ofstream(path) << "socket";
  }
  EXPECT_FALSE(fs::exists(dir));
}

TEST(SocketDirTest, TwoProcessesGetTwoFolders) {
  TempDir temp;
  LaunchEnvironment environment;
  environment.temp_dir = temp.path();
  auto a = SocketDir::Create(environment);
  auto b = SocketDir::Create(environment);
  ASSERT_TRUE(a.ok() && b.ok());
  EXPECT_NE((*a)->socket_path(), (*b)->socket_path());
}

TEST(SocketDirTest, PutsTheSocketWhereGrafanaWantsItAndLeavesTheFolder) {
  TempDir temp;
  LaunchEnvironment environment;
  environment.socket_dir = temp.path();
  std::string path;
  {
    auto socket = SocketDir::Create(environment);
    ASSERT_TRUE(socket.ok()) << socket.status();
    path = (*socket)->socket_path();
    EXPECT_EQ(fs::path(path).parent_path(), temp.path());
    EXPECT_FALSE(fs::exists(path)) << "gRPC makes the socket";
    std::ofstream(path) << "socket";
    EXPECT_TRUE((*socket)->ShareWithGroup(std::to_string(getgid())).ok());
    struct stat info {};
    ASSERT_EQ(stat(path.c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777, 0660u);
    EXPECT_FALSE((*socket)->ShareWithGroup("no such group").ok());
  }
  EXPECT_FALSE(fs::exists(path));
  EXPECT_TRUE(fs::exists(temp.path()));
}

TEST(SocketDirTest, FallsBackWhenTmpdirCannotBeUsed) {
  LaunchEnvironment environment;
  for (const std::string& bad :
       {std::string("/no/such/folder"), std::string("relative"), "/tmp/" + std::string(120, 'x')}) {
    environment.temp_dir = bad;
    auto socket = SocketDir::Create(environment);
    ASSERT_TRUE(socket.ok()) << bad << ": " << socket.status();
    EXPECT_THAT((*socket)->socket_path(), StartsWith("/tmp/spanlog-"));
  }
}

TEST(SocketDirTest, SaysWhyGrafanasFolderCannotBeUsed) {
  LaunchEnvironment environment;
  environment.socket_dir = "/no/such/folder";
  EXPECT_THAT(std::string(SocketDir::Create(environment).status().message()),
              HasSubstr("PLUGIN_UNIX_SOCKET_DIR /no/such/folder: No such file"));
  environment.socket_dir = "/tmp/" + std::string(120, 'x');
  EXPECT_THAT(std::string(SocketDir::Create(environment).status().message()),
              HasSubstr("too long"));
}

}  // namespace
}  // namespace spanlog::host
