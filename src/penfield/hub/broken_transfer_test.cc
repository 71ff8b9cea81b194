// Transfers that break, stall or bring something else: each ends in the right bytes or in one line, and never
// in a file that is half there.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "penfield/hub/hub_for_tests.h"

namespace penfield::hub {
namespace {

using testing::HasSubstr;

class BrokenTransfer : public HostileHubTest {};

TEST_F(BrokenTransfer, ABrokenConnectionIsGoneOnWith) {
  at_first(3, "/large/", [this](const HubRequest& request, HubConnection& connection) {
    const std::size_t first = request.first_byte();
    HubConnection::Fields fields = {{"ETag", "\"large\""}};
    if (first > 0) {
      fields.emplace_back("Content-Range", "bytes " + std::to_string(first) + "-" +
                                               std::to_string(weights_.size() - 1) + "/" +
                                               std::to_string(weights_.size()));
    }
    connection.send(HubConnection::head(first > 0 ? 206 : 200, fields, weights_.size() - first));
    connection.send(part(first, 50'000));
    connection.close();
  });
  expect_right();
  EXPECT_EQ(server_.last_of_a_range().first_byte(), 150'000U);
  EXPECT_EQ(server_.last_of_a_range().field("if-range"), "\"large\"");
}

TEST_F(BrokenTransfer, ARangeThatIsIgnoredBeginsAnew) {
  auto n_seen = std::make_shared<std::atomic<int>>(0);
  server_.disturb([this, n_seen](const HubRequest& request, HubConnection& connection) {
    if (!request.target.starts_with("/large/")) return false;
    if (++*n_seen == 1) {
      connection.send(HubConnection::head(200, {}, weights_.size()));
      connection.send(part(0, 50'000));
      connection.close();
    } else {
      EXPECT_EQ(request.first_byte(), 50'000U);
      connection.answer(200, {}, weights_);
    }
    return true;
  });
  expect_right();
}

TEST_F(BrokenTransfer, AnotherFileBehindTheSameRangeBeginsAnew) {
  auto n_seen = std::make_shared<std::atomic<int>>(0);
  server_.disturb([this, n_seen](const HubRequest& request, HubConnection& connection) {
    if (!request.target.starts_with("/large/")) return false;
    const int n = ++*n_seen;
    const std::string size = std::to_string(weights_.size());
    if (n == 1) {
      connection.send(HubConnection::head(200, {{"ETag", "\"one\""}}, weights_.size()));
      connection.send(noise(60'000, 9));
      connection.close();
    } else if (n == 2) {  // If-Range is not honoured
      connection.answer(
          206,
          {{"ETag", "\"two\""},
           {"Content-Range", "bytes 60000-" + std::to_string(weights_.size() - 1) + "/" + size}},
          part(60'000));
    } else {
      EXPECT_EQ(request.first_byte(), 0U);
      connection.answer(200, {{"ETag", "\"two\""}}, weights_);
    }
    return true;
  });
  expect_right();
}

TEST_F(BrokenTransfer, RangesThatDoNotFitBeginAnew) {
  for (const char* range :
       {"bytes 0-299999/300000", "bytes 50000-299999/300001", "bytes", "bytes 50000-/x", ""}) {
    scratch_.write("hub/models--owner--model/blobs/" + weights_etag() + ".incomplete", part(0, 50'000));
    at_first(1, "/large/", [this, range](const HubRequest&, HubConnection& connection) {
      connection.answer(206, {{"Content-Range", range}}, part(50'000));
    });
    expect_right();
    std::filesystem::remove_all(scratch_.path("hub"));
  }
}

TEST_F(BrokenTransfer, WhatIsLeftOfAnotherRunIsGoneOnWithOrBegunAnew) {
  const std::string partial = "hub/models--owner--model/blobs/" + weights_etag() + ".incomplete";
  for (const std::string& left :
       {std::string(part(0, 1)), std::string(part(0, 299'999)), weights_, weights_ + "x", noise(1000, 5),
        noise(300'000, 5), std::string(500'000, 'x'), std::string()}) {
    scratch_.write(partial, left);
    expect_right();
    EXPECT_FALSE(std::filesystem::exists(scratch_.path(partial)));
    std::filesystem::remove_all(scratch_.path("hub"));
  }
}

TEST_F(BrokenTransfer, AWrongByteIsFound) {
  on("/large/", [this](const HubRequest&, HubConnection& connection) {
    std::string wrong = weights_;
    wrong[200'000] = static_cast<char>(wrong[200'000] ^ 0x40);
    connection.answer(200, {}, wrong);
  });
  expect_refused("checksum");
  server_.disturb({});
  expect_right();
  std::filesystem::remove_all(scratch_.path("hub"));
  on("/vocab.json",
     [](const HubRequest&, HubConnection& connection) { connection.answer(200, {}, R"({"b": 0})"); });
  expect_refused("vocab.json");
}

TEST_F(BrokenTransfer, ManyBreaksEndInTheRightBytes) {
  auto seed = std::make_shared<std::atomic<unsigned>>(1);
  server_.disturb([this, seed](const HubRequest& request, HubConnection& connection) {
    if (!request.target.starts_with("/large/")) return false;
    const unsigned random = (*seed = *seed * 1664525 + 1013904223) >> 8;
    const std::size_t first = request.first_byte(), n = 1 + random % 40'000;
    const std::string range = "bytes " + std::to_string(first) + "-" + std::to_string(weights_.size() - 1) +
                              "/" + std::to_string(weights_.size());
    connection.send(
        HubConnection::head(first > 0 ? 206 : 200, {{"Content-Range", range}}, weights_.size() - first));
    connection.send(part(first, n));
    connection.close();
    return true;
  });
  for (int i = 0; i < 30; ++i) {  // every call makes four attempts
    const auto fetched = fetch_model();
    if (fetched) break;
    EXPECT_THAT(fetched.error().message, HasSubstr("run the same command again"));
    expect_nothing_half_done();
  }
  expect_fetched();
}

TEST_F(BrokenTransfer, MoreThanAnnouncedIsNotTaken) {
  on("/large/", [](const HubRequest&, HubConnection& connection) {
    connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < 100'000 && connection.is_open(); ++i) {
      connection.send("10000\r\n" + std::string(65'536, 'x') + "\r\n");
    }
  });
  expect_refused("more than the 300000 bytes");
  on("/large/", [](const HubRequest&, HubConnection& connection) {
    connection.send(HubConnection::head(200, {}, 10'000'000'000));
    connection.wait(std::chrono::seconds(5), [&] { return !connection.is_open(); });
  });
  expect_refused("10000000000 bytes where 300000 were announced");
  on("/large/",
     [this](const HubRequest&, HubConnection& connection) { connection.answer(200, {}, part(0, 299'999)); });
  expect_refused("299999 bytes where 300000");
}

TEST_F(BrokenTransfer, ChunksAreReadAndTheirEndIsNoEnd) {
  const auto chunked = [this](std::size_t n) {
    std::string out = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (std::size_t i = 0; i < n; i += 1000) out += "3e8\r\n" + std::string(part(i, 1000)) + "\r\n";
    return out + "0\r\n\r\n";
  };
  at_first(1, "/large/",
           [=](const HubRequest&, HubConnection& connection) { connection.send(chunked(100'000)); });
  expect_right();
  EXPECT_EQ(server_.last_of_a_range().first_byte(), 100'000U);
  std::filesystem::remove_all(scratch_.path("hub"));
  on("/large/", [=](const HubRequest&, HubConnection& connection) { connection.send(chunked(300'000)); });
  expect_right();
}

TEST_F(BrokenTransfer, ASlowServerIsGivenUp) {
  on("/large/", [this](const HubRequest& request, HubConnection& connection) {
    connection.send(HubConnection::head(200, {}, weights_.size()));
    for (std::size_t i = request.first_byte(); i < weights_.size() && connection.is_open(); ++i) {
      connection.send(part(i, 1));
      connection.wait(std::chrono::milliseconds(50));
    }
  });
  const auto start = std::chrono::steady_clock::now();
  expect_refused("less than a kilobyte a second");
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
  on("/api/models", [](const HubRequest&, HubConnection& connection) {
    connection.wait(std::chrono::seconds(20), [&] { return !connection.is_open(); });
  });
  expect_refused("less than a kilobyte a second");
}

}  // namespace
}  // namespace penfield::hub
