#include "penfield/hub/needed_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

namespace penfield::hub {
namespace {

using testing::ElementsAre;

HasFile files(std::set<std::string, std::less<>> names) {
  return [names = std::move(names)](std::string_view name) { return names.contains(name); };
}

TEST(NeededFiles, ATokenizerIsOneFileOrTwo) {
  EXPECT_TRUE(has_tokenizer(files({"tokenizer.json"})));
  EXPECT_TRUE(has_tokenizer(files({"vocab.json", "merges.txt"})));
  EXPECT_FALSE(has_tokenizer(files({"vocab.json", "tokenizer.model"})));
}

TEST(NeededFiles, SmallFilesAreThoseThatAreThere) {
  EXPECT_THAT(small_files(files({"merges.txt", "README.md", "tokenizer_config.json", "model.safetensors"})),
              ElementsAre("tokenizer_config.json", "merges.txt"));
}

TEST(NeededFiles, AGgufFileInPartsIsAllOfThem) {
  EXPECT_THAT(gguf_series("q/m-00002-of-00003.gguf"),
              ElementsAre("q/m-00001-of-00003.gguf", "q/m-00002-of-00003.gguf", "q/m-00003-of-00003.gguf"));
  for (const char* alone :
       {"m.gguf", "m-00001-of-00001.gguf", "m-00004-of-00003.gguf", "m-00000-of-00003.gguf",
        "m-0001-of-0003.gguf", "-00001-of-00002.txt", "00001-of-00002.gguf", "m_00001-of-00002.gguf"}) {
    EXPECT_THAT(gguf_series(alone), ElementsAre(alone));
  }
  EXPECT_TRUE(is_gguf("m.GGUF"));
  EXPECT_FALSE(is_gguf(".gguf"));
  EXPECT_FALSE(is_gguf("m.gguf.part"));
}

TEST(NeededFiles, ShardsAreNamedOnce) {
  const auto index = nlohmann::json::parse(
      R"({"weight_map": {"x": "b.safetensors", "y": "a.safetensors", "z": "b.safetensors"}})");
  EXPECT_THAT(shards_of(index, "index").value(), ElementsAre("a.safetensors", "b.safetensors"));
  for (const char* text : {R"({})", R"([])", R"({"weight_map": {}})", R"({"weight_map": ["a.safetensors"]})",
                           R"({"weight_map": {"x": 1}})", R"({"weight_map": {"x": "../a.safetensors"}})",
                           R"({"weight_map": {"x": "a.bin"}})"}) {
    EXPECT_EQ(shards_of(nlohmann::json::parse(text), "index").error().kind, ErrorKind::kBadInput) << text;
  }
}

}  // namespace
}  // namespace penfield::hub
