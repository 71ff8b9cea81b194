#include "penfield/formats/gguf/metadata.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "penfield/formats/gguf/gguf_for_tests.h"
#include "penfield/formats/gguf/header.h"

namespace penfield::formats {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Optional;

class Metadata : public testing::Test {
 protected:
  void SetUp() override {
    auto header = parse_gguf(std::as_bytes(std::span(bytes_)), "m.gguf");
    ASSERT_TRUE(header) << header.error().message;
    metadata_ = std::move(header->metadata);
  }
  std::string bytes_ = small_gguf().bytes();
  GgufMetadata metadata_;
};

TEST_F(Metadata, GivesValuesByKeyAndType) {
  EXPECT_THAT(*metadata_.find_string("general.architecture"), Optional(std::string_view("llama")));
  EXPECT_THAT(*metadata_.find_bool("a.bool"), Optional(true));
  EXPECT_THAT(*metadata_.find_f32("a.f32"), Optional(1.5f));
  EXPECT_THAT(*metadata_.find_f32("a.f64"), Optional(0.1f));
  EXPECT_THAT(**metadata_.find_strings("a.strings"), ElementsAre("x", "", "yz"));
  EXPECT_THAT(**metadata_.find_bools("a.bools"), ElementsAre(false, true));
  EXPECT_THAT(**metadata_.find_i64s("a.i32s"), ElementsAre(7, -8));
  EXPECT_THAT(**metadata_.find_f32s("a.f32s"), ElementsAre(2.5f));
  EXPECT_EQ(*metadata_.string("general.architecture"), "llama");
  EXPECT_EQ(*metadata_.f32("a.f32"), 1.5f);
  EXPECT_THAT(*metadata_.strings("a.strings"), ElementsAre("x", "", "yz"));
  EXPECT_THAT(*metadata_.bools("a.bools"), ElementsAre(false, true));
  EXPECT_THAT(*metadata_.i64s("a.i32s"), ElementsAre(7, -8));
  EXPECT_THAT(*metadata_.f32s("a.f32s"), ElementsAre(2.5f));
  EXPECT_EQ(metadata_.find("a.nested")->n_elements, 2u);
}

TEST_F(Metadata, TakesIntegersOfEveryWidth) {
  EXPECT_THAT(*metadata_.find_u32("a.u8"), Optional(255u));
  EXPECT_THAT(*metadata_.find_u32("a.u16"), Optional(65535u));
  EXPECT_THAT(*metadata_.find_u32("a.u32"), Optional(4000000000u));
  EXPECT_THAT(*metadata_.find_i64("a.i8"), Optional(-1));
  EXPECT_THAT(*metadata_.find_i64("a.i16"), Optional(-2));
  EXPECT_THAT(*metadata_.find_i64("a.i32"), Optional(-3));
  EXPECT_THAT(*metadata_.find_i64("a.i64"), Optional(-4));
  EXPECT_THAT(metadata_.find_u32("a.i64").error().message,
              HasSubstr("m.gguf: key 'a.i64': -4 is not between 0 and 2^32 - 1"));
  EXPECT_THAT(metadata_.find_i64("a.u64").error().message, HasSubstr("18446744073709551615 is too large"));
}

TEST_F(Metadata, AnAbsentKeyIsNoErrorUnlessItIsRequired) {
  EXPECT_EQ(*metadata_.find_string("b"), std::nullopt);
  EXPECT_EQ(*metadata_.find_bool("b"), std::nullopt);
  EXPECT_EQ(*metadata_.find_u32("b"), std::nullopt);
  EXPECT_EQ(*metadata_.find_i64("b"), std::nullopt);
  EXPECT_EQ(*metadata_.find_f32("b"), std::nullopt);
  EXPECT_FALSE(metadata_.find_strings("b")->has_value());
  EXPECT_FALSE(metadata_.find_bools("b")->has_value());
  EXPECT_FALSE(metadata_.find_i64s("b")->has_value());
  EXPECT_FALSE(metadata_.find_f32s("b")->has_value());
  EXPECT_EQ(metadata_.u32("b").error().message, "m.gguf: the key 'b' is missing");
  EXPECT_FALSE(metadata_.strings("b"));
}

TEST_F(Metadata, AnotherTypeIsAnErrorThatNamesBoth) {
  EXPECT_EQ(metadata_.find_string("a.u32").error().message,
            "m.gguf: key 'a.u32': its type is u32, but must be string");
  EXPECT_EQ(metadata_.find_u32("a.f32").error().message,
            "m.gguf: key 'a.f32': its type is f32, but must be an integer");
  EXPECT_EQ(metadata_.find_f32s("a.i32s").error().message,
            "m.gguf: key 'a.i32s': its type is array of i32, but must be array of f32 or f64");
  EXPECT_FALSE(metadata_.find_bool("a.u8"));
  EXPECT_FALSE(metadata_.find_f32("a.i32"));
  EXPECT_FALSE(metadata_.find_strings("a.nested"));
  EXPECT_FALSE(metadata_.find_bools("a.bool"));
  EXPECT_FALSE(metadata_.find_i64s("a.strings"));
  EXPECT_FALSE(metadata_.find_i64s("a.u32"));
}

TEST(MetadataNumbers, MustBeFiniteWhereOneIsWanted) {
  GgufBytes file;
  file.pairs = {{"a", gguf_number<std::uint32_t>(6) + gguf_number(0x7f800000u)},
                {"b", gguf_number<std::uint32_t>(12) + gguf_number(1e300)},
                {"c", gguf_array(10, 1, gguf_number(~std::uint64_t{0}))}};
  const std::string bytes = file.bytes();
  const auto header = parse_gguf(std::as_bytes(std::span(bytes)), "m.gguf");
  ASSERT_TRUE(header);
  EXPECT_THAT(header->metadata.find_f32("a").error().message, HasSubstr("key 'a': NaN or infinite"));
  EXPECT_FALSE(header->metadata.find_f32("b"));
  EXPECT_THAT(header->metadata.find_i64s("c").error().message, HasSubstr("element 0"));
}

}  // namespace
}  // namespace penfield::formats
