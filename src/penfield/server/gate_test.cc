#include "penfield/server/gate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace penfield::server {
namespace {

using ::testing::ElementsAre;

TEST(OwnNames, AreTheAddressAndOnLoopbackItsName) {
  EXPECT_THAT(own_names("127.0.0.1", true, 8123), ElementsAre("127.0.0.1:8123", "localhost:8123"));
  EXPECT_THAT(own_names("[::1]", true, 8123), ElementsAre("[::1]:8123", "localhost:8123"));
  EXPECT_THAT(own_names("192.168.1.7", false, 8123), ElementsAre("192.168.1.7:8123"));
  EXPECT_THAT(own_names("127.0.0.1", true, 80), ElementsAre("127.0.0.1", "localhost"));
}

// What comes first decides: a page of another site that has stolen a token is still a page of another site.
TEST(Gate, TheFirstRuleThatIsBrokenIsNamed) {
  const Gate gate{own_names("127.0.0.1", true, 8123)};
  RequestHead head;
  const auto status = [&] {
    const auto passed = pass_gate(gate, head, true, "secret");
    return passed ? 200u : passed.error().status;
  };
  head.method(boost::beast::http::verb::put);
  head.target("nowhere");
  head.insert("Origin", "http://attacker.test");
  EXPECT_EQ(status(), 400u);
  head.set("Host", "attacker.test");
  EXPECT_EQ(status(), 421u);
  head.set("Host", "127.0.0.1:8123");
  EXPECT_EQ(status(), 403u);
  head.set("Origin", "http://127.0.0.1:8123");
  EXPECT_EQ(status(), 400u);
  head.target("/nowhere");
  head.set("Sec-Fetch-Site", "cross-site");
  EXPECT_EQ(status(), 403u);
  head.set("Sec-Fetch-Site", "same-origin");
  EXPECT_EQ(status(), 404u);
  head.target("/api/v1/live");
  EXPECT_EQ(status(), 405u);
  head.method(boost::beast::http::verb::post);
  EXPECT_EQ(status(), 415u);
  head.set("Content-Type", "application/json");
  EXPECT_EQ(status(), 403u);
  head.set("X-Penfield-Token", "secret");
  EXPECT_EQ(status(), 200u);
}

TEST(Routes, TargetsAreComparedByteForByte) {
  EXPECT_EQ(find_route("/").endpoint, Endpoint::kPage);
  EXPECT_EQ(find_route("/api/v1/units/L18.attn.q.77").name, "L18.attn.q.77");
  for (const char* target : {"", "//", "/api/v1/units/", "/api/v1/units/L0.1/", "/api/v1/units/L0 1",
                             "/api/v1/units/L0-1", "/api/v1/live/", "/api/v1/Live", "/api/v1/open?"})
    EXPECT_EQ(find_route(target).endpoint, Endpoint::kNone) << target;
}

}  // namespace
}  // namespace penfield::server
