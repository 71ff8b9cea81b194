#include "penfield/hub/url.h"

#include <gtest/gtest.h>

namespace penfield::hub {
namespace {

TEST(Url, AnOriginIsSchemeHostAndPort) {
  EXPECT_EQ(origin_of("https://HuggingFace.co/a?b#c"), (Origin{"https", "huggingface.co", "443"}));
  EXPECT_EQ(origin_of("http://[::1]:8080"), (Origin{"http", "[::1]", "8080"}));
  EXPECT_EQ(origin_of("https://a.b"), origin_of("https://a.b:443/"));
  EXPECT_NE(origin_of("https://a.b"), origin_of("https://a.b:444/"));
  EXPECT_NE(origin_of("https://a.b"), origin_of("http://a.b:443/"));
  EXPECT_NE(origin_of("https://a.b"), origin_of("https://a.b.evil.com"));
  for (const char* url : {"", "x", "ftp://a", "file:///a", "https://", "https://user@a", "https://u:p@a",
                          "https://huggingface.co@evil.com/", "https://a b"}) {
    EXPECT_FALSE(origin_of(url)) << url;
  }
}

TEST(Url, RedirectsMayBeRelative) {
  EXPECT_EQ(joined_url("https://a/b/c?d", "/e?f=%2F"), "https://a/e?f=%2F");
  EXPECT_EQ(joined_url("https://a/b/c", "../e"), "https://a/e");
  EXPECT_EQ(joined_url("https://a/b", "//c/d"), "https://c/d");
  EXPECT_EQ(joined_url("https://a/b", "http://c/d"), "http://c/d");
  EXPECT_EQ(joined_url("https://a/b", ""), "");
}

TEST(Url, QuotingKeepsWhatIsPlain) {
  EXPECT_EQ(url_quoted("refs/pr/3", false), "refs%2Fpr%2F3");
  EXPECT_EQ(url_quoted("a b/c%?#\xc3\xa4", true), "a%20b/c%25%3F%23%C3%A4");
}

}  // namespace
}  // namespace penfield::hub
