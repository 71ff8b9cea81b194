#include "penfield/hub/fetch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "penfield/hub/hub_for_tests.h"

namespace penfield::hub {
namespace {

using testing::AllOf;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class Fetching : public HubTest {};

TEST_F(Fetching, BringsWhatAModelIsReadFromAndNothingElse) {
  const auto fetched = fetch_model();
  ASSERT_TRUE(fetched) << fetched.error().message;
  expect_fetched();
  EXPECT_EQ(fetched->path, cache().snapshot(commit()));
  EXPECT_EQ(fetched->n_files, 5U);
  EXPECT_EQ(fetched->n_bytes, fetched->n_downloaded_bytes);
  for (const char* path : {"pytorch_model.bin", "README.md", "onnx"}) {
    EXPECT_FALSE(std::filesystem::exists(fetched->path + "/" + path)) << path;
    EXPECT_EQ(server_.count("GET", path), 0U) << path;
  }
  EXPECT_EQ(std::filesystem::read_symlink(fetched->path + "/model.safetensors"),
            "../../blobs/" + weights_etag());
  EXPECT_THAT(scratch_.read("hub/CACHEDIR.TAG"), HasSubstr("8a477f597d28d172789f06886806bc55"));
  EXPECT_THAT(notes_, ElementsAre(AllOf(HasSubstr("owner/model"), HasSubstr("KiB"))));
}

TEST_F(Fetching, WhatIsThereIsNotFetchedAgain) {
  ASSERT_TRUE(fetch_model());
  const std::size_t n_gets = server_.count("GET", "/resolve/");
  const auto again = fetch_model();
  ASSERT_TRUE(again);
  EXPECT_EQ(again->n_downloaded_bytes, 0U);
  EXPECT_EQ(again->n_bytes, fetch_model()->n_bytes);
  EXPECT_EQ(server_.count("GET", "/resolve/"), n_gets);
}

TEST_F(Fetching, ABranchMovesOnWithTheHub) {
  ASSERT_TRUE(fetch_model());
  const std::string old_commit = commit();
  model().commit = std::string(40, 'd');
  model().files["config.json"].contents = R"({"model_type": "gpt2", "n_layer": 1})";
  ASSERT_TRUE(fetch_model());
  expect_fetched();
  EXPECT_TRUE(std::filesystem::exists(cache().snapshot(old_commit) + "/config.json"));
  EXPECT_EQ(server_.count("GET", "/large/"), 1U) << "the weights are the same";
}

TEST_F(Fetching, ABranchNamesTheOldCommitUntilTheNewOneIsThere) {
  ASSERT_TRUE(fetch_model());
  const std::string old_commit = commit();
  model().commit = std::string(40, 'd');
  model().files["model.safetensors"].contents = noise(1000, 7);
  server_.disturb([](const HubRequest& request, HubConnection& connection) {
    if (!request.target.starts_with("/large/")) return false;
    connection.close();
    return true;
  });
  EXPECT_EQ(failure_of().kind, ErrorKind::kNetwork);
  EXPECT_EQ(cache().commit_of("main").value(), old_commit);
}

TEST_F(Fetching, ARevisionIsATagOrACommit) {
  model().revisions = {"main", "v1", "refs/pr/3"};
  ASSERT_TRUE(fetch_model("owner/model@refs/pr/3"));
  EXPECT_EQ(scratch_.read("hub/models--owner--model/refs/refs/pr/3"), commit());
  ASSERT_TRUE(fetch_model("owner/model@" + commit()));
  EXPECT_FALSE(std::filesystem::exists(cache().folder() + "/refs/" + commit()));
  EXPECT_THAT(failure_of("owner/model@v2").message, HasSubstr("no branch, tag or commit 'v2'"));
}

TEST_F(Fetching, TheTokenizerAlone) {
  options_.needs = Needs::kTokenizer;
  ASSERT_TRUE(fetch_model());
  EXPECT_EQ(cached("tokenizer.json"), "{}");
  EXPECT_EQ(server_.count("HEAD", "safetensors"), 0U);
}

TEST_F(Fetching, ShardsAreThoseOfTheIndex) {
  model().files.erase("model.safetensors");
  model().files["model.safetensors.index.json"].contents =
      R"({"weight_map": {"a": "model-1.safetensors", "b": "part/model-2.safetensors", "c": "model-1.safetensors"}})";
  model().files["model-1.safetensors"] = {.contents = noise(5000, 2), .is_large = true};
  model().files["part/model-2.safetensors"] = {.contents = noise(6000, 3), .is_large = true};
  model().files["model-3.safetensors"] = {.contents = noise(6000, 3), .is_large = true};
  ASSERT_TRUE(fetch_model());
  EXPECT_EQ(cached("model-1.safetensors"), noise(5000, 2));
  EXPECT_EQ(cached("part/model-2.safetensors"), noise(6000, 3));
  EXPECT_FALSE(std::filesystem::exists(cache().snapshot(commit()) + "/model-3.safetensors"));
}

TEST_F(Fetching, AnIndexMayNotLeadOutOfTheRepository) {
  model().files.erase("model.safetensors");
  for (const char* path : {"../../../x.safetensors", "/etc/x.safetensors", "a/../../x.safetensors", "x.bin",
                           "x\\ny.safetensors", "absent.safetensors", ""}) {
    model().files["model.safetensors.index.json"].contents =
        std::string(R"({"weight_map": {"a": ")") + path + "\"}}";
    const Error error = failure_of();
    EXPECT_THAT(error.message, Not(HasSubstr("\n"))) << path;
    expect_nothing_half_done();
  }
}

TEST_F(Fetching, TheSameContentsAreFetchedOnce) {
  model().files["merges.txt"] = model().files["vocab.json"];
  ASSERT_TRUE(fetch_model());
  EXPECT_EQ(server_.count("GET", "/vocab.json") + server_.count("GET", "/merges.txt"), 1U);
  expect_fetched();
}

TEST_F(Fetching, AGgufFileByItsName) {
  model().files["q/m-00001-of-00002.gguf"] = {.contents = "GGUF1", .is_large = true};
  model().files["q/m-00002-of-00002.gguf"] = {.contents = "GGUF2", .is_large = true};
  const auto fetched = fetch_model("owner/model:q/m-00001-of-00002.gguf");
  ASSERT_TRUE(fetched) << fetched.error().message;
  EXPECT_EQ(fetched->path, cache().snapshot(commit()) + "/q/m-00001-of-00002.gguf");
  EXPECT_EQ(cached("q/m-00002-of-00002.gguf"), "GGUF2");
  EXPECT_EQ(fetched->n_files, 2U);
  EXPECT_THAT(failure_of("owner/model:x.gguf").message, HasSubstr("has no x.gguf"));
}

TEST_F(Fetching, SaysWhatARepositoryLacks) {
  model().files = {{"a.gguf", {}}, {"b.GGUF", {}}, {"README.md", {}}};
  EXPECT_THAT(failure_of().message, AllOf(HasSubstr("owner/model:FILE"), HasSubstr("a.gguf, b.GGUF")));
  EXPECT_EQ(failure_of().kind, ErrorKind::kBadInput);
  model().files = {{"config.json", {}}, {"pytorch_model.bin", {}}};
  EXPECT_THAT(failure_of().message, AllOf(HasSubstr("pytorch_model.bin"), HasSubstr("save_pretrained")));
  model().files = {{"config.json", {}}, {"model.safetensors", {}}, {"vocab.json", {}}};
  EXPECT_THAT(failure_of().message, HasSubstr("tokenizer.json"));
  model().files = {{"README.md", {}}};
  EXPECT_THAT(failure_of().message, HasSubstr("config.json"));
  EXPECT_EQ(server_.count("HEAD", ""), 0U) << "nothing is fetched of it";
}

TEST_F(Fetching, WeightsAreNotFetchedForAModelThatIsNotAccepted) {
  options_.accept = [](const std::string& folder) -> Result<void> {
    EXPECT_TRUE(std::filesystem::exists(folder + "/config.json"));
    return bad_input("no such family");
  };
  EXPECT_EQ(failure_of().message, "no such family");
  EXPECT_EQ(server_.count("GET", "/large/"), 0U);
  EXPECT_EQ(cache().commit_of("main").value(), "");
}

TEST_F(Fetching, GatedRepositoriesAreExplained) {
  model().is_gated = true;
  model().token = "hf_right";
  EXPECT_THAT(failure_of().message,
              AllOf(HasSubstr("is gated"), HasSubstr(server_.url() + "/owner/model"), HasSubstr("HF_TOKEN")));
  EXPECT_EQ(failure_of().kind, ErrorKind::kNetwork);
  settings_.token = "hf_wrong";
  EXPECT_THAT(failure_of().message,
              AllOf(HasSubstr("token in HF_TOKEN has no access"), Not(HasSubstr("hf_wrong"))));
  settings_.token = "hf_right";
  ASSERT_TRUE(fetch_model());
  expect_fetched();
}

TEST_F(Fetching, NoSuchRepositoryIsExplained) {
  EXPECT_THAT(failure_of("owner/none").message,
              AllOf(HasSubstr("no such repository"), HasSubstr("HF_TOKEN")));
  EXPECT_EQ(failure_of("owner/none").kind, ErrorKind::kNetwork);
  settings_.token = "hf_mine";
  EXPECT_THAT(failure_of("owner/none").message, HasSubstr("settings/tokens"));
}

TEST_F(Fetching, Gpt2IsFetchedUnderItsOwner) {
  server_.add("openai-community/gpt2") = model();
  const auto fetched = fetch_model("gpt2");
  ASSERT_TRUE(fetched) << fetched.error().message;
  EXPECT_THAT(fetched->path, HasSubstr("models--openai-community--gpt2/"));
}

TEST_F(Fetching, ABlobThatIsWrongIsFoundWhereItIsChecked) {
  ASSERT_TRUE(fetch_model());
  std::string wrong = weights_;
  wrong[12345] = static_cast<char>(wrong[12345] ^ 1);
  scratch_.write("hub/models--owner--model/blobs/" + weights_etag(), wrong);
  ASSERT_TRUE(fetch_model());
  EXPECT_EQ(cached("model.safetensors"), wrong) << "sizes alone are compared";
  options_.existing = Existing::kChecked;
  ASSERT_TRUE(fetch_model());
  expect_fetched();
}

TEST_F(Fetching, ProgressEndsWithAllBytes) {
  std::uint64_t last = 0, last_total = 0;
  watch_ = Watch([&](std::string_view name, std::uint64_t done, std::uint64_t total, std::string_view unit) {
    if (name == "download") {
      EXPECT_EQ(unit, "bytes");
      EXPECT_LE(done, total);
      last = done;
      last_total = total;
    }
    return Result<void>();
  });
  ASSERT_TRUE(fetch_model());
  EXPECT_EQ(last, last_total);
  EXPECT_GE(last, weights_.size());
}

TEST_F(Fetching, StopsWithinASecondAndGoesOnLater) {
  server_.disturb([this](const HubRequest& request, HubConnection& connection) {
    if (!request.target.starts_with("/large/")) return false;
    connection.send(HubConnection::head(200, {}, weights_.size()));
    connection.send(std::string_view(weights_).substr(0, 100'000));
    connection.wait(std::chrono::seconds(20));
    return true;
  });
  options_.patience.stall = std::chrono::seconds(20);
  std::stop_source stop;
  watch_ = Watch(
      [&](std::string_view name, std::uint64_t done, std::uint64_t, std::string_view) {
        if (name == "download" && done >= 100'000) stop.request_stop();
        return Result<void>();
      },
      stop.get_token());
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(failure_of().kind, ErrorKind::kInterrupted);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(2));
  EXPECT_EQ(std::filesystem::file_size(cache().partial_blob(weights_etag())), 100'000U);
  server_.disturb({});
  watch_ = Watch();
  const auto fetched = fetch_model();
  ASSERT_TRUE(fetched) << fetched.error().message;
  expect_fetched();
  EXPECT_EQ(server_.last_of_a_range().first_byte(), 100'000U);
}

TEST_F(Fetching, WithoutAPlaceForTheCacheNothingIsAsked) {
  settings_.cache_folder.clear();
  EXPECT_EQ(failure_of().kind, ErrorKind::kUsage);
  EXPECT_THAT(server_.requests(), testing::IsEmpty());
}

TEST_F(Fetching, AnEndpointThatIsNoAddressIsUsage) {
  for (const char* endpoint : {"huggingface", "ftp://x", "https://user:secret@x", "file:///etc", ""}) {
    settings_.endpoint = endpoint;
    EXPECT_EQ(failure_of().kind, ErrorKind::kUsage) << endpoint;
  }
}

TEST_F(Fetching, ACacheThatCannotBeWrittenIsIo) {
  scratch_.write("hub", "a file in its place");
  EXPECT_EQ(failure_of().kind, ErrorKind::kIo);
}

}  // namespace
}  // namespace penfield::hub
