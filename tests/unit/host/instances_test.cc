#include "host/instances.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "tests/unit/host/fakes.h"

namespace spanlog::host {
namespace {

using ::testing::HasSubstr;

pluginv2::PluginContext Context(const std::string& uid = "a") {
  pluginv2::PluginContext context;
  context.set_orgid(1);
  context.set_useragent("Grafana/12.4.0 (linux; amd64)");
  auto* datasource = context.mutable_datasourceinstancesettings();
  datasource->set_uid(uid);
  datasource->set_url("http://tempo:3200");
  datasource->set_lastupdatedms(1000);
  (*datasource->mutable_decryptedsecurejsondata())["httpHeaderValue1"] = "one";
  return context;
}

class InstancesTest : public ::testing::Test {
 protected:
  Backend* Get(const pluginv2::PluginContext& context, const std::string& tenant = "") {
    auto instance = instances_.Get(context, tenant);
    EXPECT_TRUE(instance.ok()) << instance.status();
    return instance.ok() ? instance->backend.get() : nullptr;
  }

  FakeOpener opener_;
  Instances::Clock::time_point now_{};
  Instances instances_{opener_.Function(), "1.2.3", [this] { return now_; }};
};

TEST_F(InstancesTest, KeepsABackendWhileNothingChanges) {
  Backend* first = Get(Context());
  EXPECT_EQ(Get(Context()), first);
  EXPECT_EQ(opener_.opened.size(), 1u);
}

TEST_F(InstancesTest, AnyChangeMakesAFreshOne) {
  using Change = void (*)(pluginv2::PluginContext&);
  const Change changes[] = {
      [](auto& c) { c.mutable_datasourceinstancesettings()->set_url("http://other:3200"); },
      [](auto& c) { c.mutable_datasourceinstancesettings()->set_user("u"); },
      [](auto& c) { c.mutable_datasourceinstancesettings()->set_basicauthenabled(true); },
      [](auto& c) { c.mutable_datasourceinstancesettings()->set_basicauthuser("u"); },
      [](auto& c) { c.mutable_datasourceinstancesettings()->set_jsondata(R"({"timeout":1})"); },
      [](auto& c) { c.mutable_datasourceinstancesettings()->set_lastupdatedms(1001); },
      [](auto& c) {
        (*c.mutable_datasourceinstancesettings()
              ->mutable_decryptedsecurejsondata())["httpHeaderValue1"] = "two";
      },
      [](auto& c) {
        (*c.mutable_datasourceinstancesettings()->mutable_decryptedsecurejsondata())["x"] = "";
      },
      [](auto& c) { (*c.mutable_grafanaconfig())["GF_RESPONSE_LIMIT"] = "5"; },
      [](auto& c) { c.set_useragent("Grafana/13.0.0 (linux; amd64)"); },
  };
  for (size_t i = 0; i < std::size(changes); ++i) {
    Get(Context());
    const size_t before = opener_.opened.size();
    pluginv2::PluginContext changed = Context();
    changes[i](changed);
    Get(changed);
    EXPECT_EQ(opener_.opened.size(), before + 1) << "change " << i;
  }
}

TEST_F(InstancesTest, NeverSharesBetweenDatasourcesOrganisationsNamespacesOrTenants) {
  pluginv2::PluginContext other_org = Context();
  other_org.set_orgid(2);
  pluginv2::PluginContext other_space = Context();
  other_space.set_namespace_("stacks-7");
  std::vector<Backend*> all = {Get(Context()), Get(Context("b")), Get(other_org), Get(other_space),
                               Get(Context(), "tenant")};
  for (size_t i = 0; i < all.size(); ++i) {
    for (size_t j = 0; j < i; ++j) EXPECT_NE(all[i], all[j]) << i << " and " << j;
  }
  EXPECT_EQ(instances_.size(), 5u);
  EXPECT_EQ(Get(Context()), all[0]) << "asking for the others closed none";
}

TEST_F(InstancesTest, AKeyCannotBeForgedByAClevername) {
  pluginv2::PluginContext a = Context("x");
  a.set_namespace_("1:1");
  pluginv2::PluginContext b = Context("1:x");
  b.set_namespace_("1");
  EXPECT_NE(Get(a), Get(b));
}

TEST_F(InstancesTest, AnOldBackendLivesWhileAQueryUsesIt) {
  auto held = instances_.Get(Context(), "");
  ASSERT_TRUE(held.ok());
  pluginv2::PluginContext changed = Context();
  changed.mutable_datasourceinstancesettings()->set_url("http://other");
  Get(changed);
  EXPECT_FALSE(opener_.opened[0].expired());
  *held = Instance{};
  EXPECT_TRUE(opener_.opened[0].expired());
}

TEST_F(InstancesTest, ClosesWhoIsIdleForAnHourAndNobodyElse) {
  Get(Context("idle"));
  now_ += std::chrono::minutes(40);
  Get(Context("busy"));
  now_ += std::chrono::minutes(21);
  instances_.Sweep();
  EXPECT_TRUE(opener_.opened[0].expired());
  EXPECT_FALSE(opener_.opened[1].expired());
  EXPECT_EQ(instances_.size(), 1u);
}

TEST_F(InstancesTest, SaysWhatIsWrongWithTheSettings) {
  pluginv2::PluginContext context = Context();
  context.mutable_datasourceinstancesettings()->set_jsondata(R"({"timeout":"soon"})");
  const auto instance = instances_.Get(context, "");
  EXPECT_TRUE(absl::IsInvalidArgument(instance.status()));
  EXPECT_THAT(std::string(instance.status().message()), HasSubstr("jsonData.timeout"));
  EXPECT_TRUE(absl::IsInvalidArgument(instances_.Get(pluginv2::PluginContext(), "").status()));
}

TEST_F(InstancesTest, HandsTheParsedSettingsAndTheUserAgentOn) {
  pluginv2::PluginContext context = Context();
  (*context.mutable_grafanaconfig())["GF_RESPONSE_LIMIT"] = "4096";
  const Backend* backend = Get(context);
  EXPECT_EQ(backend->settings().uid, "a");
  EXPECT_EQ(backend->settings().traces.url, "http://tempo:3200");
  EXPECT_EQ(backend->settings().traces.http.max_response_bytes, 4096);
  EXPECT_EQ(backend->settings().logs.upstream.http.max_response_bytes, 4096);
  EXPECT_EQ(opener_.user_agents[0], "Grafana/12.4.0 (linux; amd64) spanlog-trace-datasource/1.2.3");
}

TEST(UserAgentTest, HoldsOnlyWhatAHeaderMay) {
  pluginv2::PluginContext context;
  EXPECT_EQ(UserAgent(context, "1"), "spanlog-trace-datasource/1");
  context.set_useragent("Gra\r\nX-Evil: 1\tfana é");
  EXPECT_EQ(UserAgent(context, "1"), "GraX-Evil: 1fana spanlog-trace-datasource/1");
}

TEST(InstancesThreadTest, ManyThreadsGetTheSameDatasource) {
  std::mutex mutex;
  OpenBackend open = [&](settings::Settings,
                         std::string) -> absl::StatusOr<std::shared_ptr<Backend>> {
    const std::lock_guard<std::mutex> lock(mutex);
    return std::make_shared<FakeBackend>();
  };
  Instances instances(open, "1");
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 200; ++i) {
        EXPECT_TRUE(instances.Get(Context(std::to_string((t + i) % 5)), "").ok());
        instances.Sweep();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(instances.size(), 5u);
}

}  // namespace
}  // namespace spanlog::host
