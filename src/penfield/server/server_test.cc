#include "penfield/server/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "penfield/server/server_for_tests.h"

namespace penfield::server {
namespace {

using ::testing::Eq;
using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST_F(ServerTest, ThePageComesWithWhatProtectsIt) {
  start();
  const RawAnswer answer = ask(get("/"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "<p>page</p>");
  for (const char* field :
       {"Content-Type: text/html; charset=utf-8\r\n", "Content-Security-Policy: frame-ancestors 'none'\r\n",
        "X-Content-Type-Options: nosniff\r\n", "X-Frame-Options: DENY\r\n", "Cache-Control: no-store\r\n",
        "Referrer-Policy: no-referrer\r\n", "Cross-Origin-Resource-Policy: same-origin\r\n",
        "Cross-Origin-Opener-Policy: same-origin\r\n"}) {
    EXPECT_TRUE(answer.has(field)) << field << answer.head;
  }
  EXPECT_FALSE(answer.has("Access-Control")) << "no other origin may read anything";
  EXPECT_THAT(server_->url(), Eq("http://" + host() + "/"));
}

TEST_F(ServerTest, HeadIsGetWithoutTheBody) {
  start();
  RawClient client = connect();
  client.send("HEAD / HTTP/1.1\r\nHost: " + host() + "\r\n\r\n" + get("/"));
  const RawAnswer head = client.receive(false);
  EXPECT_EQ(head.status, 200);
  EXPECT_TRUE(head.has("Content-Length: 11\r\n"));
  EXPECT_EQ(client.receive().body, "<p>page</p>") << "the second answer follows the first head at once";
}

TEST_F(ServerTest, TheWorkerAnswersWhatIsAsked) {
  start();
  EXPECT_EQ(ask(get("/api/v1/units/L18.1234")).body, R"({"name":"L18.1234","body":""})");
  EXPECT_EQ(ask(post("/api/v1/live", "{\"text\": \"a\"}")).body, R"({"name":"","body":"{\"text\": \"a\"}"})");
}

TEST_F(ServerTest, AFieldMayBeSpelledInAnyCase) {
  start();
  std::string request = post("/api/v1/open", "{}");
  for (char& c : request.substr(0, request.find("aaaa"))) c = static_cast<char>(std::tolower(c));
  EXPECT_EQ(ask(request).status, 200);
  EXPECT_EQ(ask("GET / HTTP/1.1\r\nhOsT: LOCALHOST:" + std::to_string(server_->port()) + "\r\n\r\n").status,
            200);
}

TEST_F(ServerTest, RequestsInOneGoAreAnsweredInTheirOrder) {
  start();
  RawClient client = connect();
  std::string all;
  for (int i = 0; i < 40; ++i) {
    all += get("/api/v1/units/L0." + std::to_string(i));
    all += i % 2 == 0 ? get("/nowhere") : post("/api/v1/live", std::to_string(i));
  }
  client.send(all);
  for (int i = 0; i < 40; ++i) {
    EXPECT_THAT(client.receive().body, HasSubstr("\"L0." + std::to_string(i) + "\""));
    const RawAnswer second = client.receive();
    EXPECT_EQ(second.status, i % 2 == 0 ? 404 : 200);
    EXPECT_THAT(second.body, HasSubstr(i % 2 == 0 ? "nothing at this" : "\"" + std::to_string(i) + "\""));
  }
}

TEST_F(ServerTest, AConnectionEndsAfterItsNumberOfRequests) {
  limits_.requests = 3;
  start();
  RawClient client = connect();
  client.send(get("/") + get("/nowhere") + get("/") + get("/"));
  EXPECT_TRUE(client.receive().status == 200 && client.receive().status == 404);
  EXPECT_TRUE(client.receive().has("Connection: close"));
  EXPECT_TRUE(client.is_ended());
}

TEST_F(ServerTest, Http10ClosesUnlessItAsksNotTo) {
  start();
  RawClient closing = connect();
  closing.send("GET / HTTP/1.0\r\nHost: " + host() + "\r\n\r\n");
  EXPECT_EQ(closing.receive().status, 200);
  EXPECT_TRUE(closing.is_ended());
  RawClient staying = connect();
  const std::string request = "GET / HTTP/1.0\r\nHost: " + host() + "\r\nConnection: keep-alive\r\n\r\n";
  staying.send(request + request);
  EXPECT_EQ(staying.receive().status, 200);
  EXPECT_EQ(staying.receive().status, 200);
}

TEST_F(ServerTest, AClientThatWaitsForLeaveToSendItsBodyGetsIt) {
  start();
  RawClient client = connect();
  client.send(post_head("/api/v1/live", "Content-Length: 2\r\nExpect: 100-continue\r\n"));
  EXPECT_EQ(client.receive().status, 100);
  client.send("{}");
  EXPECT_EQ(client.receive().status, 200);
}

TEST_F(ServerTest, LinesOfTheLogArePrintable) {
  std::vector<std::string> lines;
  handlers_.log = [&](std::string_view line) { lines.emplace_back(line); };
  start();
  EXPECT_EQ(ask(get("/a\xff\xfe" + std::string(300, 'x'))).status, 404);
  EXPECT_EQ(ask("\x1b[31m\r\n\r\n").status, 400);
  EXPECT_EQ(ask(get("/api/v1/units/L0.1")).status, 200);
  stop();
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_THAT(lines[0], StartsWith("GET /a\\xff\\xfexxx"));
  EXPECT_LE(lines[0].size(), 150u);
  EXPECT_THAT(lines[1], StartsWith("- 400 "));
  EXPECT_THAT(lines[2], StartsWith("GET /api/v1/units/L0.1 200 "));
}

TEST(ServerOpen, OnlyTheAddressOfOneInterfaceInDigitsIsTaken) {
  for (const char* host :
       {"localhost.example", "example.test", "", "0.0.0.0", "::", "224.0.0.1", "127.0.0.1:80", "1.2.3"}) {
    const auto server = Server::open({.host = host, .port = 0, .limits = {}});
    ASSERT_FALSE(server.has_value()) << host;
    EXPECT_EQ(server.error().kind, ErrorKind::kUsage) << host;
  }
}

TEST(ServerOpen, APortThatIsTakenIsNamed) {
  const auto first = Server::open({});
  ASSERT_TRUE(first.has_value());
  EXPECT_TRUE(first->is_loopback());
  const auto second = Server::open({.host = "127.0.0.1", .port = first->port(), .limits = {}});
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().kind, ErrorKind::kIo);
  EXPECT_THAT(second.error().message, HasSubstr(std::to_string(first->port())));
}

}  // namespace
}  // namespace penfield::server
