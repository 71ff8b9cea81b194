#include "penfield/formats/safetensors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "penfield/formats/safetensors_for_tests.h"
#include "penfield/formats/scratch_folder_for_tests.h"

namespace penfield::formats {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(SafetensorsFile, GivesItsTensors) {
  const ScratchFolder folder;
  const std::string header =
      R"({"__metadata__":{"format":"pt","note":"x"},"b":{"dtype":"F32","shape":[2,1],"data_offsets":[4,12]},)"
      R"("a":{"shape":[2],"data_offsets":[0,4],"dtype":"F16"},"s":{"dtype":"U8","shape":[],"data_offsets":[12,13]},)"
      R"("e":{"dtype":"F32","shape":[0,5],"data_offsets":[12,12]}}   )";
  const std::string path = folder.write(
      "w.safetensors",
      file_of(header, bytes_of<std::uint16_t>({0x3c00, 0xc000}) + bytes_of({1.5f, -2.5f}) + "\x07"));
  auto opened = open_safetensors(path);
  ASSERT_TRUE(opened) << opened.error().message;
  const TensorFile weights = std::move(*opened);
  EXPECT_THAT(weights.file_paths(), ElementsAre(path));
  ASSERT_EQ(weights.tensors().size(), 4u);
  EXPECT_EQ(weights.find("c"), nullptr);
  const Tensor* b = weights.find("b");
  ASSERT_NE(b, nullptr);
  EXPECT_EQ(b->dtype, Dtype::kF32);
  EXPECT_EQ(b->file, path);
  EXPECT_THAT(b->shape, ElementsAre(2, 1));
  std::vector<float> values(2);
  ASSERT_TRUE(copy_to_float(*b, values));
  EXPECT_THAT(values, ElementsAre(1.5f, -2.5f));
  ASSERT_TRUE(copy_to_float(*weights.find("a"), values));
  EXPECT_THAT(values, ElementsAre(1.0f, -2.0f));
  EXPECT_EQ(weights.find("s")->n_values(), 1u);
  EXPECT_EQ(weights.find("e")->n_values(), 0u);
  EXPECT_TRUE(copy_to_float(*weights.find("e"), {}));
}

TEST(SafetensorsFolder, ReadsOneFile) {
  const ScratchFolder folder;
  folder.write("model.safetensors", one_tensor(R"({"dtype":"F32","shape":[2],"data_offsets":[0,8]})"));
  const auto weights = open_safetensors_folder(folder.path() + "/");
  ASSERT_TRUE(weights) << weights.error().message;
  EXPECT_NE(weights->find("a"), nullptr);
}

TEST(SafetensorsFolder, WithoutWeightsIsBadInput) {
  const ScratchFolder folder;
  EXPECT_EQ(open_safetensors_folder(folder.path()).error().kind, ErrorKind::kBadInput);
  EXPECT_EQ(open_safetensors_folder(folder.path("none")).error().kind, ErrorKind::kBadInput);
}

TEST(SafetensorsFolder, RefusesWhatIsNoPlainFile) {
  const ScratchFolder pipe;
  ASSERT_EQ(::mkfifo(pipe.path("model.safetensors").c_str(), 0600), 0);
  EXPECT_EQ(open_safetensors_folder(pipe.path()).error().kind, ErrorKind::kBadInput);
  const ScratchFolder sub;
  std::filesystem::create_directory(sub.path("model.safetensors"));
  EXPECT_EQ(open_safetensors_folder(sub.path()).error().kind, ErrorKind::kBadInput);
  const ScratchFolder device;
  std::filesystem::create_symlink("/dev/zero", device.path("model.safetensors"));
  EXPECT_EQ(open_safetensors_folder(device.path()).error().kind, ErrorKind::kBadInput);
  EXPECT_EQ(open_safetensors("/dev/zero").error().kind, ErrorKind::kBadInput);
}

// Two shards with one tensor each, and an index.
class Shards : public testing::Test {
 protected:
  void SetUp() override {
    write_shard("1.safetensors", "a");
    write_shard("2.safetensors", "b");
    write_index(R"({"a":"1.safetensors","b":"2.safetensors"})");
  }
  void write_shard(std::string_view file, std::string_view tensor) {
    folder_.write(
        file,
        file_of(fmt::format(R"({{"{}":{{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}}})", tensor), "x"));
  }
  void write_index(std::string_view weight_map) {
    folder_.write("model.safetensors.index.json",
                  fmt::format(R"({{"metadata":{{}},"weight_map":{}}})", weight_map));
  }
  std::string refusal() {
    const auto weights = open_safetensors_folder(folder_.path());
    if (weights) return "accepted";
    EXPECT_EQ(weights.error().kind, ErrorKind::kBadInput) << weights.error().message;
    return weights.error().message;
  }
  ScratchFolder folder_;
};

TEST_F(Shards, AreReadAsOne) {
  const auto weights = open_safetensors_folder(folder_.path());
  ASSERT_TRUE(weights) << weights.error().message;
  EXPECT_EQ(weights->find("a")->file, folder_.path("1.safetensors"));
  EXPECT_EQ(weights->find("b")->file, folder_.path("2.safetensors"));
  EXPECT_THAT(weights->file_paths(),
              ElementsAre(folder_.path("1.safetensors"), folder_.path("2.safetensors")));
}

TEST_F(Shards, MayNotLieOutsideTheFolder) {
  for (const char* shard : {"../../etc/passwd", "/etc/passwd", "..", "", "sub/1.safetensors"}) {
    write_index(fmt::format(R"({{"a":"1.safetensors","b":"{}"}})", shard));
    EXPECT_THAT(refusal(), HasSubstr("is not the name of a file")) << shard;
  }
}

TEST_F(Shards, MayNotBeLinksOutOfTheFolder) {
  const ScratchFolder elsewhere;
  std::filesystem::rename(folder_.path("2.safetensors"), elsewhere.path("2.safetensors"));
  std::filesystem::create_symlink(elsewhere.path("2.safetensors"), folder_.path("2.safetensors"));
  EXPECT_THAT(refusal(), HasSubstr("outside the model's folder"));
}

TEST_F(Shards, AreFoundInTheCachesBlobs) {
  const ScratchFolder cache;
  const std::string snapshot = "models--x/snapshots/abc";
  std::filesystem::create_directories(cache.path(snapshot));
  std::filesystem::create_directories(cache.path("models--x/blobs"));
  for (const char* name : {"1.safetensors", "2.safetensors", "model.safetensors.index.json"}) {
    std::filesystem::copy_file(folder_.path(name),
                               cache.path(std::string("models--x/blobs/hash-of-") + name));
    std::filesystem::create_symlink(std::string("../../blobs/hash-of-") + name,
                                    cache.path(snapshot + "/" + name));
  }
  const auto weights = open_safetensors_folder(cache.path(snapshot));
  ASSERT_TRUE(weights) << weights.error().message;
  EXPECT_EQ(weights->tensors().size(), 2u);
}

TEST_F(Shards, MustMatchTheIndex) {
  write_index(R"({"a":"1.safetensors","b":"3.safetensors"})");
  EXPECT_THAT(refusal(), HasSubstr("'3.safetensors', which is not in the folder"));
  write_index(R"({"a":"1.safetensors","b":"2.safetensors","c":"2.safetensors"})");
  EXPECT_THAT(refusal(), HasSubstr("tensor 'c' is not in its shard"));
  write_index(R"({"a":"2.safetensors","b":"1.safetensors"})");
  EXPECT_THAT(refusal(), HasSubstr("belongs into"));
  write_index(R"({"a":"1.safetensors"})");
  EXPECT_EQ(refusal(), "accepted");  // the second file is not the index's business
  write_index(R"({"a":"1.safetensors","a":"2.safetensors","b":"2.safetensors"})");
  EXPECT_THAT(refusal(), HasSubstr("twice"));
  write_index(R"({"a":"1.safetensors","b":2})");
  EXPECT_THAT(refusal(), HasSubstr("is not a string"));
  write_index("{}");
  EXPECT_THAT(refusal(), HasSubstr("names no tensor"));
  write_index("[]");
  EXPECT_THAT(refusal(), HasSubstr("must be an object"));
  SetUp();
  write_shard("2.safetensors", "a");
  EXPECT_THAT(refusal(), HasSubstr("tensor 'a' is also in"));
  write_shard("2.safetensors", "c");
  EXPECT_THAT(refusal(), HasSubstr("tensor 'c' is not in the index"));
  write_shard("2.safetensors", "b");
  EXPECT_EQ(refusal(), "accepted");
}

}  // namespace
}  // namespace penfield::formats
