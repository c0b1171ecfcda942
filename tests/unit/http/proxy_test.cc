#include "http/proxy.h"

#include <gtest/gtest.h>

#include <map>

namespace spanlog::http {
namespace {

std::string Choose(const std::string& url, std::map<std::string, std::string> env) {
  return ProxyFor(*ParseEndpoint(url), [env](const char* name) {
    const auto found = env.find(name);
    return found == env.end() ? std::string() : found->second;
  });
}

// The proxy is taken unless `no_proxy` excludes the URL.
bool Proxied(const std::string& url, const std::string& no_proxy) {
  return !Choose(url, {{"HTTP_PROXY", "http://p:1"}, {"NO_PROXY", no_proxy}}).empty();
}

TEST(ProxyTest, TakesTheVariableOfTheSchemeInEitherCase) {
  EXPECT_EQ(Choose("http://h", {}), "");
  EXPECT_EQ(Choose("http://h", {{"HTTP_PROXY", "http://p:1"}}), "http://p:1");
  EXPECT_EQ(Choose("http://h", {{"http_proxy", "http://p:2"}}), "http://p:2");
  EXPECT_EQ(Choose("https://h", {{"HTTP_PROXY", "http://p:1"}}), "");
  EXPECT_EQ(Choose("https://h", {{"HTTPS_PROXY", "http://p:3"}}), "http://p:3");
  EXPECT_EQ(Choose("http://h", {{"ALL_PROXY", "http://p:4"}}), "");
}

TEST(ProxyTest, AddsASchemeAndLetsSocksProxiesResolve) {
  EXPECT_EQ(Choose("http://h", {{"HTTP_PROXY", "p:1"}}), "http://p:1");
  EXPECT_EQ(Choose("http://h", {{"HTTP_PROXY", "socks5://p:1"}}), "socks5h://p:1");
}

TEST(ProxyTest, NeverProxiesLoopback) {
  EXPECT_FALSE(Proxied("http://localhost:1", ""));
  EXPECT_FALSE(Proxied("http://127.0.0.2:1", ""));
  EXPECT_FALSE(Proxied("http://[::1]:1", ""));
  EXPECT_TRUE(Proxied("http://10.0.0.1:1", ""));
}

TEST(ProxyTest, ExcludesDomainsAndTheirSubdomains) {
  EXPECT_FALSE(Proxied("http://y.com", " x.com , y.com"));
  EXPECT_FALSE(Proxied("http://a.Y.com", "y.COM"));
  EXPECT_TRUE(Proxied("http://ay.com", "y.com"));
  EXPECT_TRUE(Proxied("http://y.com", ".y.com"));
  EXPECT_FALSE(Proxied("http://a.y.com", ".y.com"));
  EXPECT_FALSE(Proxied("http://a.y.com", "*.y.com"));
  EXPECT_FALSE(Proxied("http://anything", "*"));
}

TEST(ProxyTest, ExcludesPortsAddressesAndNetworks) {
  EXPECT_FALSE(Proxied("http://y.com:80", "y.com:80"));
  EXPECT_TRUE(Proxied("http://y.com:81", "y.com:80"));
  EXPECT_FALSE(Proxied("http://10.1.2.3", "10.1.2.3"));
  EXPECT_FALSE(Proxied("http://10.1.2.3", "10.0.0.0/8"));
  EXPECT_TRUE(Proxied("http://11.1.2.3", "10.0.0.0/8"));
  EXPECT_FALSE(Proxied("http://[fd00::1]:1", "fd00::/8"));
  EXPECT_FALSE(Proxied("http://[fd00::1]:1", "[fd00::1]:1"));
  EXPECT_TRUE(Proxied("http://[fd00::1]:2", "[fd00::1]:1"));
  EXPECT_TRUE(Proxied("http://10.1.2.3", "10.0.0.0/99,/,:,.,"));
}

TEST(ProxyTest, ShowsNoPassword) {
  EXPECT_EQ(ProxyDisplay("http://me:secret@p:3128/x"), "http://p:3128");
  EXPECT_EQ(ProxyDisplay("http://p:3128"), "http://p:3128");
}

}  // namespace
}  // namespace spanlog::http
