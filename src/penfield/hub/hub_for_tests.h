// For tests only: a server that plays the hub, a cache of its own, and settings that lead to both.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "penfield/formats/scratch_folder_for_tests.h"
#include "penfield/hub/cache.h"
#include "penfield/hub/fetch.h"
#include "penfield/hub/hub_server_for_tests.h"

namespace penfield::hub {

// Bytes that no compression or repetition would give by chance.
inline std::string noise(std::size_t n_bytes, unsigned seed = 1) {
  std::string out(n_bytes, '\0');
  for (char& c : out) c = static_cast<char>((seed = seed * 1664525 + 1013904223) >> 24);
  return out;
}

// A repository owner/model with the files of a model, most of them unneeded; the weights have n_bytes.
class HubTest : public testing::Test {
 protected:
  explicit HubTest(std::size_t n_bytes = 300'000) : weights_(noise(n_bytes)) {
    settings_.endpoint = server_.url();
    settings_.cache_folder = scratch_.path("hub");
    options_.patience = {.connect = std::chrono::seconds(2),
                         .stall = std::chrono::milliseconds(400),
                         .first_pause = std::chrono::milliseconds(1),
                         .longest_pause = std::chrono::milliseconds(1500),
                         .n_attempts = 4};
    options_.note = [this](const std::string& line) { notes_.push_back(line); };
    model().files = {{"config.json", {.contents = R"({"model_type": "gpt2"})"}},
                     {"model.safetensors", {.contents = weights_, .is_large = true}},
                     {"pytorch_model.bin", {.contents = "pickle", .is_large = true}},
                     {"tokenizer.json", {.contents = "{}"}},
                     {"vocab.json", {.contents = R"({"a": 0})"}},
                     {"merges.txt", {.contents = "#version: 0.2\n"}},
                     {"README.md", {.contents = "# A model"}},
                     {"onnx/model.onnx", {.contents = "onnx", .is_large = true}}};
  }
  [[nodiscard]] HubRepository& model() { return server_.add("owner/model"); }
  [[nodiscard]] const std::string& commit() { return model().commit; }
  [[nodiscard]] RepositoryCache cache() const { return {settings_.cache_folder, "owner/model"}; }

  [[nodiscard]] Result<Fetched> fetch_model(const std::string& name = "owner/model") {
    return fetch(parse_repository(name).value(), settings_, options_, watch_);
  }
  // Kind and text of what a fetch fails with; the test fails where it succeeds.
  [[nodiscard]] Error failure_of(const std::string& name = "owner/model") {
    auto fetched = fetch_model(name);
    EXPECT_FALSE(fetched) << name;
    return fetched ? Error{} : fetched.error();
  }
  [[nodiscard]] std::string cached(const std::string& path) {
    return scratch_.read("hub/models--owner--model/snapshots/" + commit() + "/" + path);
  }
  [[nodiscard]] std::string weights_etag() { return model().files["model.safetensors"].etag(); }
  // Every file of the model is there, whole and right.
  void expect_fetched() {
    for (const char* path :
         {"config.json", "model.safetensors", "tokenizer.json", "vocab.json", "merges.txt"}) {
      EXPECT_EQ(cached(path), model().files[path].contents) << path;
    }
    EXPECT_EQ(scratch_.read("hub/models--owner--model/refs/main"), commit());
  }
  // Nothing lies outside of hub/, and no snapshot holds a file that is not whole.
  void expect_nothing_half_done() {
    EXPECT_EQ(scratch_.n_files(), std::filesystem::exists(scratch_.path("hub")) ? 1U : 0U);
    const std::string snapshots = cache().folder() + "/snapshots";
    if (!std::filesystem::exists(snapshots)) return;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(snapshots)) {
      if (!entry.is_symlink()) continue;
      const std::string path = entry.path().lexically_relative(cache().snapshot(commit())).string();
      EXPECT_EQ(cached(path), model().files[path].contents) << path;
    }
  }

  formats::ScratchFolder scratch_;
  std::string weights_;
  HubServer server_;
  Settings settings_;
  FetchOptions options_;
  std::vector<std::string> notes_;
  Watch watch_;
};

// With a server that answers as the test wants it to.
class HostileHubTest : public HubTest {
 protected:
  // Answers requests whose target holds `text` by `answer`.
  void on(const std::string& text, const std::function<void(const HubRequest&, HubConnection&)>& answer,
          const std::string& method = "GET") {
    server_.disturb([=](const HubRequest& request, HubConnection& connection) {
      if (request.method != method || request.target.find(text) == std::string::npos) return false;
      answer(request, connection);
      return true;
    });
  }
  // The first n requests of that kind are answered by `answer`, the others as usual.
  void at_first(std::size_t n, const std::string& text,
                const std::function<void(const HubRequest&, HubConnection&)>& answer,
                const std::string& method = "GET") {
    auto n_seen = std::make_shared<std::atomic<std::size_t>>(0);
    server_.disturb([=](const HubRequest& request, HubConnection& connection) {
      if (request.method != method || request.target.find(text) == std::string::npos || ++*n_seen > n)
        return false;
      answer(request, connection);
      return true;
    });
  }
  void expect_right() {
    const auto fetched = fetch_model();
    ASSERT_TRUE(fetched) << fetched.error().message;
    expect_fetched();
  }
  void expect_refused(const std::string& text) {
    const Error error = failure_of();
    EXPECT_EQ(error.kind, ErrorKind::kNetwork) << error.message;
    EXPECT_THAT(error.message,
                testing::AllOf(testing::HasSubstr(text), testing::Not(testing::HasSubstr("\n"))));
    expect_nothing_half_done();
    EXPECT_EQ(cache().commit_of("main").value(), "");
  }
  [[nodiscard]] std::string_view part(std::size_t first, std::size_t n = std::string::npos) const {
    return std::string_view(weights_).substr(first, n);
  }
};

}  // namespace penfield::hub
