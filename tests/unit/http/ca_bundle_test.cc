#include "http/ca_bundle.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>

namespace spanlog::http {
namespace {

namespace fs = std::filesystem;

class CaBundleTest : public testing::Test {
 protected:
  CaBundleTest() : root_(fs::temp_directory_path() / ("spanlog_ca_" + std::to_string(getpid()))) {
    fs::remove_all(root_);
    fs::create_directories(root_);
  }
  ~CaBundleTest() override { fs::remove_all(root_); }

  std::string Write(const std::string& path, const std::string& name) {
    const fs::path file = root_ / path.substr(1);
    fs::create_directories(file.parent_path());
    std::ofstream(file) << "-----BEGIN CERTIFICATE-----\n" << name;
    return file.string();
  }
  CaBundle Find(std::map<std::string, std::string> env = {}) {
    return FindCaBundle(
        [env](const char* name) {
          const auto found = env.find(name);
          return found == env.end() ? std::string() : found->second;
        },
        root_.string());
  }
  static bool Has(const CaBundle& bundle, const std::string& name) {
    return bundle.pem.find("\n" + name + "\n") != std::string::npos;
  }

  fs::path root_;
};

TEST_F(CaBundleTest, FindsNothingInAnEmptyRoot) {
  EXPECT_EQ(Find().pem, "");
  EXPECT_EQ(Find().source, "");
}

TEST_F(CaBundleTest, TakesTheFirstKnownFileOnly) {
  Write("/etc/ssl/cert.pem", "alpine");
  EXPECT_TRUE(Has(Find(), "alpine"));
  Write("/etc/pki/tls/certs/ca-bundle.crt", "fedora");
  EXPECT_TRUE(Has(Find(), "fedora"));
  EXPECT_FALSE(Has(Find(), "alpine"));
  Write("/etc/ssl/certs/ca-certificates.crt", "debian");
  EXPECT_TRUE(Has(Find(), "debian"));
  EXPECT_EQ(Find().source, "/etc/ssl/certs/ca-certificates.crt");
}

TEST_F(CaBundleTest, ReadsTheKnownDirectoriesWhenThereIsNoFile) {
  Write("/etc/ssl/certs/one.pem", "one");
  Write("/etc/ssl/certs/two.pem", "two");
  EXPECT_TRUE(Has(Find(), "one"));
  EXPECT_TRUE(Has(Find(), "two"));
}

TEST_F(CaBundleTest, LetsTheEnvironmentNameFileAndDirectories) {
  Write("/etc/ssl/certs/ca-certificates.crt", "debian");
  const std::string own = Write("/own/ca.pem", "own");
  Write("/a/1.pem", "a");
  Write("/b/1.pem", "b");
  const CaBundle file = Find({{"SSL_CERT_FILE", own}});
  EXPECT_TRUE(Has(file, "own"));
  EXPECT_FALSE(Has(file, "debian"));
  const CaBundle both =
      Find({{"SSL_CERT_FILE", own},
            {"SSL_CERT_DIR", (root_ / "a").string() + "::" + (root_ / "b").string()}});
  EXPECT_TRUE(Has(both, "own"));
  EXPECT_TRUE(Has(both, "a"));
  EXPECT_TRUE(Has(both, "b"));
}

TEST_F(CaBundleTest, PassesOverFilesThatHoldNoCertificate) {
  Write("/etc/ssl/cert.pem", "alpine");
  fs::create_directories(root_ / "etc/pki/tls/certs");
  std::ofstream(root_ / "etc/pki/tls/certs/ca-bundle.crt") << "nothing";
  EXPECT_TRUE(Has(Find(), "alpine"));
}

}  // namespace
}  // namespace spanlog::http
