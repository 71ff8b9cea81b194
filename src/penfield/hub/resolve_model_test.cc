#include "penfield/hub/resolve_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "penfield/formats/scratch_folder_for_tests.h"

namespace penfield::hub {
namespace {

using testing::HasSubstr;

const std::string kCommit = "0123456789abcdef0123456789abcdef01234567";
const std::string kOtherCommit = "89abcdef0123456789abcdef0123456789abcdef";

class ResolveModel : public testing::Test {
 protected:
  // A repository in the cache with one commit that has a config.json.
  void add(const std::string& folder, const std::string& reference, const std::string& commit) {
    scratch_.write(folder + "/refs/" + reference, commit);
    scratch_.write(folder + "/snapshots/" + commit + "/config.json", "{}");
  }
  [[nodiscard]] std::string snapshot(const std::string& folder, const std::string& commit) const {
    return scratch_.path(folder + "/snapshots/" + commit);
  }
  [[nodiscard]] Result<std::string> resolve(std::string_view name, Needs needs = Needs::kModel) const {
    return resolve_model(name, {.hub = scratch_.path()}, needs);
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
              HasSubstr("has no vocab.json"));
}

TEST_F(ResolveModel, AFileIsNoModel) {
  const auto resolved = resolve(scratch_.write("model.safetensors", ""));
  ASSERT_FALSE(resolved);
  EXPECT_EQ(resolved.error().kind, ErrorKind::kBadInput);
  EXPECT_THAT(resolved.error().message, HasSubstr("is a file"));
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
        std::string("`huggingface-cli download openai-community/gpt2-medium --revision v1`")}) {
    EXPECT_THAT(resolved.error().message, HasSubstr(part));
  }
  EXPECT_EQ(resolved.error().message.find('\n'), std::string::npos);
  EXPECT_THAT(resolve("owner/name").error().message, HasSubstr("`huggingface-cli download owner/name`"));
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
  scratch_.write("models--owner--empty/refs/main", kCommit);
  scratch_.write("models--owner--empty/snapshots/" + kCommit + "/README.md", "");
  EXPECT_EQ(resolve("owner/empty").error().kind, ErrorKind::kBadInput);
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

TEST(CachePathsFrom, TakesTheMostParticularVariable) {
  std::map<std::string, std::string> environment;
  const auto hub = [&] {
    return cache_paths_from([&](const char* name) -> const char* {
             const auto found = environment.find(name);
             return found == environment.end() ? nullptr : found->second.c_str();
           })
        .hub;
  };
  EXPECT_EQ(hub(), "");
  environment["HOME"] = "/home/me";
  EXPECT_EQ(hub(), "/home/me/.cache/huggingface/hub");
  environment["XDG_CACHE_HOME"] = "/xdg";
  EXPECT_EQ(hub(), "/xdg/huggingface/hub");
  environment["HF_HOME"] = "~/hf";
  EXPECT_EQ(hub(), "/home/me/hf/hub");
  environment["HF_HUB_CACHE"] = "/cache";
  EXPECT_EQ(hub(), "/cache");
  environment["HF_HUB_CACHE"] = "";
  EXPECT_EQ(hub(), "/home/me/hf/hub");
}

}  // namespace
}  // namespace penfield::hub
