#include "penfield/formats/safetensors_header.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include "penfield/formats/safetensors_for_tests.h"

namespace penfield::formats {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string refusal(std::string_view bytes) {
  const auto tensors = parse_safetensors(std::as_bytes(std::span(bytes)), "w.safetensors");
  if (tensors) return "accepted";
  EXPECT_EQ(tensors.error().kind, ErrorKind::kBadInput);
  EXPECT_THAT(tensors.error().message, testing::StartsWith("w.safetensors: "));
  EXPECT_THAT(tensors.error().message, Not(HasSubstr("\n")));
  EXPECT_LT(tensors.error().message.size(), 400u);
  return tensors.error().message;
}

TEST(SafetensorsHeader, AFileWithoutTensorsIsOne) {
  EXPECT_EQ(refusal(file_of("{}", "")), "accepted");
}

TEST(SafetensorsHeader, LengthIsCheckedBeforeAnythingElse) {
  EXPECT_THAT(refusal(""), HasSubstr("0 bytes are too few"));
  EXPECT_THAT(refusal(std::string(7, '\0')), HasSubstr("7 bytes are too few"));
  EXPECT_THAT(refusal(std::string(8, '\0')), HasSubstr("does not begin with '{'"));
  EXPECT_THAT(refusal(file_of("{}", "", ~std::uint64_t{0})), HasSubstr("18446744073709551615"));
  EXPECT_THAT(refusal(file_of("{}", "", 100'000'001)), HasSubstr("longer than the format allows"));
  EXPECT_THAT(refusal(file_of("{}", "", 100'000'000)), HasSubstr("only 2 follow"));
  EXPECT_THAT(refusal(file_of("{}", "", 3)), HasSubstr("only 2 follow"));
}

TEST(SafetensorsHeader, IsOneStrictDocument) {
  const std::string good = R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})";
  const std::string data(8, '\0');
  EXPECT_EQ(refusal(file_of(good, data)), "accepted");
  EXPECT_THAT(refusal(file_of(" " + good, data)), HasSubstr("begin with '{'"));
  EXPECT_THAT(refusal(file_of("[" + good + "]", data)), HasSubstr("begin with '{'"));
  EXPECT_THAT(refusal(file_of(good + std::string(1, '\0'), data)), HasSubstr("NUL"));
  EXPECT_THAT(refusal(file_of(good + ",", data)), HasSubstr("not valid JSON"));
  EXPECT_THAT(refusal(file_of(good + good, data)), HasSubstr("not valid JSON"));
  EXPECT_THAT(refusal(file_of("{\"\xff\":{}}", data)), HasSubstr("not valid JSON"));
  EXPECT_THAT(refusal(file_of(std::string(100'000, '['), "")), HasSubstr("begin with '{'"));
  EXPECT_THAT(refusal(file_of("{\"a\":" + std::string(100'000, '['), "")), HasSubstr("tensor 'a'"));
}

TEST(SafetensorsHeader, NoKeyStandsTwice) {
  const std::string entry = R"({"dtype":"F32","shape":[1],"data_offsets":[0,4]})";
  const std::string second = R"({"dtype":"F32","shape":[1],"data_offsets":[4,8]})";
  const std::string data(8, '\0');
  EXPECT_THAT(refusal(file_of("{\"a\":" + entry + ",\"a\":" + second + "}", data)),
              HasSubstr("'a': its key stands twice"));
  EXPECT_THAT(refusal(file_of("{\"a\":" + entry + ",\"\\u0061\":" + second + "}", data)),
              HasSubstr("stands twice"));
  EXPECT_THAT(refusal(one_tensor(R"({"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]})")),
              HasSubstr("twice"));
  EXPECT_THAT(refusal(one_tensor(R"({"dtype":"F32","shape":[2],"\u0073hape":[2],"data_offsets":[0,8]})")),
              HasSubstr("twice"));
  EXPECT_THAT(refusal(file_of(R"({"__metadata__":{},"__metadata__":{}})", "")), HasSubstr("twice"));
  EXPECT_THAT(refusal(file_of(R"({"__metadata__":{"k":"1","\u006b":"2"}})", "")),
              HasSubstr("'k' stands twice"));
}

TEST(SafetensorsHeader, MetadataMapsStringsToStrings) {
  for (const char* metadata :
       {"1", "\"x\"", "null", "[]", R"({"a":1})", R"({"a":null})", R"({"a":{}})", R"({"a":[]})"}) {
    EXPECT_NE(refusal(file_of(fmt::format(R"({{"__metadata__":{}}})", metadata), "")), "accepted")
        << metadata;
  }
  EXPECT_EQ(refusal(file_of(R"({"__metadata__":{}})", "")), "accepted");
}

TEST(SafetensorsHeader, AnEntryHasItsThreeFieldsAndNoOther) {
  for (const char* entry : {"{}", "null", "1", "\"x\"", "[]", R"({"shape":[2],"data_offsets":[0,8]})",
                            R"({"dtype":"F32","data_offsets":[0,8]})", R"({"dtype":"F32","shape":[2]})",
                            R"({"dtype":"F32","shape":[2],"data_offsets":[0,8],"x":1})",
                            R"({"dtype":"F31","shape":[2],"data_offsets":[0,8]})",
                            R"({"dtype":"f32","shape":[2],"data_offsets":[0,8]})",
                            R"({"dtype":1,"shape":[2],"data_offsets":[0,8]})",
                            R"({"dtype":["F32"],"shape":[2],"data_offsets":[0,8]})",
                            R"({"dtype":{},"shape":[2],"data_offsets":[0,8]})",
                            R"({"dtype":"F32","shape":2,"data_offsets":[0,8]})",
                            R"({"dtype":"F32","shape":null,"data_offsets":[0,8]})",
                            R"({"dtype":"F32","shape":[[2]],"data_offsets":[0,8]})",
                            R"({"dtype":"F32","shape":["2"],"data_offsets":[0,8]})",
                            R"({"dtype":"F32","shape":[{}],"data_offsets":[0,8]})"}) {
    EXPECT_THAT(refusal(one_tensor(entry)), HasSubstr("tensor 'a'")) << entry;
  }
}

TEST(SafetensorsHeader, NumbersArePlainUnsignedIntegers) {
  for (const char* shape : {"[-1]", "[1.0]", "[2e0]", "[18446744073709551616]", "[-0]", "[true]", "[null]"}) {
    EXPECT_THAT(
        refusal(one_tensor(fmt::format(R"({{"dtype":"F32","shape":{},"data_offsets":[0,8]}})", shape))),
        HasSubstr("tensor 'a'"))
        << shape;
  }
  for (const char* offsets :
       {"[0]", "[]", "[0,4,8]", "[8,0]", "[0,-8]", "[0.0,8]", "[0,18446744073709551616]", "\"0\"", "{}"}) {
    EXPECT_THAT(
        refusal(one_tensor(fmt::format(R"({{"dtype":"F32","shape":[2],"data_offsets":{}}})", offsets))),
        HasSubstr("tensor 'a'"))
        << offsets;
  }
}

TEST(SafetensorsHeader, SizesAreComputedWithoutOverflow) {
  const auto with_shape = [](std::string_view shape) {
    return refusal(one_tensor(fmt::format(R"({{"dtype":"F32","shape":{},"data_offsets":[0,8]}})", shape)));
  };
  EXPECT_EQ(with_shape("[2]"), "accepted");
  EXPECT_EQ(with_shape("[1,2,1,1,1,1,1,1]"), "accepted");
  EXPECT_THAT(with_shape("[1,2,1,1,1,1,1,1,1]"), HasSubstr("more than 8 axes"));
  EXPECT_THAT(with_shape("[4611686018427387904]"), HasSubstr("more values than"));  // 2^62
  EXPECT_THAT(with_shape("[4611686018427387906]"), HasSubstr("more values than"));  // · 4 = 8, mod 2^64
  EXPECT_THAT(with_shape("[4294967296,4294967296]"), HasSubstr("more values than"));
  EXPECT_THAT(with_shape("[3]"), HasSubstr("need 12 bytes, its data_offsets give 8"));
  EXPECT_THAT(with_shape("[]"), HasSubstr("need 4 bytes"));
  EXPECT_THAT(refusal(file_of(R"({"a":{"dtype":"F4","shape":[3],"data_offsets":[0,1]}})", "x")),
              HasSubstr("whole bytes"));
  EXPECT_EQ(refusal(file_of(R"({"a":{"dtype":"F4","shape":[2],"data_offsets":[0,1]}})", "x")), "accepted");
  EXPECT_EQ(refusal(file_of(R"({"a":{"dtype":"F6_E2M3","shape":[4],"data_offsets":[0,3]}})", "xyz")),
            "accepted");
}

TEST(SafetensorsHeader, TensorsCoverTheDataExactly) {
  const auto two = [](std::string_view a, std::string_view b, std::size_t n_data) {
    return refusal(file_of(fmt::format(R"({{"a":{{"dtype":"U8","shape":[4],"data_offsets":{}}},)"
                                       R"("b":{{"dtype":"U8","shape":[4],"data_offsets":{}}}}})",
                                       a, b),
                           std::string(n_data, 'x')));
  };
  EXPECT_EQ(two("[0,4]", "[4,8]", 8), "accepted");
  EXPECT_EQ(two("[4,8]", "[0,4]", 8), "accepted");
  EXPECT_THAT(two("[0,4]", "[3,7]", 7), HasSubstr("tensor 'b': its data at byte 3 overlap"));
  EXPECT_THAT(two("[0,4]", "[0,4]", 4), HasSubstr("overlap"));
  EXPECT_THAT(two("[0,4]", "[5,9]", 9), HasSubstr("tensor 'b': the 1 bytes before"));
  EXPECT_THAT(two("[1,5]", "[5,9]", 9), HasSubstr("tensor 'a': the 1 bytes before"));
  EXPECT_THAT(two("[0,4]", "[4,8]", 9), HasSubstr("1 bytes follow the last tensor 'b'"));
  EXPECT_THAT(two("[0,4]", "[4,8]", 7),
              HasSubstr("tensor 'b': its data end at byte 8, but the file holds 7"));
  EXPECT_THAT(refusal(file_of("{}", "x")), HasSubstr("1 bytes follow"));
}

TEST(SafetensorsHeader, HostileNamesStayOnOneLine) {
  EXPECT_THAT(refusal(file_of(R"({"a\n\u001b[31m":{"dtype":"U8","shape":[1],"data_offsets":[0,2]}})", "xx")),
              HasSubstr("tensor 'a\\x0a\\x1b[31m'"));
  EXPECT_THAT(refusal(file_of("{\"" + std::string(1'000'000, 'n') + "\":1}", "")), HasSubstr("…"));
}

TEST(SafetensorsHeader, EveryCutIsRefused) {
  const std::string whole =
      file_of(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})", bytes_of({1.0f, 2.0f}));
  EXPECT_EQ(refusal(whole), "accepted");
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_NE(refusal(whole.substr(0, size)), "accepted") << size;
  EXPECT_NE(refusal(whole + "x"), "accepted");
}

TEST(SafetensorsHeader, AMillionTensorsInBoundedTimeAndMemory) {
  std::string header = "{";
  constexpr std::size_t kTensors = 1'000'000;
  // The places run against the names, so that neither sort finds its input sorted.
  for (std::size_t i = 0; i < kTensors; ++i) {
    const std::size_t at = (i * 7919) % kTensors;
    header += fmt::format(R"({}"t{}":{{"dtype":"U8","shape":[1],"data_offsets":[{},{}]}})", i == 0 ? "" : ",",
                          i, at, at + 1);
  }
  header += '}';
  const std::string bytes = file_of(header, std::string(kTensors, 'x'));
  rusage before{}, after{};
  ::getrusage(RUSAGE_SELF, &before);
  const auto tensors = parse_safetensors(std::as_bytes(std::span(bytes)), "w.safetensors");
  ::getrusage(RUSAGE_SELF, &after);
  ASSERT_TRUE(tensors) << tensors.error().message;
  EXPECT_EQ(tensors->size(), kTensors);
  EXPECT_LT(after.ru_utime.tv_sec - before.ru_utime.tv_sec,
            60);  // about 1 s; the bound leaves room for sanitizers
  EXPECT_LT(after.ru_maxrss - before.ru_maxrss, 2'000'000);  // KiB
}

}  // namespace
}  // namespace penfield::formats
