// Bytes that no browser would send, and requests that a browser sends for somebody else.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "penfield/server/server_for_tests.h"

namespace penfield::server {
namespace {

using namespace std::chrono_literals;
using ::testing::AnyOf;
using ::testing::Eq;
using ::testing::HasSubstr;

TEST_F(ServerTest, OnlyItsOwnNameIsAnswered) {
  start();
  const std::string port = std::to_string(server_->port());
  for (const std::string& name :
       {std::string("attacker.test"), "attacker.test:" + port, std::string("127.0.0.1"),
        std::string("127.0.0.1:1"), "127.0.0.1:" + port + ".attacker.test", "127.0.0.1.:" + port,
        "127.1:" + port, "2130706433:" + port, "localhost.:" + port, "[::1]:" + port, "0.0.0.0:" + port,
        "user@127.0.0.1:" + port, "127.0.0.1:0" + port, std::string()}) {
    const RawAnswer answer = ask("GET / HTTP/1.1\r\nHost: " + name + "\r\n\r\n");
    EXPECT_EQ(answer.status, 421) << name;
    EXPECT_THAT(answer.body, Not(HasSubstr("attacker"))) << "nothing is echoed";
  }
  EXPECT_EQ(ask("GET / HTTP/1.1\r\n\r\n").status, 400);
  EXPECT_EQ(ask("GET / HTTP/1.0\r\n\r\n").status, 400);
  EXPECT_EQ(ask("GET / HTTP/1.1\r\nHost: " + host() + "\r\nHost: " + host() + "\r\n\r\n").status, 400);
  EXPECT_EQ(ask("GET / HTTP/1.1\r\nHost: " + host() + "\r\nHost: attacker.test\r\n\r\n").status, 400);
}

TEST_F(ServerTest, PagesOfOtherOriginsAreNotAnswered) {
  start();
  const std::string port = std::to_string(server_->port());
  for (const std::string& origin :
       {std::string("http://attacker.test"), std::string("null"), std::string("https://" + host()),
        std::string("http://127.0.0.1"), std::string("http://127.0.0.1:1"),
        std::string("http://localhost:" + port), std::string("http://" + host() + ".test"),
        std::string("file://"), std::string()}) {
    EXPECT_EQ(ask(get("/api/v1/folders", "Origin: " + origin + "\r\n")).status, 403) << origin;
    EXPECT_EQ(ask(get("/", "Origin: " + origin + "\r\n")).status, 403) << origin;
  }
  EXPECT_EQ(ask(get("/api/v1/folders", "Origin: http://" + host() + "\r\n")).status, 200);
  EXPECT_EQ(ask(get("/api/v1/folders", "Origin: http://" + host() + "\r\nOrigin: http://x.test\r\n")).status,
            403);
  for (const char* site : {"cross-site", "same-site", "SAME-ORIGIN", ""})
    EXPECT_EQ(ask(get("/api/v1/folders", std::string("Sec-Fetch-Site: ") + site + "\r\n")).status, 403)
        << site;
  for (const char* site : {"same-origin", "none"})
    EXPECT_EQ(ask(get("/api/v1/folders", std::string("Sec-Fetch-Site: ") + site + "\r\n")).status, 200)
        << site;
}

TEST_F(ServerTest, ALinkOnAnotherSiteMayOpenThePageAndNothingElse) {
  start();
  const std::string link =
      "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n";
  EXPECT_EQ(ask(get("/", link)).status, 200);
  EXPECT_EQ(ask(get("/api/v1/folders", link)).status, 403);
  EXPECT_EQ(
      ask(get("/", "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\nSec-Fetch-Dest: script\r\n"))
          .status,
      403);
  EXPECT_EQ(
      ask(get("/", "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: iframe\r\n"))
          .status,
      403);
}

TEST_F(ServerTest, APostNeedsTheTokenOfThePage) {
  start();
  const auto with = [&](const std::string& field) {
    return ask("POST /api/v1/live HTTP/1.1\r\nHost: " + host() + "\r\nContent-Type: application/json\r\n" +
               field + "Content-Length: 2\r\n\r\n{}")
        .status;
  };
  EXPECT_EQ(with(""), 403);
  EXPECT_EQ(with("X-Penfield-Token: \r\n"), 403);
  EXPECT_EQ(with("X-Penfield-Token: " + std::string(63, 'a') + "\r\n"), 403);
  EXPECT_EQ(with("X-Penfield-Token: " + std::string(65, 'a') + "\r\n"), 403);
  EXPECT_EQ(with("X-Penfield-Token: " + std::string(63, 'a') + "b\r\n"), 403);
  EXPECT_EQ(with("X-Penfield-Token: " + token_ + "\r\nX-Penfield-Token: " + token_ + "\r\n"), 403);
  EXPECT_EQ(with("X-Penfield-Token: " + token_ + "\r\n"), 200);
}

TEST_F(ServerTest, APageOfAFormerResultIsNotGivenTheNumbersOfAnother) {
  start();
  EXPECT_EQ(ask(get("/api/v1/units/L0.1", "X-Penfield-Token: " + token_ + "\r\n")).status, 200);
  EXPECT_EQ(ask(get("/api/v1/units/L0.1", "X-Penfield-Token: " + std::string(64, 'b') + "\r\n")).status, 403);
  EXPECT_EQ(ask(get("/api/v1/units/L0.1")).status, 200);
}

TEST_F(ServerTest, OnlyJsonIsPosted) {
  start();
  const auto with = [&](const std::string& field) {
    return ask("POST /api/v1/live HTTP/1.1\r\nHost: " + host() + "\r\n" + field +
               "X-Penfield-Token: " + token_ + "\r\nContent-Length: 2\r\n\r\n{}")
        .status;
  };
  for (const char* type : {"text/plain", "application/x-www-form-urlencoded", "multipart/form-data",
                           "application/jsonp", "application/json-seq", "text/json", "", "json"})
    EXPECT_EQ(with(std::string("Content-Type: ") + type + "\r\n"), 415) << type;
  EXPECT_EQ(with(""), 415);
  EXPECT_EQ(with("Content-Type: application/json\r\nContent-Type: text/plain\r\n"), 415);
  EXPECT_EQ(with("Content-Type: Application/JSON; charset=utf-8\r\n"), 200);
}

TEST_F(ServerTest, EveryOtherMethodIsRefused) {
  start();
  for (const char* method : {"PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "PROPFIND", "FOO", "get"}) {
    const std::string request = std::string(method) + " / HTTP/1.1\r\nHost: " + host() + "\r\n\r\n";
    EXPECT_THAT(ask(request).status, AnyOf(405, 400)) << method;
  }
  EXPECT_TRUE(ask("PUT / HTTP/1.1\r\nHost: " + host() + "\r\n\r\n").has("Allow: GET, HEAD\r\n"));
  const RawAnswer get_of_post = ask(get("/api/v1/live"));
  EXPECT_EQ(get_of_post.status, 405);
  EXPECT_TRUE(get_of_post.has("Allow: POST\r\n"));
  EXPECT_EQ(ask(post("/", "{}")).status, 405);
  EXPECT_EQ(ask("CONNECT " + host() + " HTTP/1.1\r\nHost: " + host() + "\r\n\r\n").status, 400);
  EXPECT_EQ(ask("OPTIONS * HTTP/1.1\r\nHost: " + host() + "\r\n\r\n").status, 400);
}

TEST_F(ServerTest, ThereIsNoPathToAFile) {
  start();
  for (const char* target : {"/..%2f",
                             "/%2e%2e/",
                             "/../../etc/passwd",
                             "/..",
                             "/./",
                             "//",
                             "//etc/passwd",
                             "/%00",
                             "/%2500",
                             "/%252e%252e%252f",
                             "/%c0%ae%c0%ae/",
                             "/\\..\\",
                             "/index.html",
                             "/run.json",
                             "/units.tsv",
                             "/api/v1/units/",
                             "/api/v1/units/..",
                             "/api/v1/units/../../run.json",
                             "/api/v1/units/L0.1%00",
                             "/api/v1/units/L0%2e1",
                             "/api/v1/units/L0.1/",
                             "/api/v1/units/L0.1?x=1",
                             "/?",
                             "/?a=b",
                             "/#",
                             "/api/v1/units/",
                             "/api/v1",
                             "/API/V1/folders",
                             "/favicon.ico",
                             "/api/v1/units/LLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLL"}) {
    const RawAnswer answer = ask(get(target));
    // ".." alone is made of what unit names are made of; the worker knows no unit of that name.
    EXPECT_THAT(answer.status, AnyOf(404, Eq(std::string_view(target) == "/api/v1/units/.." ? 200 : 404)))
        << target;
  }
}

TEST_F(ServerTest, TargetsOfProxiesAreRefused) {
  start();
  for (const std::string& target :
       {"http://" + host() + "/", std::string("http://attacker.test/"), std::string("file:///etc/passwd"),
        std::string("*"), host(), std::string("x")})
    EXPECT_EQ(ask("GET " + target + " HTTP/1.1\r\nHost: " + host() + "\r\n\r\n").status, 400) << target;
}

TEST_F(ServerTest, WhatIsNotHttpIsRefusedAtOnce) {
  start();
  expect_refused(std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11), 400);  // TLS
  expect_refused(std::string("\0\0\0\0", 4), 400);
  expect_refused("\r\n\r\n", 400);
  expect_refused(R"({"jsonrpc": "2.0"})", 400);
  expect_refused("GET /\r\n\r\n", 400);  // HTTP/0.9
  expect_refused("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400);
  expect_refused("GET / HTTP/3.0\r\nHost: " + host() + "\r\n\r\n", 400);
  expect_refused("GET / HTTP/1.10\r\nHost: " + host() + "\r\n\r\n", 400);
  expect_refused("GET  / HTTP/1.1\r\nHost: " + host() + "\r\n\r\n", 400);
  expect_refused("GET / HTTP/1.1\nHost: " + host() + "\n\n\r\n\r\n", 400);
  expect_refused("GET / HTTP/1.1\r\nHost : " + host() + "\r\n\r\n", 400);
  expect_refused("GET / HTTP/1.1\r\n Host: " + host() + "\r\n\r\n", 400);
  expect_refused("GET /\x01 HTTP/1.1\r\nHost: " + host() + "\r\n\r\n", 400);
  expect_refused("GET / HTTP/1.1\r\nHost: " + host() + "\r\nX: a\x01z\r\n\r\n", 400);
  expect_refused(
      std::string("GET / HTTP/1.1\r\nHost: ") + host() + "\r\nX: a" + std::string(1, '\0') + "\r\n\r\n", 400);
  expect_refused("GET / HTTP/1.1\r\nHost: " + host() + "\r\nno colon\r\n\r\n", 400);
}

// What RFC 9112 has a server refuse because two parties could read it as different requests.
TEST_F(ServerTest, WhatTwoPartiesCouldReadInTwoWaysIsRefused) {
  start();
  const std::string line = "GET / HTTP/1.1\r\nHost: " + host() + "\r\n", end = "\r\n\r\n";
  expect_refused(line + "X: a\rb" + end, 400);                        // 2.2: a CR alone
  expect_refused(" " + line + "X: a" + end, 400);                     // 2.2: space before the request
  expect_refused("GET / http/1.1\r\nHost: " + host() + end, 400);     // 2.3: case of the version
  expect_refused("GET / HTTP/1.1 \r\nHost: " + host() + end, 400);    // 3: space behind the version
  expect_refused("GET /a b HTTP/1.1\r\nHost: " + host() + end, 400);  // 3.2: space in a target
  expect_refused(line + ": a" + end, 400);                            // 5: a field without a name
  expect_refused(line + "X@Y: a" + end, 400);                         // 5: no letter of a name
  expect_refused(line + "Content-Length : 2" + end + "{}", 400);      // 5.1: space before the colon
  expect_refused(line + "Content-Length\t: 2" + end + "{}", 400);     // 5.1
  // 5.2: a folded line goes on with the value before it
  EXPECT_EQ(ask("GET / HTTP/1.1\r\nHost: " + host() + "\r\n .test" + end).status, 421);
  // 6.1: a coding behind chunks, and chunks in a version without them
  expect_refused(post_head("/api/v1/live", "Transfer-Encoding: chunked, identity\r\n") + "{}", 411);
  expect_refused("GET / HTTP/1.0\r\nHost: " + host() + "\r\nTransfer-Encoding: chunked" + end + "0" + end,
                 411);
}

TEST_F(ServerTest, ALengthThatIsNoneIsRefused) {
  start();
  for (const char* length : {"-1", "+2", "2x", "0x2", "2 2", "", "2,3", "18446744073709551616", "1e1", "2.0"})
    expect_refused(post_head("/api/v1/live", std::string("Content-Length: ") + length + "\r\n") + "{}", 400);
  expect_refused(post_head("/api/v1/live", "Content-Length: 2\r\nContent-Length: 3\r\n") + "{}", 400);
  expect_refused(post_head("/api/v1/live", "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n") + "{}",
                 400);
  expect_refused(post_head("/api/v1/live", "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n") + "{}",
                 400);
  expect_refused(post_head("/api/v1/live", "Content-Length: 18446744073709551615\r\n") + "{}", 413);
}

TEST_F(ServerTest, ChunksAreRefusedWhateverTheirSizes) {
  start();
  for (const char* chunk :
       {"2\r\n{}\r\n0\r\n\r\n", "-1\r\n{}\r\n0\r\n\r\n", "ffffffffffffffff\r\n", "fffffffffffffffff\r\n",
        "0000000000000000000000000000000000000000000000", "2;x=y\r\n{}\r\n", "g\r\n", ""})
    expect_refused(post_head("/api/v1/live", "Transfer-Encoding: chunked\r\n") + chunk, 411);
  expect_refused(post_head("/api/v1/live", "Transfer-Encoding: gzip\r\n") + get("/"), 411);
  expect_refused(post_head("/api/v1/live", "Transfer-Encoding: xchunked\r\n") + get("/"), 411);
  EXPECT_EQ(ask(post_head("/api/v1/live", "")).status, 411);
  EXPECT_EQ(ask(post_head("/api/v1/live", "Content-Length: 0\r\n")).status, 411);
  expect_refused(get("/", "Transfer-Encoding: chunked\r\n") + "2\r\n{}\r\n", 411);
}

TEST_F(ServerTest, GetHasNoBody) {
  start();
  expect_refused(get("/", "Content-Length: 2\r\n") + "{}", 400);
  EXPECT_EQ(ask(get("/", "Content-Length: 0\r\n")).status, 200);
}

TEST_F(ServerTest, ABodyOfTenMegabytesIsRefusedAndItsSenderSeesWhy) {
  start();
  std::string body;
  body.resize(10'000'000, ' ');
  expect_refused(post("/api/v1/live", body), 413);
}

TEST_F(ServerTest, ABodyAtTheLimitIsTaken) {
  limits_.body_bytes = 1000;
  start();
  EXPECT_EQ(ask(post("/api/v1/live", std::string(1000, 'x'))).status, 200);
  EXPECT_EQ(ask(post("/api/v1/live", std::string(1001, 'x'))).status, 413);
}

TEST_F(ServerTest, AHeadWithoutEndIsRefusedAtItsLimit) {
  start();
  expect_refused("GET /" + std::string(100'000, 'a'), 431);
  expect_refused("GET / HTTP/1.1\r\nHost: " + host() + "\r\nX: " + std::string(100'000, 'a'), 431);
  expect_refused(get("/", "X: " + std::string(limits_.head_bytes, 'a') + "\r\n"), 431);
  const std::string fixed = get("/", "X: \r\n");
  EXPECT_EQ(ask(get("/", "X: " + std::string(limits_.head_bytes - fixed.size(), 'a') + "\r\n")).status, 200);
}

// Each line comes by itself, and is whole: a limit that is counted from line to line would never be reached.
TEST_F(ServerTest, AHeadWithoutEndIsRefusedLineByLine) {
  limits_.head = 20s;
  start();
  RawClient client = connect();
  client.send("GET / HTTP/1.1\r\nHost: " + host() + "\r\n");
  std::size_t n_sent = 0;
  while (n_sent < 10'000'000 && client.send("X-Line: " + std::string(200, 'a') + "\r\n")) {
    n_sent += 210;
    if (n_sent < 40'000) std::this_thread::sleep_for(1ms);
    if (n_sent > 200'000) break;
  }
  EXPECT_EQ(client.receive().status, 431);
  expect_alive();
}

}  // namespace
}  // namespace penfield::server
