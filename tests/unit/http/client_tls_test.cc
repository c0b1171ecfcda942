#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "replay/certificates.h"
#include "testing.h"

namespace spanlog::http {
namespace {

using absl::StatusCode;
using replay::Authority;
using replay::HttpServer;
using replay::Identity;
using testing::HasSubstr;

// The bundle "of the machine" is read once per process, at the first handshake that needs it.
class MachineBundle : public testing::Environment {
 public:
  void SetUp() override {
    file_ =
        std::filesystem::temp_directory_path() / ("spanlog_machine_ca_" + std::to_string(getpid()));
    std::ofstream(file_) << "# a comment\n" << authority().certificate_pem();
    setenv("SSL_CERT_FILE", file_.c_str(), 1);
    unsetenv("SSL_CERT_DIR");
  }
  void TearDown() override { std::filesystem::remove(file_); }
  static const Authority& authority() {
    static const Authority authority("Machine CA");
    return authority;
  }

 private:
  std::filesystem::path file_;
};
const testing::Environment* const kMachineBundle =
    testing::AddGlobalTestEnvironment(new MachineBundle);

replay::Answer WhoAsks(const replay::Request& request) {
  replay::Answer answer;
  answer.reply = replay::TextReply(200, "sni=" + request.sni + " client=" + request.client +
                                            " host=" + std::string(request.Header("host")));
  return answer;
}

class ClientTlsTest : public testing::Test {
 protected:
  void Listen(const Identity& identity, const std::string& client_ca = "") {
    server_ = std::make_unique<HttpServer>(
        WhoAsks, replay::ServerTls{identity.certificate_pem, identity.key_pem, client_ca});
  }
  absl::StatusOr<Response> Fetch(TlsOptions tls) {
    ClientOptions options;
    options.tls = std::move(tls);
    return MakeClient(std::move(options))->Fetch(Get(server_->url()));
  }
  static void ExpectTlsFailure(const absl::Status& status, const std::string& advice) {
    EXPECT_EQ(status.code(), StatusCode::kFailedPrecondition) << status;
    EXPECT_TRUE(IsDownstream(status));
    EXPECT_THAT(std::string(status.message()), HasSubstr("https://127.0.0.1:"));
    EXPECT_THAT(std::string(status.message()), HasSubstr(advice));
  }

  const Authority own_{"Own CA"};
  std::unique_ptr<HttpServer> server_;
};

TEST_F(ClientTlsTest, TrustsTheMachinesBundle) {
  Listen(MachineBundle::authority().Issue({"127.0.0.1"}));
  const auto response = Fetch({});
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_THAT(response->body, HasSubstr("sni= client= "));  // an address is no server name
}

TEST_F(ClientTlsTest, RefusesAnUnknownIssuer) {
  Listen(own_.Issue({"127.0.0.1"}));
  ExpectTlsFailure(Fetch({}).status(), "tlsAuthWithCACert");
}

TEST_F(ClientTlsTest, TrustsTheOwnCaAndNoOther) {
  Listen(own_.Issue({"127.0.0.1"}));
  TlsOptions tls;
  tls.ca_pem = "Subject: CN=Own CA\n" + own_.certificate_pem();
  EXPECT_TRUE(Fetch(tls).ok()) << Fetch(tls).status();
  Listen(MachineBundle::authority().Issue({"127.0.0.1"}));
  ExpectTlsFailure(Fetch(tls).status(), "tlsCACert");
}

TEST_F(ClientTlsTest, TrustsAServersOwnCertificateWhenItIsGiven) {
  const Identity identity = own_.Issue({"127.0.0.1"});
  Listen(identity);
  TlsOptions tls;
  tls.ca_pem = identity.certificate_pem;
  EXPECT_TRUE(Fetch(tls).ok()) << Fetch(tls).status();
}

TEST_F(ClientTlsTest, RefusesACertificateForAnotherHost) {
  Listen(MachineBundle::authority().Issue({"other.test"}));
  ExpectTlsFailure(Fetch({}).status(), "serverName");
}

TEST_F(ClientTlsTest, RefusesAnExpiredCertificate) {
  Listen(MachineBundle::authority().Issue({"127.0.0.1"}, -1));
  ExpectTlsFailure(Fetch({}).status(), "Renew");
}

TEST_F(ClientTlsTest, SkipsVerificationWhenTold) {
  Listen(own_.Issue({"other.test"}, -1));
  TlsOptions tls;
  tls.skip_verify = true;
  EXPECT_TRUE(Fetch(tls).ok()) << Fetch(tls).status();
}

TEST_F(ClientTlsTest, TheServerNameReplacesTheHostInSniAndVerification) {
  Listen(own_.Issue({"store.test"}));
  TlsOptions tls;
  tls.ca_pem = own_.certificate_pem();
  tls.server_name = "store.test";
  const auto response = Fetch(tls);
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_THAT(response->body, HasSubstr("sni=store.test "));
  EXPECT_THAT(response->body, HasSubstr("host=127.0.0.1:" + std::to_string(server_->port())));
  tls.server_name = "elsewhere.test";
  ExpectTlsFailure(Fetch(tls).status(), "serverName");
}

TEST_F(ClientTlsTest, ShowsItsClientCertificate) {
  Listen(own_.Issue({"127.0.0.1"}), own_.certificate_pem());
  const Identity identity = own_.Issue({"spanlog-client"});
  TlsOptions tls;
  tls.ca_pem = own_.certificate_pem();
  tls.client_cert_pem = identity.certificate_pem;
  tls.client_key_pem = identity.key_pem;
  const auto response = Fetch(tls);
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_THAT(response->body, HasSubstr("client=/CN=spanlog-client "));
}

TEST_F(ClientTlsTest, SaysThatTheServerWantsAClientCertificate) {
  Listen(own_.Issue({"127.0.0.1"}), own_.certificate_pem());
  TlsOptions tls;
  tls.ca_pem = own_.certificate_pem();
  ExpectTlsFailure(Fetch(tls).status(), "tlsAuth");
}

TEST_F(ClientTlsTest, KeepsTlsConnectionsAlive) {
  Listen(MachineBundle::authority().Issue({"127.0.0.1"}));
  const auto client = MakeClient();
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(client->Fetch(Get(server_->url())).ok());
  EXPECT_EQ(server_->connections(), 1);
}

TEST_F(ClientTlsTest, SaysThatThePortSpeaksNoTls) {
  HttpServer plain(Always("x"));
  const absl::Status status =
      MakeClient()->Fetch(Get("https://127.0.0.1:" + std::to_string(plain.port()))).status();
  EXPECT_EQ(status.code(), StatusCode::kFailedPrecondition) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("http://"));
}

TEST_F(ClientTlsTest, RefusesBrokenSettingsByName) {
  const Identity identity = own_.Issue({"a"}), other = own_.Issue({"b"});
  const auto refusal = [](TlsOptions tls) {
    ClientOptions options;
    options.tls = std::move(tls);
    const absl::Status status = Client::Create(options).status();
    EXPECT_EQ(status.code(), StatusCode::kInvalidArgument);
    return std::string(status.message());
  };
  TlsOptions tls;
  tls.ca_pem = "not a certificate";
  EXPECT_THAT(refusal(tls), HasSubstr("tlsCACert"));
  tls = {};
  tls.client_cert_pem = identity.certificate_pem;
  EXPECT_THAT(refusal(tls), HasSubstr("has no key (tlsClientKey)"));
  tls.client_key_pem = other.key_pem;
  EXPECT_THAT(refusal(tls), HasSubstr("does not belong"));
  tls.client_key_pem = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
  EXPECT_THAT(refusal(tls), HasSubstr("tlsClientKey"));
  tls.client_cert_pem = "x";
  EXPECT_THAT(refusal(tls), HasSubstr("tlsClientCert"));
  tls = {};
  tls.server_name = "a/b@c";
  EXPECT_THAT(refusal(tls), HasSubstr("serverName"));
}

}  // namespace
}  // namespace spanlog::http
