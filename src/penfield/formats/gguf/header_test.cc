#include "penfield/formats/gguf/header.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "penfield/formats/gguf/gguf_for_tests.h"

namespace penfield::formats {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::uint64_t kHuge = ~std::uint64_t{0};

std::string refusal(std::string_view bytes) {
  const auto header = parse_gguf(std::as_bytes(std::span(bytes)), "m.gguf");
  if (header) return "accepted";
  EXPECT_EQ(header.error().kind, ErrorKind::kBadInput);
  EXPECT_THAT(header.error().message, HasSubstr("m.gguf: "));
  EXPECT_EQ(header.error().message.find('\n'), std::string::npos);
  return header.error().message;
}
std::string refusal(const GgufBytes& file) {
  return refusal(file.bytes());
}
// Of a file with one pair.
std::string refusal_of_value(std::string_view type_and_value, std::string_view key = "k") {
  GgufBytes file;
  file.pairs = {{std::string(key), std::string(type_and_value)}};
  return refusal(file.header().append(64, '\0'));
}
// Of a file with one tensor of the given dimensions, type and offset over 64 bytes.
std::string refusal_of_tensor(std::vector<std::uint64_t> dims, std::uint32_t type = 0,
                              std::uint64_t offset = 0) {
  GgufBytes file;
  file.tensors = {{"t", std::move(dims), type, offset}};
  file.data = std::string(64, '\0');
  return refusal(file);
}

TEST(GgufHeader, GivesTensorsWithTheFastestAxisLast) {
  for (const std::uint32_t version : {2u, 3u}) {
    GgufBytes file = small_gguf();
    file.version = version;
    const std::string bytes = file.bytes();
    const auto header = parse_gguf(std::as_bytes(std::span(bytes)), "m.gguf");
    ASSERT_TRUE(header) << header.error().message;
    ASSERT_EQ(header->tensors.size(), 3u);
    const Tensor& up = header->tensors[0];
    EXPECT_EQ(up.name, "blk.0.ffn_up.weight");
    EXPECT_EQ(up.dtype, Dtype::kQ4_0);
    EXPECT_THAT(up.shape, ElementsAre(1, 64));
    EXPECT_EQ(up.bytes.size(), 36u);
    EXPECT_EQ(up.n_values(), 64u);
    EXPECT_EQ(up.bytes.front(), std::byte{1});
    EXPECT_EQ(header->tensors[1].name, "output_norm.weight");
    EXPECT_EQ(header->tensors[1].bytes.front(), std::byte{0x3c});
    EXPECT_THAT(header->tensors[2].shape, ElementsAre(3, 2));
    EXPECT_EQ(header->tensors[2].file, "m.gguf");
  }
}

TEST(GgufHeader, TakesItsOwnAlignment) {
  GgufBytes file;
  file.alignment = 8;
  file.pairs = {{"general.alignment", gguf_u32(8)}};
  file.add("a", {3}, 0, std::string(12, '\x01'));
  file.add("b", {1}, 0, "abcd");
  EXPECT_EQ(file.tensors[1].offset, 16u);
  EXPECT_EQ(refusal(file), "accepted");
  for (const std::uint32_t alignment : {0u, 7u, 12u, 1u << 31}) {
    file.pairs = {{"general.alignment", gguf_u32(alignment)}};
    EXPECT_THAT(refusal(file), HasSubstr("key 'general.alignment'")) << alignment;
  }
  file.pairs = {{"general.alignment", gguf_text("8")}};
  EXPECT_THAT(refusal(file), HasSubstr("its type is string"));
}

TEST(GgufHeader, MustBeOfAKnownVersion) {
  GgufBytes file = small_gguf();
  for (const std::uint32_t version : {0x02000000u, 0x03000000u}) {
    file.version = version;
    EXPECT_THAT(refusal(file), HasSubstr("big-endian"));
  }
  for (const std::uint32_t version : {1u, 4u, 0x01020304u}) {
    file.version = version;
    EXPECT_THAT(refusal(file), HasSubstr("GGUF version ")) << version;
  }
  file = small_gguf();
  file.magic = "GGML";
  EXPECT_THAT(refusal(file), HasSubstr("not a GGUF file"));
  EXPECT_THAT(refusal(""), HasSubstr("not a GGUF file"));
}

// Cut short anywhere, the header is refused; so are the data, but for nothing being left of the padding.
TEST(GgufHeader, CutAtAnyByteIsRefused) {
  const std::string bytes = small_gguf().bytes();
  for (std::size_t n = 0; n < bytes.size(); ++n) {
    EXPECT_NE(refusal(std::string_view(bytes).substr(0, n)), "accepted") << n;
  }
  EXPECT_EQ(refusal(bytes), "accepted");
}

TEST(GgufHeader, CountsBeyondTheFileAreRefusedWithoutMemory) {
  GgufBytes file = small_gguf();
  for (const std::uint64_t more : {kHuge / 2, std::uint64_t{1} << 40, std::uint64_t{1000}}) {
    file.more_pairs = more;
    file.more_tensors = 0;
    EXPECT_THAT(refusal(file), HasSubstr("key-value pairs are more than"));
    file.more_pairs = 0;
    file.more_tensors = more;
    EXPECT_THAT(refusal(file), HasSubstr("tensors are more than"));
  }
  for (const std::uint32_t type : {0u, 5u, 8u, 9u, 12u}) {
    for (const std::uint64_t n : {std::uint64_t{1} << 40, kHuge, kHuge / 4}) {
      EXPECT_THAT(refusal_of_value(gguf_array(type, n, "")), HasSubstr("key 'k': an array of")) << type;
    }
  }
  EXPECT_THAT(refusal_of_value(gguf_number<std::uint32_t>(8) + gguf_number(std::uint64_t{1} << 63)),
              HasSubstr("key 'k' at byte"));
}

TEST(GgufHeader, ValuesKeepToTheirTypes) {
  EXPECT_THAT(refusal_of_value(gguf_number<std::uint32_t>(13) + "x"),
              HasSubstr("key 'k': the type 13 is unknown"));
  EXPECT_THAT(refusal_of_value(gguf_number<std::uint32_t>(7) + "\x02"), HasSubstr("key 'k': a bool is 2"));
  EXPECT_THAT(refusal_of_value(gguf_array(7, 2, "\x01\x7f")), HasSubstr("key 'k': a bool is 127"));
  EXPECT_THAT(refusal_of_value(gguf_array(99, 1, "x")), HasSubstr("the type 99 is unknown"));
}

TEST(GgufHeader, ArraysAreNestedToADepth) {
  const auto nested = [](unsigned depth) {
    std::string value = gguf_number<std::uint32_t>(9);
    for (unsigned i = 1; i < depth; ++i)
      value += gguf_number<std::uint32_t>(9) + gguf_number<std::uint64_t>(1);
    return value + gguf_number<std::uint32_t>(0) + gguf_number<std::uint64_t>(1) + "x";
  };
  EXPECT_THAT(refusal_of_value(nested(8)), HasSubstr("bytes follow the last tensor"));  // read to the end
  EXPECT_THAT(refusal_of_value(nested(9)), HasSubstr("key 'k': arrays are nested more than 8 deep"));
  EXPECT_THAT(refusal_of_value(nested(1000)), HasSubstr("arrays are nested more than 8 deep"));
}

TEST(GgufHeader, KeysAreUniqueAndPrintable) {
  GgufBytes file = small_gguf();
  file.pairs.push_back({"a.u32", gguf_text("again")});
  EXPECT_THAT(refusal(file), HasSubstr("the key 'a.u32' is given twice"));
  EXPECT_THAT(refusal_of_value(gguf_u32(1), ""), HasSubstr("a key is empty"));
  EXPECT_THAT(refusal_of_value(gguf_u32(1), "a b"), HasSubstr("not printable"));
  EXPECT_THAT(refusal_of_value(gguf_u32(1), "a\n"), HasSubstr("key 'a\\x0a'"));
  EXPECT_THAT(refusal_of_value(gguf_u32(1), std::string(65536, 'a')), HasSubstr("has 65536 bytes"));
}

TEST(GgufHeader, TensorsAreUniqueAndNamed) {
  GgufBytes file = small_gguf();
  file.add("output_norm.weight", {1}, 0, "abcd");
  EXPECT_THAT(refusal(file), HasSubstr("tensor 'output_norm.weight': it is in the file twice"));
  file = small_gguf();
  file.add("", {1}, 0, "abcd");
  EXPECT_THAT(refusal(file), HasSubstr("its name has 0 bytes"));
  file = small_gguf();
  file.add(std::string(65, 'n'), {1}, 0, "abcd");
  EXPECT_THAT(refusal(file), HasSubstr("its name has 65 bytes"));
}

TEST(GgufHeader, DimensionsFitTheFile) {
  EXPECT_EQ(refusal_of_tensor({16}), "accepted");
  EXPECT_EQ(refusal_of_tensor({2, 2, 2, 2}), "accepted");
  EXPECT_THAT(refusal_of_tensor({}), HasSubstr("tensor 't': it has 0 dimensions"));
  EXPECT_THAT(refusal_of_tensor({1, 1, 1, 1, 16}), HasSubstr("it has 5 dimensions"));
  EXPECT_THAT(refusal_of_tensor({16, 0}), HasSubstr("one of its dimensions is 0"));
  EXPECT_THAT(refusal_of_tensor({1u << 31, 1u << 31, 16}), HasSubstr("more values than a file can hold"));
  EXPECT_THAT(refusal_of_tensor({std::uint64_t{1} << 62}), HasSubstr("more values than a file can hold"));
  EXPECT_THAT(refusal_of_tensor({kHuge}), HasSubstr("more values than a file can hold"));
  EXPECT_THAT(refusal_of_tensor({17}), HasSubstr("it is incomplete"));
  EXPECT_THAT(refusal_of_tensor({48}, 2),
              HasSubstr("its rows of 48 values are not a whole number of blocks of 32 (type Q4_0)"));
  EXPECT_THAT(refusal_of_tensor({128}, 12), HasSubstr("not a whole number of blocks of 256 (type Q4_K)"));
}

TEST(GgufHeader, TensorTypesAreKnown) {
  for (const std::uint32_t type : {4u, 5u, 31u, 43u, 4000000000u}) {
    EXPECT_THAT(refusal_of_tensor({16}, type), HasSubstr("tensor 't': its type")) << type;
    EXPECT_THAT(refusal_of_tensor({16}, type), HasSubstr("is unknown")) << type;
  }
  EXPECT_THAT(refusal_of_tensor({256}, 17), HasSubstr("its type IQ2_XS is not supported"));
}

TEST(GgufHeader, DataLieWhereTheDirectorySays) {
  EXPECT_THAT(refusal_of_tensor({8}, 0, 16),
              HasSubstr("tensor 't': its data begin at 16, which is not a multiple of 32"));
  EXPECT_THAT(refusal_of_tensor({8}, 0, 32),
              HasSubstr("tensor 't': the 32 bytes before its data belong to no tensor"));
  EXPECT_THAT(refusal_of_tensor({8}, 0, 64), HasSubstr("it is incomplete"));
  EXPECT_THAT(refusal_of_tensor({8}, 0, kHuge - 31), HasSubstr("it is incomplete"));
  EXPECT_THAT(refusal_of_tensor({8}), HasSubstr("32 bytes follow the last tensor 't'"));
  GgufBytes file = small_gguf();
  file.tensors[1].offset = 0;
  EXPECT_THAT(refusal(file), HasSubstr("overlap"));
  file = small_gguf();
  file.data.append(64, '\0');
  EXPECT_THAT(refusal(file), HasSubstr("bytes follow the last tensor 'output_norm.weight'"));
}

// The padding behind the last tensor may be there, or not.
TEST(GgufHeader, TheLastTensorMayBePadded) {
  GgufBytes file = small_gguf();
  file.data.resize(file.tensors.back().offset + 32);
  EXPECT_EQ(refusal(file), "accepted");
}

// Damage of any one byte is refused or changes what is read, but is never followed out of the file: for the
// sanitizers.
TEST(GgufHeader, EveryFlippedByteIsReadSafely) {
  const std::string bytes = small_gguf().bytes();
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    for (const int mask : {0x01, 0x80, 0xff}) {
      std::string damaged = bytes;
      damaged[at] = static_cast<char>(damaged[at] ^ mask);
      const auto header = parse_gguf(std::as_bytes(std::span(damaged)), "m.gguf");
      if (!header) continue;
      for (const GgufEntry& entry : header->metadata.entries()) {
        (void)header->metadata.find_strings(entry.key);
        (void)header->metadata.find_i64s(entry.key);
        (void)header->metadata.find_f32s(entry.key);
        (void)header->metadata.find_bools(entry.key);
        (void)header->metadata.find_i64(entry.key);
      }
      for (const Tensor& tensor : header->tensors) {
        EXPECT_LE(tensor.bytes.data() + tensor.bytes.size() - std::as_bytes(std::span(damaged)).data(),
                  static_cast<std::ptrdiff_t>(damaged.size()));
      }
    }
  }
}

}  // namespace
}  // namespace penfield::formats
