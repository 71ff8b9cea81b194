// Models from a hub on this machine: fetched, fetched by themselves, and not fetched.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <random>
#include <thread>

#include "files.h"
#include "json_schema.h"
#include "penfield/hub/hub_server_for_tests.h"
#include "program.h"

namespace penfield::cli {
namespace {

using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

constexpr const char* kDemo = "models/demo";

// A hub that holds the bundled model as owner/demo.
class Fetch : public ::testing::Test {
 protected:
  Fetch() {
    for (const std::string& name : list(kDemo)) {
      const std::string path = std::string(kDemo) + "/" + name;
      if (!std::filesystem::is_regular_file(path)) continue;
      server_.add("owner/demo").files[name] = {.contents = read_file(path),
                                               .is_large = name.ends_with(".safetensors")};
    }
    write_file(folder_ / "text.txt", "The dog met Ada in Paris.\n");
  }
  CommandResult penfield(const std::vector<std::string>& arguments, Surroundings surroundings = {}) {
    for (const auto& [name, value] :
         std::vector<std::pair<std::string, std::string>>{{"HF_ENDPOINT", server_.url()},
                                                          {"HF_HUB_CACHE", folder_ / "hub"},
                                                          {"HF_HOME", folder_ / "home"},
                                                          {"HF_TOKEN", ""},
                                                          {"HF_HUB_OFFLINE", ""},
                                                          {"TRANSFORMERS_OFFLINE", ""},
                                                          {"http_proxy", ""}}) {
      surroundings.environment.insert(surroundings.environment.begin(), {name, value});
    }
    return run(arguments, surroundings);
  }
  [[nodiscard]] std::string snapshot() const {
    return folder_ / ("hub/models--owner--demo/snapshots/" + std::string(40, 'c'));
  }
  void expect_fetched() {
    for (const char* name : {"config.json", "model.safetensors"}) {
      EXPECT_TRUE(read_file(snapshot() + "/" + name) == read_file(std::string(kDemo) + "/" + name)) << name;
    }
  }
  // Sends the weights a hundredth at a time.
  void be_slow(std::chrono::milliseconds pause) {
    server_.disturb([this, pause](const hub::HubRequest& request, hub::HubConnection& connection) {
      if (!request.target.starts_with("/large/")) return false;
      const std::string& weights = server_.add("owner/demo").files["model.safetensors"].contents;
      const std::size_t first = request.first_byte(), part = weights.size() / 100 + 1;
      const std::string range = "bytes " + std::to_string(first) + "-" + std::to_string(weights.size() - 1) +
                                "/" + std::to_string(weights.size());
      connection.send(hub::HubConnection::head(first > 0 ? 206 : 200, {{"Content-Range", range}},
                                               weights.size() - first));
      for (std::size_t i = first; i < weights.size() && connection.is_open(); i += part) {
        connection.send(std::string_view(weights).substr(i, part));
        connection.wait(pause, [&] { return !connection.is_open(); });
      }
      return true;
    });
  }

  TempFolder folder_;
  hub::HubServer server_;
};

TEST_F(Fetch, PrintsWhereTheModelIs) {
  const CommandResult result = penfield({"fetch", "owner/demo"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out, snapshot() + "\n");
  EXPECT_THAT(result.err,
              AllOf(HasSubstr("penfield: downloading "), HasSubstr(" of owner/demo"), HasSubstr("MiB")));
  expect_fetched();
  const CommandResult again = penfield({"fetch", "owner/demo", "--verify", "--format", "json", "-q"});
  EXPECT_THAT(differences_from_schema("fetch", again.out), IsEmpty());
  EXPECT_THAT(again.out, AllOf(HasSubstr(R"("repository":"owner/demo","revision":"main","commit":"cccc)"),
                               EndsWith("\"n_downloaded_bytes\":0}\n")));
  EXPECT_THAT(again.err, IsEmpty());
}

TEST_F(Fetch, ACommandFetchesByItselfAndSaysHowMuch) {
  const std::vector<std::string> tokenize = {"tokenize", "-t", folder_ / "text.txt", "-m"};
  const auto with_model = [](std::vector<std::string> arguments, const std::string& model) {
    arguments.push_back(model);
    return arguments;
  };
  const CommandResult expected = penfield(with_model(tokenize, kDemo));
  const CommandResult result = penfield(with_model(tokenize, "owner/demo"));
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out, expected.out);
  EXPECT_THAT(result.err, AllOf(HasSubstr("downloading"), HasSubstr("owner/demo")));
  EXPECT_EQ(server_.count("GET", "/large/"), 0U) << "the tokenizer is all that it needs";

  const std::vector<std::string> activations = {"activations", "-t", folder_ / "text.txt",
                                                "--layers",    "0",  "-o"};
  for (const auto& [model, file] : {std::pair{"owner/demo", "a.npy"}, std::pair{kDemo, "b.npy"}}) {
    const CommandResult written =
        penfield(with_model(with_model(with_model(activations, folder_ / file), "-m"), model));
    EXPECT_EQ(written.exit_code, 0) << written.err;
  }
  EXPECT_TRUE(read_file(folder_ / "a.npy") == read_file(folder_ / "b.npy"));
  EXPECT_EQ(server_.count("GET", "/large/"), 1U);

  const std::size_t n_requests = server_.requests().size();
  EXPECT_EQ(penfield(with_model(tokenize, "owner/demo")).err, "");
  EXPECT_EQ(server_.requests().size(), n_requests) << "what is in the cache needs no network";
}

TEST_F(Fetch, OfflineFetchesNothing) {
  const std::vector<std::string> tokenize = {"tokenize", "-m", "owner/demo", "-t", folder_ / "text.txt"};
  std::vector<std::string> offline = tokenize;
  offline.emplace_back("--offline");
  for (const CommandResult& result : {penfield(offline), penfield({"fetch", "owner/demo", "--offline"}),
                                      penfield(tokenize, {.environment = {{"HF_HUB_OFFLINE", "1"}}})}) {
    EXPECT_EQ(result.exit_code, 4);
    EXPECT_THAT(result.err_lines(), SizeIs(1));
    EXPECT_THAT(result.err, HasSubstr("HF_HUB_OFFLINE"));
  }
  EXPECT_THAT(server_.requests(), IsEmpty());
  ASSERT_EQ(penfield({"fetch", "owner/demo", "-q"}).exit_code, 0);
  EXPECT_EQ(penfield(offline).exit_code, 0);
}

TEST_F(Fetch, ADryRunFetchesNothing) {
  const CommandResult result = penfield({"scan", "--profile", "descriptive", "-m", "owner/demo", "-t",
                                         folder_ / "text.txt", "-o", folder_ / "out", "--dry-run"});
  EXPECT_EQ(result.exit_code, 4);
  EXPECT_THAT(result.err, HasSubstr("`penfield fetch owner/demo`"));
  EXPECT_THAT(server_.requests(), IsEmpty());
}

TEST_F(Fetch, AFolderThatIsNotThereIsNotLookedForOnTheHub) {
  for (const char* path : {"models/nope", "./nope", "/nope/nope"}) {
    const CommandResult result = penfield({"tokenize", "-m", path, "-t", folder_ / "text.txt"});
    EXPECT_EQ(result.exit_code, 1) << path;
    EXPECT_THAT(result.err, HasSubstr("no such folder"));
  }
  EXPECT_THAT(server_.requests(), IsEmpty());
}

TEST_F(Fetch, WeightsOfAnUnknownArchitectureAreNotFetched) {
  server_.add("owner/demo").files["config.json"].contents = R"({"model_type": "perceptron"})";
  const CommandResult result = penfield({"fetch", "owner/demo"});
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_THAT(result.err, HasSubstr("perceptron"));
  EXPECT_EQ(server_.count("GET", "/large/"), 0U);
}

TEST_F(Fetch, RefusalsAreOneLine) {
  server_.add("owner/demo").is_gated = true;
  server_.add("owner/demo").token = "hf_right";
  const CommandResult gated = penfield({"fetch", "owner/demo"});
  EXPECT_EQ(gated.exit_code, 4);
  EXPECT_THAT(gated.err_lines(), SizeIs(1));
  EXPECT_THAT(gated.err, HasSubstr("is gated"));
  const CommandResult wrong = penfield({"fetch", "owner/demo"}, {.environment = {{"HF_TOKEN", "hf_secret"}}});
  EXPECT_EQ(wrong.exit_code, 4);
  EXPECT_THAT(wrong.err, AllOf(HasSubstr("HF_TOKEN"), Not(HasSubstr("hf_secret"))));
  std::filesystem::create_directory(folder_ / "home");
  write_file(folder_ / "home/token", "hf_right\n");
  EXPECT_EQ(penfield({"fetch", "owner/demo"}).exit_code, 0);
  EXPECT_EQ(penfield({"fetch", "owner/demo", "-m"}).exit_code, 2);
  EXPECT_EQ(penfield({"fetch", "../demo"}).exit_code, 2);
  EXPECT_EQ(penfield({"fetch"}).exit_code, 2);
}

TEST_F(Fetch, CtrlCEndsItWithinASecondAndTheSameCommandGoesOn) {
  be_slow(std::chrono::milliseconds(100));
  std::chrono::steady_clock::time_point sent;
  const CommandResult stopped =
      penfield({"fetch", "owner/demo"}, {.signal = SIGINT, .signal_when = [&] {
                                           if (server_.count("GET", "/large/") == 0) return false;
                                           std::this_thread::sleep_for(std::chrono::milliseconds(500));
                                           sent = std::chrono::steady_clock::now();
                                           return true;
                                         }});
  EXPECT_LT(std::chrono::steady_clock::now() - sent, std::chrono::milliseconds(1500));
  EXPECT_EQ(stopped.exit_code, 130);
  EXPECT_THAT(stopped.err, HasSubstr("run the same command again to continue"));
  server_.disturb({});
  EXPECT_EQ(penfield({"fetch", "owner/demo"}).exit_code, 0);
  EXPECT_GT(server_.last_of_a_range().first_byte(), 0U);
  expect_fetched();
}

TEST_F(Fetch, KilledAtAnyMomentItEndsWithTheRightBytes) {
  be_slow(std::chrono::milliseconds(2));
  std::mt19937 random(7);
  std::uniform_real_distribution<double> moment(0.005, 0.25);
  int n_killed = 0;
  for (int i = 0; i < 20; ++i) {
    const CommandResult result =
        penfield({"fetch", "owner/demo"}, {.seconds_until_signal = moment(random), .signal = SIGKILL});
    n_killed += result.exit_code == 128 + SIGKILL ? 1 : 0;
    if (result.exit_code == 0) expect_fetched();
    EXPECT_EQ(
        penfield({"tokenize", "-m", "owner/demo", "-t", folder_ / "text.txt", "--offline", "-q"}).exit_code,
        std::filesystem::exists(folder_ / "hub/models--owner--demo/refs/main") ? 0 : 4);
  }
  EXPECT_GT(n_killed, 0);
  EXPECT_EQ(penfield({"fetch", "owner/demo"}).exit_code, 0);
  expect_fetched();
}

}  // namespace
}  // namespace penfield::cli
