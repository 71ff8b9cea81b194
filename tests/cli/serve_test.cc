// `penfield serve`: the program as a browser and as its enemies meet it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "files.h"
#include "penfield/base/sanitized_for_tests.h"
#include "penfield/server/load_for_tests.h"
#include "penfield/server/raw_client_for_tests.h"
#include "program.h"
#include "running_program.h"

namespace penfield::cli {
namespace {

using nlohmann::json;
using server::RawAnswer;
using server::RawClient;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;
using ::testing::SizeIs;

constexpr const char* kText =
    "In 1928 Wilder Penfield founded the Montreal Neurological Institute with a grant from the Rockefeller "
    "Foundation.\n";

class Serve : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new TempFolder;
    for (const char* name : {"result", "other"}) {
      const CommandResult scan =
          run({"scan", "--profile", "descriptive", "-m", "models/demo", "-t", "data/demo/articles.txt",
               "--rows", "40", "--discovery", "8", "--held-out", "8", "-o", file(name), "-q"});
      ASSERT_EQ(scan.exit_code, 0) << scan.err;
    }
  }
  static void TearDownTestSuite() {
    delete folder_;
    folder_ = nullptr;
  }
  static std::string file(const std::string& name) { return *folder_ / name; }

  // A server of the result, and what its page says.
  struct Site {
    explicit Site(std::vector<std::string> more = {}) : program(with(std::move(more)), file("serve.err")) {
      url = program.read_line();
      const std::size_t colon = url.rfind(':');
      port = colon == std::string::npos ? std::uint16_t{0}
                                        : static_cast<std::uint16_t>(std::stoi(url.substr(colon + 1)));
      load_page();
    }
    static std::vector<std::string> with(std::vector<std::string> more) {
      more.insert(more.begin(), {"serve", file("result"), "--no-open"});
      return more;
    }
    void load_page() {
      page = get("/").body;
      const std::string key = R"("explorer":{"token":")";
      const std::size_t at = page.find(key);
      token = at == std::string::npos
                  ? ""
                  : page.substr(at + key.size(), page.find('"', at + key.size()) - at - key.size());
    }
    [[nodiscard]] std::string host() const { return "127.0.0.1:" + std::to_string(port); }
    [[nodiscard]] RawAnswer ask(const std::string& bytes) const {
      RawClient client(port);
      client.send(bytes);
      return client.receive();
    }
    [[nodiscard]] std::string get_request(const std::string& target) const {
      return "GET " + target + " HTTP/1.1\r\nHost: " + host() + "\r\n\r\n";
    }
    [[nodiscard]] std::string post_request(const std::string& target, const std::string& body) const {
      return "POST " + target + " HTTP/1.1\r\nHost: " + host() + "\r\nOrigin: http://" + host() +
             "\r\nContent-Type: application/json\r\nX-Penfield-Token: " + token +
             "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    }
    [[nodiscard]] RawAnswer get(const std::string& target) const { return ask(get_request(target)); }
    [[nodiscard]] RawAnswer post(const std::string& target, const json& body) const {
      return ask(post_request(target, body.dump()));
    }

    RunningProgram program;
    std::string url, page, token;
    std::uint16_t port = 0;
  };

  static TempFolder* folder_;
};
TempFolder* Serve::folder_ = nullptr;

TEST_F(Serve, ThePageIsServedAtTheAddressThatIsPrinted) {
  Site site;
  EXPECT_THAT(site.url, MatchesRegex("http://127.0.0.1:[0-9]+/"));
  EXPECT_THAT(site.token, MatchesRegex("[0-9a-f]+"));
  EXPECT_EQ(site.token.size(), 64u);
  EXPECT_THAT(site.page,
              AllOf(HasSubstr("connect-src 'self'"), HasSubstr("\"live\":true"), HasSubstr(file("result"))));
  site.program.send_signal(SIGINT);
  EXPECT_EQ(site.program.wait(), 130);
  EXPECT_THAT(read_file(file("serve.err")), Not(HasSubstr("error")));
  EXPECT_THAT(read_file(file("serve.err")), Not(HasSubstr(site.token)));
}

TEST_F(Serve, TheTokenIsNewForEachRun) {
  const Site first, second;
  EXPECT_NE(first.token, second.token);
  EXPECT_EQ(first.ask(second.post_request("/api/v1/live", "{}")).status, 421) << "the other's port";
}

TEST_F(Serve, SigtermEndsItInTheMiddleOfAnything) {
  Site site;
  RawClient half(site.port), silent(site.port), working(site.port);
  half.send("GET / HT");
  working.send(site.post_request("/api/v1/live",
                                 json{{"text", std::string(20'000, 'x')}, {"units", {"L5.1"}}}.dump()));
  site.program.send_signal(SIGTERM);
  EXPECT_EQ(site.program.wait(), 143);
  EXPECT_TRUE(half.is_ended() && silent.is_ended());
}

// The page's numbers and the command's are those of one forward pass.
TEST_F(Serve, LiveValuesAreThoseOfActivations) {
  const Site site;
  write_file(file("text.txt"), kText);
  const CommandResult activations =
      run({"activations", "-m", "models/demo", "-t", file("text.txt"), "--site", "mlp.pre", "--layers",
           "0,2,5", "-o", file("activations.npy"), "--force", "-q"});
  ASSERT_EQ(activations.exit_code, 0) << activations.err;
  const CommandResult labels =
      run({"label", "-m", "models/demo", "-t", file("text.txt"), "-c", "proper-noun", "--format", "tsv"});
  const Table table = parse_tsv(labels.out);
  const std::string npy = read_file(file("activations.npy"));
  const std::size_t n_tokens = table.rows.size(), n_cols = std::size_t{3} * 512;
  const char* values = npy.data() + npy.size() - n_tokens * n_cols * sizeof(float);
  const std::pair<std::string, std::size_t> units[] = {
      {"L0.7", 7}, {"L2.435", 512 + 435}, {"L5.511", 1024 + 511}, {"L2.0", 512}};
  for (const auto& [unit, column] : units) {
    const RawAnswer answer = site.post("/api/v1/live", {{"text", kText}, {"units", {unit, "L1.1"}}});
    ASSERT_EQ(answer.status, 200) << answer.body;
    const json body = json::parse(answer.body);
    ASSERT_EQ(body["tokens"].size(), n_tokens);
    for (std::size_t t = 0; t < n_tokens; ++t) {
      float expected = 0;
      std::memcpy(&expected, values + (t * n_cols + column) * sizeof expected, sizeof expected);
      EXPECT_EQ(body["values"][unit][t].get<float>(), expected) << unit << " token " << t;
      EXPECT_EQ(std::to_string(body["token_ids"][t].get<int>()), table.at(t, "token_id"));
      // 2: neither target nor comparison, as the further pieces of a name; the table has a 0 there.
      EXPECT_EQ(body["labels"][t].get<int>() == 1, table.at(t, "label") == "1");
    }
    EXPECT_LT(body["milliseconds"].get<double>(), 10'000) << "the figure is in milliseconds";
  }
}

TEST_F(Serve, AnotherFolderIsOpenedAndAnotherPageSent) {
  Site site;
  const json list = json::parse(site.get("/api/v1/folders").body);
  EXPECT_EQ(list, (json{{"folder", file("result")}, {"folders", {file("other")}}}));
  EXPECT_EQ(site.post("/api/v1/open", {{"folder", "/etc"}}).status, 404);
  EXPECT_EQ(site.post("/api/v1/open", {{"folder", file("other")}}).body, "{}");
  EXPECT_EQ(site.post("/api/v1/live", {{"text", "a"}, {"units", {"L0.1"}}}).status, 403)
      << "the old page's token";
  site.load_page();
  EXPECT_THAT(site.page, HasSubstr(file("other")));
  EXPECT_EQ(site.post("/api/v1/live", {{"text", "a"}, {"units", {"L0.1"}}}).status, 200);
}

TEST_F(Serve, HostileRequestsAreRefusedAndOthersAnswered) {
  const Site site;
  const std::string host = "Host: " + site.host() + "\r\n";
  const std::string post = "POST /api/v1/live HTTP/1.1\r\n" + host +
                           "Content-Type: application/json\r\nX-Penfield-Token: " + site.token + "\r\n";
  std::string ten_megabytes;
  ten_megabytes.resize(10'000'000, ' ');
  const std::pair<std::string, int> cases[] = {
      {"GET / HTTP/1.1\r\nHost: attacker.test\r\n\r\n", 421},
      {"GET / HTTP/1.1\r\n" + host + "Origin: http://attacker.test\r\n\r\n", 403},
      {"GET /..%2f HTTP/1.1\r\n" + host + "\r\n", 404},
      {"GET /%00 HTTP/1.1\r\n" + host + "\r\n", 404},
      {"GET /%252e%252e/ HTTP/1.1\r\n" + host + "\r\n", 404},
      {"GET /../../etc/passwd HTTP/1.1\r\n" + host + "\r\n", 404},
      {"GET http://attacker.test/ HTTP/1.1\r\n" + host + "\r\n", 400},
      {"GET /\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\n" + host + "X: " + std::string(1'000'000, 'x'), 431},
      {post + "Transfer-Encoding: chunked\r\n\r\n-1\r\n{}\r\n", 411},
      {post + "Content-Length: -1\r\n\r\n{}", 400},
      {post + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}", 400},
      {post + "Content-Length: 10000000\r\n\r\n" + ten_megabytes, 413},
      {post + "Content-Length: 7\r\n\r\nno json", 400},
      {std::string("\x16\x03\x01\x02\x00", 5), 400}};
  for (const auto& [bytes, status] : cases) {
    const RawAnswer answer = site.ask(bytes);
    EXPECT_EQ(answer.status, status) << bytes.substr(0, 200);
    EXPECT_THAT(answer.body, AllOf(HasSubstr("{\"error\": \""), Not(HasSubstr("attacker"))));
  }
  EXPECT_EQ(site.get("/").status, 200);
}

// The short form of bench/serve_soak: 64 clients that ask without a pause, and 200 that only keep their
// places.
TEST_F(Serve, ManyClientsAreAnsweredWhileSlowOnesHangAndMemoryIsFlat) {
  const Site site({"-j", "1"});
  server::LoadPlan plan{.port = site.port, .requests = {}, .seconds = 1};
  for (int i = 0; i < 40; ++i)
    plan.requests.push_back(site.get_request("/api/v1/units/L" + std::to_string(i % 6) + ".1"));
  for (int i = 0; i < 20; ++i)
    plan.requests.push_back(
        site.post_request("/api/v1/live", json{{"text", "Wilder Penfield"}, {"units", {"L5.1"}}}.dump()));
  plan.requests.push_back(site.get_request("/"));
  const server::LoadResult first = server::run_load(plan);
  const std::size_t before = site.program.resident_bytes();
  plan.seconds = 2;
  const server::LoadResult second = server::run_load(plan);
  EXPECT_EQ(first.n_errors + second.n_errors, 0u);
  EXPECT_GT(second.n_answers, 64u);
  EXPECT_EQ(second.n_slow_connected, plan.n_slow);
  EXPECT_LT(static_cast<double>(site.program.resident_bytes()),
            1.25 * static_cast<double>(before) + kSanitizerFactor * 16e6);
}

TEST_F(Serve, WhatCannotBeServedIsSaidInOneLine) {
  std::filesystem::copy("models/demo", file("changed"));
  std::string config = read_file(file("changed/config.json"));
  config.replace(config.find("\"n_layer\": 6"), 12, "\"n_layer\": 5");
  std::filesystem::remove(file("changed/config.json"));
  write_file(file("changed/config.json"), config);
  struct Case {
    std::vector<std::string> arguments;
    int exit_code;
    std::string says;
  };
  const Case cases[] = {
      {{file("missing")}, 3, "run.json"},
      {{file("result"), "-m", file("changed")}, 3, "n_layer is 5, not 6"},
      {{file("result"), "-m", "no/such-model"}, 4, "no/such-model"},
      {{file("result"), "--host", "example.test"}, 2, "127.0.0.1"},
      {{file("result"), "--host", "0.0.0.0"}, 2, "one interface"},
      {{file("result"), "--port", "65536"}, 2, "65536"},
      {{file("result"), "--port", "-1"}, 2, "-1"},
  };
  for (const Case& wrong : cases) {
    std::vector<std::string> arguments = {"serve", "--no-open"};
    arguments.insert(arguments.end(), wrong.arguments.begin(), wrong.arguments.end());
    const CommandResult result = run(arguments);
    EXPECT_EQ(result.exit_code, wrong.exit_code) << result.err;
    EXPECT_THAT(result.err_lines(), SizeIs(1)) << result.err;
    EXPECT_THAT(result.err, HasSubstr(wrong.says));
    EXPECT_THAT(result.out, IsEmpty());
  }
  const Site site;
  const CommandResult taken =
      run({"serve", file("result"), "--no-open", "--port", std::to_string(site.port)});
  EXPECT_EQ(taken.exit_code, 1);
  EXPECT_THAT(taken.err, HasSubstr(std::to_string(site.port)));
}

}  // namespace
}  // namespace penfield::cli
