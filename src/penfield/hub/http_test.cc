// TLS and proxies; what servers answer is in broken_transfer_test.cc and hostile_hub_test.cc.
#include "penfield/hub/http.h"
#include "penfield/base/blocked_sigpipe.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>

#include "penfield/formats/file_descriptor.h"
#include "penfield/formats/scratch_folder_for_tests.h"
#include "penfield/hub/hub_for_tests.h"

namespace penfield::hub {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const KeepOn kKeepOn = [] { return Result<void>(); };

// A server with a certificate that it signed itself, for one name ("IP:127.0.0.1"); answers every request by
// `answer`.
class TlsServer {
 public:
  TlsServer(const std::string& name, std::string answer) : answer_(std::move(answer)) {
    key_.reset(EVP_EC_gen("P-256"));
    certificate_.reset(X509_new());
    X509_set_version(certificate_.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate_.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate_.get()), -3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate_.get()), 3600);
    X509_set_pubkey(certificate_.get(), key_.get());
    X509_NAME* const subject = X509_get_subject_name(certificate_.get());
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("test"),
                               -1, -1, 0);
    X509_set_issuer_name(certificate_.get(), subject);
    add_extension(NID_basic_constraints, "CA:TRUE");
    add_extension(NID_subject_alt_name, name);
    X509_sign(certificate_.get(), key_.get(), EVP_sha256());
    SSL_CTX_use_certificate(context_.get(), certificate_.get());
    SSL_CTX_use_PrivateKey(context_.get(), key_.get());
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ::bind(listener_.get(), reinterpret_cast<const sockaddr*>(&address), size);
    ::listen(listener_.get(), 16);
    ::getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;
  ~TlsServer() {
    is_over_ = true;
    ::shutdown(listener_.get(), SHUT_RDWR);
    thread_.join();
  }
  [[nodiscard]] std::string url() const { return "https://127.0.0.1:" + std::to_string(port_); }
  [[nodiscard]] int n_requests() const { return n_requests_; }
  [[nodiscard]] std::string pem() const {
    const std::unique_ptr<BIO, decltype(&BIO_free)> memory(BIO_new(BIO_s_mem()), &BIO_free);
    PEM_write_bio_X509(memory.get(), certificate_.get());
    char* bytes = nullptr;
    const long size = BIO_get_mem_data(memory.get(), &bytes);
    return {bytes, static_cast<std::size_t>(size)};
  }

 private:
  void add_extension(int id, const std::string& value) {
    X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, nullptr, id, value.c_str());
    X509_add_ext(certificate_.get(), extension, -1);
    X509_EXTENSION_free(extension);
  }
  void serve() {
    const BlockedSigpipe blocked;
    while (!is_over_) {
      const formats::FileDescriptor socket(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
      if (!socket.is_open()) continue;
      const std::unique_ptr<SSL, decltype(&SSL_free)> tls(SSL_new(context_.get()), &SSL_free);
      SSL_set_fd(tls.get(), socket.get());
      char bytes[4096];
      if (SSL_accept(tls.get()) != 1 || SSL_read(tls.get(), bytes, sizeof bytes) <= 0) continue;
      ++n_requests_;
      SSL_write(tls.get(), answer_.data(), static_cast<int>(answer_.size()));
      SSL_shutdown(tls.get());
    }
  }

  std::string answer_;
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_{nullptr, &EVP_PKEY_free};
  std::unique_ptr<X509, decltype(&X509_free)> certificate_{nullptr, &X509_free};
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_{SSL_CTX_new(TLS_server_method()), &SSL_CTX_free};
  formats::FileDescriptor listener_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  unsigned short port_ = 0;
  std::atomic<bool> is_over_ = false;
  std::atomic<int> n_requests_ = 0;
  std::thread thread_;
};

constexpr const char* kOk = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";

class Tls : public testing::Test {
 protected:
  HttpResult<std::string> get(const TlsServer& server) {
    Settings settings;
    settings.endpoint = server.url();
    settings.certificates = certificates_;
    return HttpClient::open(settings, {.text = "hf_secret", .source = "HF_TOKEN"})
        .value()
        .get_text(server.url() + "/x", 1000, kKeepOn);
  }
  formats::ScratchFolder scratch_;
  std::string certificates_;
};

TEST_F(Tls, ACertificateThatNobodyVouchesForIsRefused) {
  const TlsServer server("IP:127.0.0.1", kOk);
  const auto text = get(server);
  ASSERT_FALSE(text);
  EXPECT_FALSE(text.error().may_pass);
  EXPECT_EQ(text.error().error.kind, ErrorKind::kNetwork);
  EXPECT_THAT(text.error().error.message, AllOf(HasSubstr("certificate"), HasSubstr("SSL_CERT_FILE")));
  EXPECT_EQ(server.n_requests(), 0) << "no token was sent";
}

TEST_F(Tls, OneThatTheUserNamesIsTaken) {
  const TlsServer server("IP:127.0.0.1", kOk);
  certificates_ = scratch_.write("ca.pem", server.pem());
  const auto text = get(server);
  ASSERT_TRUE(text) << text.error().error.message;
  EXPECT_EQ(*text, "{}");
}

TEST_F(Tls, OneForAnotherNameIsRefused) {
  const TlsServer server("DNS:huggingface.co", kOk);
  certificates_ = scratch_.write("ca.pem", server.pem());
  EXPECT_FALSE(get(server));
  EXPECT_EQ(server.n_requests(), 0);
}

TEST_F(Tls, NothingIsRedirectedToPlainHttp) {
  const TlsServer server("IP:127.0.0.1",
                         "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/x\r\nContent-Length: 0\r\n\r\n");
  certificates_ = scratch_.write("ca.pem", server.pem());
  const auto text = get(server);
  ASSERT_FALSE(text);
  EXPECT_THAT(text.error().error.message, HasSubstr("from https to http"));
}

class Proxied : public HubTest {};

TEST_F(Proxied, TheProxyIsAskedForTheWholeAddress) {
  settings_.endpoint = "http://hub.invalid";
  settings_.proxies.for_http = server_.url();
  server_.disturb([](const HubRequest& request, HubConnection& connection) {
    connection.answer(request.target.starts_with("http://hub.invalid/api/models/owner/model/") ? 403 : 500,
                      {}, "");
    return true;
  });
  EXPECT_THAT(failure_of().message, HasSubstr("no such repository"));
  settings_.proxies.not_for = "localhost,hub.invalid";
  EXPECT_THAT(failure_of().message, AllOf(HasSubstr("hub.invalid"), Not(HasSubstr("no such repository"))));
}

// libcurl would read these by itself.
TEST_F(Proxied, TheEnvironmentIsNotRead) {
  ::setenv("http_proxy", "http://127.0.0.1:9", 1);
  ::setenv("ALL_PROXY", "http://127.0.0.1:9", 1);
  const auto fetched = fetch_model();
  ::unsetenv("http_proxy");
  ::unsetenv("ALL_PROXY");
  EXPECT_TRUE(fetched);
}

}  // namespace
}  // namespace penfield::hub
