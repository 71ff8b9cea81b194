#include "penfield/hub/resolve_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "penfield/formats/scratch_folder_for_tests.h"

namespace penfield::hub {
namespace {

using testing::HasSubstr;

const std::string kCommit = "0123456789abcdef0123456789abcdef01234567";
const std::string kOtherCommit = "89abcdef0123456789abcdef0123456789abcdef";

class ResolveModel : public testing::Test {
 protected:
  // A repository in the cache with one commit that has a model.
  void add(const std::string& folder, const std::string& reference, const std::string& commit) {
    scratch_.write(folder + "/refs/" + reference, commit);
    for (const char* file : {"config.json", "model.safetensors", "tokenizer.json"}) {
      scratch_.write(folder + "/snapshots/" + commit + "/" + file, "{}");
    }
  }
  [[nodiscard]] std::string snapshot(const std::string& folder, const std::string& commit) const {
    return scratch_.path(folder + "/snapshots/" + commit);
  }
  [[nodiscard]] Result<std::string> resolve(std::string_view name, Needs needs = Needs::kModel) const {
    Settings settings;
    settings.cache_folder = scratch_.path();
    return resolve_model(name, settings, needs);
  }

  formats::ScratchFolder scratch_;
};

TEST_F(ResolveModel, AFolderIsItself) {
  scratch_.write("mine/config.json", "{}");
  EXPECT_EQ(resolve(scratch_.path("mine")), scratch_.path("mine"));
  EXPECT_EQ(resolve(scratch_.path("mine/")), scratch_.path("mine/"));
}

TEST_F(ResolveModel, AFolderMustHoldWhatIsNeeded) {
  scratch_.write("tokenizer/vocab.json", "{}");
  scratch_.write("tokenizer/merges.txt", "");
  const std::string folder = scratch_.path("tokenizer");
  EXPECT_EQ(resolve(folder, Needs::kTokenizer), folder);
  const auto as_model = resolve(folder);
  ASSERT_FALSE(as_model);
  EXPECT_EQ(as_model.error().kind, ErrorKind::kBadInput);
  EXPECT_THAT(as_model.error().message, HasSubstr(folder + ": has no config.json"));
  scratch_.write("model/config.json", "{}");
  EXPECT_THAT(resolve(scratch_.path("model"), Needs::kTokenizer).error().message,
              HasSubstr("has no tokenizer.json, nor vocab.json and merges.txt"));
  scratch_.write("model/tokenizer.json", "{}");
  EXPECT_EQ(resolve(scratch_.path("model"), Needs::kTokenizer), scratch_.path("model"));
}

TEST_F(ResolveModel, AFileIsNoModel) {
  const auto resolved = resolve(scratch_.write("model.safetensors", ""));
  ASSERT_FALSE(resolved);
  EXPECT_EQ(resolved.error().kind, ErrorKind::kBadInput);
  EXPECT_THAT(resolved.error().message, HasSubstr("is a file"));
}

TEST_F(ResolveModel, AGgufFileIsItself) {
  const std::string file = scratch_.write("m.Q4_K.GGUF", "GGUF");
  EXPECT_EQ(resolve(file), file);
  EXPECT_EQ(resolve(file, Needs::kTokenizer), file);
}

TEST_F(ResolveModel, AGgufFileOfARepository) {
  add("models--owner--name", "main", kCommit);
  const std::string snapshot_folder = snapshot("models--owner--name", kCommit);
  scratch_.write("models--owner--name/snapshots/" + kCommit + "/q/m-00001-of-00002.gguf", "GGUF");
  EXPECT_EQ(resolve("owner/name:q/m-00001-of-00002.gguf").error().kind, ErrorKind::kNetwork)
      << "a part is missing";
  scratch_.write("models--owner--name/snapshots/" + kCommit + "/q/m-00002-of-00002.gguf", "GGUF");
  EXPECT_EQ(resolve("owner/name:q/m-00001-of-00002.gguf"), snapshot_folder + "/q/m-00001-of-00002.gguf");
  EXPECT_THAT(resolve("owner/name:x.gguf").error().message, HasSubstr("`penfield fetch owner/name:x.gguf`"));
  EXPECT_EQ(resolve("owner/name:config.json").error().kind, ErrorKind::kUsage);
}

TEST_F(ResolveModel, AFolderThatIsHereIsNoOwner) {
  scratch_.write("models/demo/config.json", "{}");
  const std::filesystem::path before = std::filesystem::current_path();
  std::filesystem::current_path(scratch_.path());
  const auto resolved = resolve("models/nope");
  add("models--models--nope", "main", kCommit);
  const auto fetched = resolve("models/nope");
  std::filesystem::current_path(before);
  ASSERT_FALSE(resolved);
  EXPECT_EQ(resolved.error().kind, ErrorKind::kIo);
  EXPECT_THAT(resolved.error().message, HasSubstr("models/nope: no such folder"));
  EXPECT_THAT(resolved.error().message, HasSubstr("penfield fetch models/nope"));
  EXPECT_EQ(fetched, snapshot("models--models--nope", kCommit)) << "what the message says helps";
}

TEST_F(ResolveModel, APartOfAModelIsNotTheModel) {
  for (const char* missing : {"config.json", "model.safetensors", "tokenizer.json"}) {
    add("models--owner--name", "main", kCommit);
    std::filesystem::remove(snapshot("models--owner--name", kCommit) + "/" + missing);
    EXPECT_EQ(resolve("owner/name").error().kind, ErrorKind::kNetwork) << missing;
    EXPECT_EQ(resolve("owner/name", Needs::kTokenizer).has_value(), missing != std::string("tokenizer.json"));
  }
  add("models--owner--name", "main", kCommit);
  const std::string in_snapshot = "models--owner--name/snapshots/" + kCommit + "/";
  std::filesystem::remove(scratch_.path(in_snapshot + "model.safetensors"));
  scratch_.write(in_snapshot + "model.safetensors.index.json", R"({"weight_map": {"a": "1.safetensors"}})");
  EXPECT_EQ(resolve("owner/name").error().kind, ErrorKind::kNetwork);
  scratch_.write(in_snapshot + "1.safetensors", "");
  EXPECT_TRUE(resolve("owner/name"));
}

TEST_F(ResolveModel, OfflineForbidsToFetch) {
  Settings settings;
  settings.cache_folder = scratch_.path();
  settings.offline = true;
  settings.endpoint = "http://127.0.0.1:9";
  const auto resolved = resolve_or_fetch_model("owner/name", settings, {}, {});
  ASSERT_FALSE(resolved);
  EXPECT_EQ(resolved.error().kind, ErrorKind::kNetwork);
  EXPECT_THAT(resolved.error().message, HasSubstr("HF_HUB_OFFLINE"));
}

TEST_F(ResolveModel, APathThatIsNoFolderIsNotLookedUp) {
  for (const char* name : {"/no/such/folder", "./none", "../none", "~/none", "none/", "a/b/c"}) {
    const auto resolved = resolve(name);
    ASSERT_FALSE(resolved) << name;
    EXPECT_EQ(resolved.error().kind, ErrorKind::kIo) << name;
    EXPECT_THAT(resolved.error().message, HasSubstr("no such folder"));
  }
}

TEST_F(ResolveModel, FindsTheCommitOfABranch) {
  add("models--owner--name", "main", kCommit);
  add("models--owner--name", "refs/pr/3", kOtherCommit);
  EXPECT_EQ(resolve("owner/name"), snapshot("models--owner--name", kCommit));
  EXPECT_EQ(resolve("owner/name@main"), snapshot("models--owner--name", kCommit));
  EXPECT_EQ(resolve("owner/name@refs/pr/3"), snapshot("models--owner--name", kOtherCommit));
  EXPECT_EQ(resolve("owner/name@" + kOtherCommit), snapshot("models--owner--name", kOtherCommit));
}

TEST_F(ResolveModel, FindsGpt2UnderEitherName) {
  add("models--openai-community--gpt2", "main", kCommit);
  scratch_.write("models--openai-community--gpt2/refs/main", kCommit + "\n");
  EXPECT_EQ(resolve("gpt2"), snapshot("models--openai-community--gpt2", kCommit));
  EXPECT_EQ(resolve("openai-community/gpt2"), snapshot("models--openai-community--gpt2", kCommit));
  add("models--gpt2", "main", kOtherCommit);
  EXPECT_EQ(resolve("gpt2"), snapshot("models--gpt2", kOtherCommit));
  add("models--gpt2-medium", "main", kCommit);
  EXPECT_EQ(resolve("openai-community/gpt2-medium"), snapshot("models--gpt2-medium", kCommit));
}

TEST_F(ResolveModel, SaysWhereItLookedAndWhatFetchesIt) {
  const auto resolved = resolve("gpt2-medium@v1");
  ASSERT_FALSE(resolved);
  EXPECT_EQ(resolved.error().kind, ErrorKind::kNetwork);
  for (const std::string& part :
       {scratch_.path("models--gpt2-medium"), scratch_.path("models--openai-community--gpt2-medium"),
        std::string("`penfield fetch gpt2-medium@v1`")}) {
    EXPECT_THAT(resolved.error().message, HasSubstr(part));
  }
  EXPECT_EQ(resolved.error().message.find('\n'), std::string::npos);
  EXPECT_THAT(resolve("owner/name").error().message, HasSubstr("`penfield fetch owner/name`"));
}

TEST_F(ResolveModel, AReferenceWithoutItsSnapshotIsNotInTheCache) {
  scratch_.write("models--owner--name/refs/main", kCommit);
  EXPECT_EQ(resolve("owner/name").error().kind, ErrorKind::kNetwork);
  add("models--owner--name", "other", kOtherCommit);
  EXPECT_EQ(resolve("owner/name").error().kind, ErrorKind::kNetwork);
  EXPECT_EQ(resolve("owner/name@" + kCommit).error().kind, ErrorKind::kNetwork);
}

TEST_F(ResolveModel, ABrokenCacheIsNamed) {
  for (const char* contents : {"", "main", "../../../../etc", "0123456789abcdef0123456789abcdef0123456/"}) {
    const std::string reference = scratch_.write("models--owner--name/refs/main", contents);
    const auto resolved = resolve("owner/name");
    ASSERT_FALSE(resolved);
    EXPECT_EQ(resolved.error().kind, ErrorKind::kBadInput);
    EXPECT_THAT(resolved.error().message, HasSubstr(reference));
  }
}

TEST_F(ResolveModel, AReferenceMayBeNoPipeOrFolder) {
  scratch_.write("models--owner--name/refs/main/x", "");
  const auto resolved = resolve("owner/name");
  ASSERT_FALSE(resolved);
  EXPECT_EQ(resolved.error().kind, ErrorKind::kBadInput);
}

TEST_F(ResolveModel, RefusesNamesThatCannotBe) {
  for (const char* name : {"", "a b", "a..b", "a@../b"}) {
    const auto resolved = resolve(name);
    ASSERT_FALSE(resolved) << name;
    EXPECT_EQ(resolved.error().kind, ErrorKind::kUsage) << name;
  }
}

TEST_F(ResolveModel, WithoutACacheNothingIsFound) {
  const auto resolved = resolve_model("gpt2", {});
  ASSERT_FALSE(resolved);
  EXPECT_EQ(resolved.error().kind, ErrorKind::kNetwork);
}

}  // namespace
}  // namespace penfield::hub
