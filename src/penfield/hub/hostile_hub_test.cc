// A server that refuses, lies or means harm: every answer ends in one line, and nothing in a file outside the
// cache.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "penfield/hub/hub_for_tests.h"

namespace penfield::hub {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class HostileHub : public HostileHubTest {};

TEST_F(HostileHub, PassingRefusalsAreWaitedFor) {
  for (const int status : {408, 429, 500, 502, 503, 504}) {
    for (const char* what : {"/api/models", "/large/", "/vocab.json"}) {
      at_first(2, what,
               [=](const HubRequest&, HubConnection& connection) { connection.answer(status, {}, "busy"); });
      expect_right();
      std::filesystem::remove_all(scratch_.path("hub"));
    }
    at_first(
        2, "/vocab.json",
        [=](const HubRequest&, HubConnection& connection) { connection.answer(status, {}, ""); }, "HEAD");
    expect_right();
    std::filesystem::remove_all(scratch_.path("hub"));
  }
  on("/large/", [](const HubRequest&, HubConnection& connection) { connection.answer(503, {}, ""); });
  expect_refused("answered 503 for model.safetensors (4 attempts)");
}

TEST_F(HostileHub, RetryAfterIsObeyed) {
  at_first(1, "/large/", [](const HubRequest&, HubConnection& connection) {
    connection.answer(429, {{"Retry-After", "1"}}, "");
  });
  const auto start = std::chrono::steady_clock::now();
  expect_right();
  EXPECT_GE(std::chrono::steady_clock::now() - start, std::chrono::milliseconds(990));
  std::filesystem::remove_all(scratch_.path("hub"));
  on("/api/models", [](const HubRequest&, HubConnection& connection) {
    connection.answer(503, {{"Retry-After", "3600"}}, "");
  });
  expect_refused("asks to wait");
  on("/api/models", [](const HubRequest&, HubConnection& connection) {
    connection.answer(429, {{"Retry-After", "Fri, 31 Dec 2999 23:59:59 GMT"}}, "");
  });
  expect_refused("asks to wait");
  for (const char* nonsense : {"soon", "-5", "1e3", ""}) {
    at_first(1, "/api/models", [=](const HubRequest&, HubConnection& connection) {
      connection.answer(429, {{"Retry-After", nonsense}}, "");
    });
    expect_right();
  }
}

TEST_F(HostileHub, LastingRefusalsAreNotRepeated) {
  for (const int status : {400, 402, 403, 404, 410, 451}) {
    on("/large/", [=](const HubRequest&, HubConnection& connection) {
      connection.answer(status, {{"X-Error-Message", "why\x1b[2J not"}}, std::string(200'000, 'x'));
    });
    const std::size_t before = server_.count("GET", "/large/");
    expect_refused(std::to_string(status));
    EXPECT_THAT(failure_of().message, AllOf(HasSubstr("why\\x1b[2J not"), Not(HasSubstr("\x1b"))));
    EXPECT_EQ(server_.count("GET", "/large/"), before + 2);
  }
}

TEST_F(HostileHub, TheTokenGoesToTheEndpointAlone) {
  HubServer elsewhere;
  elsewhere.add("owner/model") = model();
  server_.keep_large_files_at(elsewhere.url());
  settings_.token = "hf_secret";
  expect_right();
  EXPECT_EQ(elsewhere.count("GET", "/large/"), 1U);
  for (const HubRequest& request : elsewhere.requests()) EXPECT_EQ(request.field("authorization"), "");
  for (const HubRequest& request : server_.requests())
    EXPECT_EQ(request.field("authorization"), "Bearer hf_secret");
  // Nor where the listing itself is redirected to another place.
  std::filesystem::remove_all(scratch_.path("hub"));
  on("/api/models", [&](const HubRequest& request, HubConnection& connection) {
    connection.answer(307, {{"Location", elsewhere.url() + request.target}}, "");
  });
  expect_right();
  EXPECT_EQ(elsewhere.count("GET", "/api/models"), 1U);
  for (const HubRequest& request : elsewhere.requests()) EXPECT_EQ(request.field("authorization"), "");
}

TEST_F(HostileHub, RedirectsEnd) {
  on("/large/", [this](const HubRequest& request, HubConnection& connection) {
    connection.answer(301, {{"Location", server_.url() + request.target + "x"}}, "");
  });
  expect_refused("redirects again and again");
  EXPECT_LT(server_.count("GET", "/large/"), 20U);
  for (const char* target :
       {"file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://127.0.0.1:1/", "http://user:x@127.0.0.1/"}) {
    on("/large/", [=](const HubRequest&, HubConnection& connection) {
      connection.answer(302, {{"Location", target}}, "");
    });
    expect_refused("redirects to something");
  }
  for (const char* no_address : {"javascript:alert(1)", "data:text/plain,x", ""}) {
    on("/large/", [=](const HubRequest&, HubConnection& connection) {
      connection.answer(302, {{"Location", no_address}}, "");
    });
    expect_refused("answered 302");
  }
}

TEST_F(HostileHub, RelativeRedirectsAreFollowed) {
  at_first(1, "/large/", [](const HubRequest& request, HubConnection& connection) {
    connection.answer(307, {{"Location", "../large/" + request.target.substr(7)}}, "");
  });
  expect_right();
}

TEST_F(HostileHub, NamesOfFilesAreNotBelieved) {
  for (const char* etag :
       {"\"../../../x\"", "\"a/b\"", "\"..\"", "\"\"", "\".x\"", "\"a b\"", "", "\"a\\b\""}) {
    on(
        "/config.json",
        [&](const HubRequest&, HubConnection& connection) {
          connection.answer(200, {{"X-Repo-Commit", commit()}, {"ETag", etag}}, "{}");
        },
        "HEAD");
    expect_refused("no ETag");
  }
  on(
      "/config.json",
      [&](const HubRequest&, HubConnection& connection) {
        connection.answer(200, {{"X-Repo-Commit", "../../x"}, {"ETag", "\"a\""}}, "{}");
      },
      "HEAD");
  expect_refused("which commit");
  for (const char* size : {"-1", "x", "99999999999999999999999", "", "9007199254740993000"}) {
    on(
        "/config.json",
        [&](const HubRequest&, HubConnection& connection) {
          connection.send("HTTP/1.1 200 OK\r\nConnection: close\r\nX-Repo-Commit: " + commit() +
                          "\r\nETag: \"a\"\r\nX-Linked-Size: " + size + "\r\n\r\n");
          connection.close();
        },
        "HEAD");
    expect_refused("how large");
  }
}

TEST_F(HostileHub, ListingsAreNotBelieved) {
  const std::string right = commit();
  const auto listing = [&](const std::string& body) {
    on("/api/models",
       [=](const HubRequest&, HubConnection& connection) { connection.answer(200, {}, body); });
  };
  for (const char* body : {"", "<html>log in to the network</html>", "{\"sha\": ", "[]", "null",
                           "{\"sha\": 7}", "{\"sha\": \"main\", \"siblings\": []}"}) {
    listing(body);
    expect_refused("not a Hugging Face hub");
  }
  listing("{\"sha\": \"" + right + "\"}");
  expect_refused("lists no files");
  listing("{\"sha\": \"../../../../x\", \"siblings\": []}");
  expect_refused("names no commit");
  listing("{\"sha\": \"" + right +
          "\", \"siblings\": [{\"rfilename\": \"../config.json\"}, {\"rfilename\": 7}, 3]}");
  EXPECT_EQ(failure_of().kind, ErrorKind::kBadInput);
  expect_nothing_half_done();
  on("/api/models", [](const HubRequest&, HubConnection& connection) {
    connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < 10'000 && connection.is_open(); ++i) {
      connection.send("100000\r\n" + std::string(1 << 20, '[') + "\r\n");
    }
  });
  expect_refused("such an answer may have");
}

TEST_F(HostileHub, WhatIsNoHttpIsRefused) {
  for (const std::string& bytes : {std::string("SSH-2.0-OpenSSH\r\n"), std::string("HTTP/1.1\r\n\r\n"),
                                   std::string("HTTP/1.1 99999 x\r\n\r\n"), std::string("\0\0\0\0", 4),
                                   "HTTP/1.1 200 OK\r\nX: " + std::string(400'000, 'x') + "\r\n\r\n",
                                   std::string("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n{}")}) {
    on("/api/models", [=](const HubRequest&, HubConnection& connection) {
      connection.send(bytes);
      connection.close();
    });
    expect_refused("");
  }
  std::string many = "HTTP/1.1 200 OK\r\n";
  for (int i = 0; i < 20'000; ++i) many += "X-" + std::to_string(i) + ": 0123456789\r\n";
  on("/api/models", [=](const HubRequest&, HubConnection& connection) { connection.send(many); });
  expect_refused("too long");
}

TEST_F(HostileHub, CompressedBodiesAreRefused) {
  on("/large/", [this](const HubRequest& request, HubConnection& connection) {
    EXPECT_EQ(request.field("accept-encoding"), "identity");
    connection.answer(200, {{"Content-Encoding", "gzip"}}, weights_);
  });
  expect_refused("compressed");
}

TEST_F(HostileHub, NobodyThereIsSaid) {
  unsigned short port = 0;
  {
    const HubServer gone;
    port = static_cast<unsigned short>(std::stoul(gone.url().substr(gone.url().rfind(':') + 1)));
  }
  settings_.endpoint = "http://127.0.0.1:" + std::to_string(port);
  expect_refused("check the network");
  settings_.endpoint = "http://no-such-host.invalid";
  expect_refused("no-such-host.invalid");
}

TEST_F(HostileHub, APlaceOfAPartialFileMayBeNoPipeOrLink) {
  std::filesystem::create_directories(cache().folder() + "/blobs");
  std::filesystem::create_symlink(scratch_.path("outside"), cache().partial_blob(weights_etag()));
  EXPECT_EQ(failure_of().kind, ErrorKind::kIo);
  EXPECT_FALSE(std::filesystem::exists(scratch_.path("outside")));
  std::filesystem::remove(cache().partial_blob(weights_etag()));
  ASSERT_EQ(::mkfifo(cache().partial_blob(weights_etag()).c_str(), 0600), 0);
  EXPECT_EQ(failure_of().kind, ErrorKind::kBadInput);
}

}  // namespace
}  // namespace penfield::hub
