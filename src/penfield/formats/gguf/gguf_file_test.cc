#include "penfield/formats/gguf/gguf_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "penfield/formats/gguf/gguf_for_tests.h"
#include "penfield/formats/scratch_folder_for_tests.h"

namespace penfield::formats {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(GgufFile, IsOneFile) {
  const ScratchFolder folder;
  const std::string path = folder.write("m.gguf", small_gguf().bytes());
  auto opened = open_gguf(path);
  ASSERT_TRUE(opened) << opened.error().message;
  const GgufFile file = std::move(*opened);
  EXPECT_THAT(file.tensors.file_paths(), ElementsAre(path));
  EXPECT_EQ(file.tensors.find("output_norm.weight")->file, path);
  EXPECT_EQ(*file.metadata.string("general.architecture"), "llama");
}

TEST(GgufFile, MustBeAPlainFile) {
  const ScratchFolder folder;
  EXPECT_EQ(open_gguf(folder.path()).error().kind, ErrorKind::kBadInput);
  EXPECT_EQ(open_gguf("/dev/zero").error().kind, ErrorKind::kBadInput);
  EXPECT_EQ(open_gguf(folder.path("none.gguf")).error().kind, ErrorKind::kIo);
  EXPECT_THAT(open_gguf(folder.write("m.gguf", "")).error().message, HasSubstr("not a GGUF file"));
}

// Two shards with one tensor each.
class GgufShards : public testing::Test {
 protected:
  void SetUp() override {
    write(1, "a");
    write(2, "b");
  }
  struct Part {
    std::uint32_t number = 0, count = 2, n_tensors = 2;
    std::string architecture = {};
  };
  void write(std::uint32_t file_number, std::string_view tensor, Part part) {
    GgufBytes file;
    file.pairs = {{"split.no", gguf_number<std::uint32_t>(2) +
                                   gguf_number<std::uint16_t>(static_cast<std::uint16_t>(part.number))},
                  {"split.count", gguf_number<std::uint32_t>(2) +
                                      gguf_number<std::uint16_t>(static_cast<std::uint16_t>(part.count))},
                  {"split.tensors.count", gguf_number<std::uint32_t>(5) + gguf_number(part.n_tensors)}};
    if (!part.architecture.empty())
      file.pairs.push_back({"general.architecture", gguf_text(part.architecture)});
    file.add(tensor, {1}, 0, "abcd");
    folder_.write(name(file_number), file.bytes());
  }
  void write(std::uint32_t file_number, std::string_view tensor) {
    write(file_number, tensor, {.number = file_number - 1, .architecture = file_number == 1 ? "llama" : ""});
  }
  static std::string name(std::uint32_t number) { return fmt::format("m-{:05}-of-00002.gguf", number); }
  std::string refusal() {
    const auto file = open_gguf(folder_.path(name(1)));
    if (file) return "accepted";
    EXPECT_EQ(file.error().kind, ErrorKind::kBadInput) << file.error().message;
    return file.error().message;
  }
  ScratchFolder folder_;
};

TEST_F(GgufShards, AreReadAsOneFromAnyOfThem) {
  for (const std::uint32_t number : {1u, 2u}) {
    const auto file = open_gguf(folder_.path(name(number)));
    ASSERT_TRUE(file) << file.error().message;
    EXPECT_EQ(file->tensors.find("a")->file, folder_.path(name(1)));
    EXPECT_EQ(file->tensors.find("b")->file, folder_.path(name(2)));
    EXPECT_THAT(file->tensors.file_paths(), ElementsAre(folder_.path(name(1)), folder_.path(name(2))));
    EXPECT_EQ(*file->metadata.string("general.architecture"), "llama");
  }
}

TEST_F(GgufShards, MustAllBeThere) {
  std::filesystem::remove(folder_.path(name(2)));
  EXPECT_THAT(refusal(), HasSubstr("part 2 of 2, 'm-00002-of-00002.gguf', is missing"));
}

TEST_F(GgufShards, MustBeNamedAsTheyAre) {
  std::filesystem::rename(folder_.path(name(1)), folder_.path("m.gguf"));
  EXPECT_THAT(open_gguf(folder_.path("m.gguf")).error().message, HasSubstr("is one of 2 parts"));
  for (const char* other :
       {"m-00001-of-00003.gguf", "m-1-of-00002.gguf", "m-00001-of-0000x.gguf", "m-00001_of-00002.gguf"}) {
    std::filesystem::rename(folder_.path("m.gguf"), folder_.path(other));
    EXPECT_THAT(open_gguf(folder_.path(other)).error().message, HasSubstr("is not named so")) << other;
    std::filesystem::rename(folder_.path(other), folder_.path("m.gguf"));
  }
}

TEST_F(GgufShards, MustBelongTogether) {
  write(2, "b", {.number = 0});
  EXPECT_THAT(refusal(), HasSubstr("is named part 2 of 2, but holds part 1 of 2"));
  write(2, "b", {.number = 1, .count = 3});
  EXPECT_THAT(refusal(), HasSubstr("holds part 2 of 3"));
  write(2, "b", {.number = 1, .architecture = "qwen2"});
  EXPECT_THAT(refusal(), HasSubstr("architecture 'qwen2'"));
  write(2, "a");
  EXPECT_THAT(refusal(), HasSubstr("tensor 'a' is also in"));
  write(2, "b");
  write(1, "a", {.number = 0, .n_tensors = 3});
  EXPECT_THAT(refusal(), HasSubstr("hold 2 tensors, but should hold 3"));
  GgufBytes without_keys;
  without_keys.add("b", {1}, 0, "abcd");
  folder_.write(name(2), without_keys.bytes());
  EXPECT_THAT(refusal(), HasSubstr("the key 'split.count' is missing"));
}

TEST_F(GgufShards, MayNotBeLinksOutOfTheFolder) {
  const ScratchFolder elsewhere;
  std::filesystem::rename(folder_.path(name(2)), elsewhere.path(name(2)));
  std::filesystem::create_symlink(elsewhere.path(name(2)), folder_.path(name(2)));
  EXPECT_THAT(refusal(), HasSubstr("outside the model's folder"));
}

}  // namespace
}  // namespace penfield::formats
