#include "penfield/hub/repository.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace penfield::hub {
namespace {

using testing::ElementsAre;

TEST(Repository, ReadsNameAndRevision) {
  const auto bare = parse_repository("gpt2");
  ASSERT_TRUE(bare);
  EXPECT_EQ(bare->id, "gpt2");
  EXPECT_EQ(bare->revision, "main");
  const auto full = parse_repository("some_Owner-1/my.model@refs/pr/3");
  ASSERT_TRUE(full);
  EXPECT_EQ(full->id, "some_Owner-1/my.model");
  EXPECT_EQ(full->revision, "refs/pr/3");
  EXPECT_EQ(full->file, "");
}

TEST(Repository, ReadsTheFileBehindTheColon) {
  const auto file = parse_repository("owner/name@v1:gguf/model-Q4_K_M.gguf").value();
  EXPECT_EQ(file.id, "owner/name");
  EXPECT_EQ(file.revision, "v1");
  EXPECT_EQ(file.file, "gguf/model-Q4_K_M.gguf");
  EXPECT_EQ(full_name(file), "owner/name@v1:gguf/model-Q4_K_M.gguf");
  EXPECT_EQ(short_name(parse_repository("a/b:m.gguf").value()), "a/b:m.gguf");
  EXPECT_EQ(full_name(parse_repository("a/b").value()), "a/b@main");
  for (const std::string name : {"a/b:", "a/b:/m.gguf", "a/b:../m.gguf", "a/b:x/../m", "a/b:x//m", "a/b:m\nx",
                                 "a/b:x\\m", "a/b:x/", "a/b:."}) {
    EXPECT_EQ(parse_repository(name).error().kind, ErrorKind::kUsage) << name;
  }
}

TEST(Repository, SafePathsStayInTheirFolder) {
  EXPECT_TRUE(is_safe_path("config.json"));
  EXPECT_TRUE(is_safe_path("a b/..c/d.e"));
  EXPECT_TRUE(is_safe_path(std::string(255, 'x')));
  for (const std::string& path :
       {std::string(), std::string("/x"), std::string(".."), std::string("a/.."), std::string("a/./b"),
        std::string("a\0b", 3), std::string("a\x7f"), std::string(256, 'x'), std::string(1025, '/')}) {
    EXPECT_FALSE(is_safe_path(path)) << path;
  }
}

TEST(Repository, ANameLeadsNowhereButIntoItsOwnFolder) {
  for (const std::string name : {"",
                                 "/",
                                 "a/",
                                 "/a",
                                 "a//b",
                                 "a/b/c",
                                 "..",
                                 "../a",
                                 "a/..",
                                 "a..b",
                                 ".a",
                                 "a.",
                                 "-a",
                                 "a-",
                                 "a--b",
                                 "a b",
                                 "a\\b",
                                 "a\nb",
                                 "café",
                                 "a@",
                                 "a@..",
                                 "a@../b",
                                 "a@/b",
                                 "a@b/",
                                 "a@.b",
                                 "a@b@c",
                                 "a@b c",
                                 "@main",
                                 "a/b@../../../../etc",
                                 "~a"}) {
    const auto parsed = parse_repository(name);
    ASSERT_FALSE(parsed) << name;
    EXPECT_EQ(parsed.error().kind, ErrorKind::kUsage) << name;
  }
  EXPECT_FALSE(parse_repository(std::string(97, 'a')));
  EXPECT_TRUE(parse_repository(std::string(96, 'a')));
  EXPECT_FALSE(parse_repository("a@" + std::string(256, 'a')));
  EXPECT_FALSE(parse_repository(std::string("a\0b", 3)));
}

TEST(Repository, CommitsAreFullHashes) {
  EXPECT_TRUE(is_commit("0123456789abcdef0123456789abcdef01234567"));
  EXPECT_FALSE(is_commit("0123456789ABCDEF0123456789abcdef01234567"));
  EXPECT_FALSE(is_commit("0123456789abcdef0123456789abcdef0123456"));
  EXPECT_FALSE(is_commit("g123456789abcdef0123456789abcdef01234567"));
  EXPECT_FALSE(is_commit(""));
}

TEST(Repository, Gpt2HasTwoNames) {
  EXPECT_THAT(known_as("gpt2-medium"), ElementsAre("gpt2-medium", "openai-community/gpt2-medium"));
  EXPECT_THAT(known_as("openai-community/gpt2"), ElementsAre("openai-community/gpt2", "gpt2"));
  EXPECT_THAT(known_as("someone/gpt2"), ElementsAre("someone/gpt2"));
  EXPECT_EQ(hub_id("gpt2-xl"), "openai-community/gpt2-xl");
  EXPECT_EQ(hub_id("bert"), "bert");
  EXPECT_EQ(cache_folder_name("openai-community/gpt2"), "models--openai-community--gpt2");
  EXPECT_EQ(cache_folder_name("gpt2"), "models--gpt2");
}

}  // namespace
}  // namespace penfield::hub
