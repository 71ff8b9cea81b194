#include "penfield/formats/npy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "penfield/formats/npy_header.h"
#include "penfield/formats/scratch_folder_for_tests.h"

namespace penfield::formats {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

template <class... T>
std::string bytes_of(T... values) {
  std::string out;
  (out.append(reinterpret_cast<const char*>(&values), sizeof values), ...);
  return out;
}

// A file with the dictionary as given and no padding, of any version.
std::string npy(std::string_view dictionary, std::string_view values, char major = 1) {
  std::string out = "\x93NUMPY";
  out += major;
  out += '\0';
  const std::size_t n_length_bytes = major == 1 ? 2 : 4;
  for (std::size_t i = 0; i < n_length_bytes; ++i)
    out += static_cast<char>(dictionary.size() >> (8 * i) & 0xff);
  return out.append(dictionary).append(values);
}

std::string refusal(const std::string& bytes) {
  const ScratchFolder folder;
  const auto file = NpyFile::open(folder.write("a.npy", bytes));
  if (file) return "accepted";
  EXPECT_EQ(file.error().kind, ErrorKind::kBadInput);
  EXPECT_THAT(file.error().message, StartsWith(folder.path("a.npy") + ": "));
  return file.error().message;
}

TEST(NpyHeader, IsThatOfNumpy) {
  // numpy.save of float32 [2, 3], [5] and a scalar, NumPy 1.24.
  const std::uint64_t matrix[] = {2, 3};
  EXPECT_EQ(npy_header("'<f4'", matrix), std::string("\x93NUMPY\1\0\x76\0", 10) +
                                             "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }" +
                                             std::string(58, ' ') + "\n");
  const std::uint64_t vector[] = {5};
  EXPECT_EQ(npy_header("'<f4'", vector), std::string("\x93NUMPY\1\0\x76\0", 10) +
                                             "{'descr': '<f4', 'fortran_order': False, 'shape': (5,), }" +
                                             std::string(60, ' ') + "\n");
  EXPECT_EQ(npy_header("'<f4'", {}).substr(10, 55),
            "{'descr': '<f4', 'fortran_order': False, 'shape': (), }");
}

TEST(NpyHeader, GrowsTo2Point0) {
  const std::uint64_t shape[] = {7};
  for (const std::size_t size :
       {std::size_t{65'000}, std::size_t{65'450}, std::size_t{65'500}, std::size_t{70'000}}) {
    const std::string header = npy_header("'" + std::string(size, 'x') + "'", shape);
    EXPECT_EQ(header.size() % 64, 0u);
    EXPECT_EQ(header[6], header.size() <= 65'536 ? 1 : 2);
    const auto parsed = parse_npy_header(header, "a.npy");
    ASSERT_TRUE(parsed) << parsed.error().message;
    EXPECT_EQ(parsed->n_bytes, header.size());
    EXPECT_EQ(parsed->descr.size(), size);
    EXPECT_THAT(parsed->shape, ElementsAre(7));
  }
}

TEST(NpyFile, ReadsEveryDtype) {
  const struct {
    const char* descr;
    const char* name;
    std::string values;
    double first;
  } cases[] = {
      {"<f2", "float16", std::string("\x00\xbe\x00\x40", 4), -1.5},
      {"<f4", "float32", bytes_of(-1.5f, 2.0f), -1.5},
      {"<f8", "float64", bytes_of(-1.25, 2.0), -1.25},
      {"|i1", "int8", "\xff\x02", -1},
      {"<i1", "int8", "\xff\x02", -1},
      {"|u1", "uint8", "\xff\x02", 255},
      {"|b1", "bool", std::string("\1\0", 2), 1},
      {"<i2", "int16", bytes_of(std::int16_t{-300}, std::int16_t{2}), -300},
      {"<i4", "int32", bytes_of(-70'000, 2), -70'000},
      {"<i8", "int64", bytes_of(std::int64_t{-5'000'000'000}, std::int64_t{2}), -5e9},
      {"<u2", "uint16", bytes_of(std::uint16_t{65'535}, std::uint16_t{2}), 65'535},
      {"<u4", "uint32", bytes_of(4'000'000'000u, 2u), 4e9},
      {"<u8", "uint64", bytes_of(std::uint64_t{1} << 63, std::uint64_t{2}), 0x1p63},
  };
  const ScratchFolder folder;
  for (const auto& c : cases) {
    const std::string header =
        std::string("{'descr': '") + c.descr + "', 'fortran_order': False, 'shape': (2,), }\n";
    for (const char major : {'\1', '\2', '\3'}) {
      const auto file = NpyFile::open(folder.write("a.npy", npy(header, c.values, major)));
      ASSERT_TRUE(file) << file.error().message;
      EXPECT_EQ(npy_dtype_name(file->dtype()), c.name);
      EXPECT_THAT(file->shape(), ElementsAre(2));
      EXPECT_EQ(file->to_doubles()[0], c.first) << c.descr;
    }
  }
}

// NumPy 1 under Python 2 wrote the lengths as long integers.
TEST(NpyFile, ReadsTheHeaderThatPython2Wrote) {
  const ScratchFolder folder;
  const auto file = NpyFile::open(folder.write(
      "a.npy", npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2L, 1L), }\n", bytes_of(1.0f, 2.0f))));
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_THAT(file->shape(), ElementsAre(2, 1));
}

TEST(NpyFile, KnowsVectorsByTheirShape) {
  const ScratchFolder folder;
  for (const auto& [shape, is_vector] : {std::pair("(4,)", true),
                                         {"(4, 1)", true},
                                         {"(1, 4)", true},
                                         {"(1, 1, 4)", true},
                                         {"(2, 2)", false}}) {
    const auto file = NpyFile::open(folder.write(
        "a.npy", npy(std::string("{'descr': '|u1', 'fortran_order': False, 'shape': ") + shape + ", }\n",
                     std::string(4, '\1'))));
    ASSERT_TRUE(file) << file.error().message;
    EXPECT_EQ(file->is_vector(), is_vector) << shape;
  }
}

TEST(NpyFile, GivesAlignedViewsOfUnalignedData) {
  const ScratchFolder folder;
  for (std::size_t n_spaces = 0; n_spaces < 9; ++n_spaces) {
    const std::string header =
        "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 2)}" + std::string(n_spaces, ' ') + "\n";
    auto opened = NpyFile::open(folder.write("a.npy", npy(header, bytes_of(1.0, 2.0, 3.0, 4.0))));
    ASSERT_TRUE(opened) << opened.error().message;
    const NpyFile file = std::move(*opened);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(file.values<double>().data()) % alignof(double), 0u);
    EXPECT_THAT(file.values<double>(), ElementsAre(1, 2, 3, 4));
    EXPECT_EQ(file.matrix<double>()(1, 0), 3.0);
    EXPECT_EQ(file.n_values(), 4u);
  }
}

TEST(NpyFile, TakesEveryFormOfTheDictionary) {
  const ScratchFolder folder;
  for (const char* header : {"{'shape':(1,2),'fortran_order':False,'descr':'<f4'}",
                             "{\"descr\": \"<f4\", \"fortran_order\": False, \"shape\": (1, 2,), }\n",
                             " { 'descr' : '<f4' , 'fortran_order' : False , 'shape' : ( 1 , 2 ) , } \n"}) {
    const auto file = NpyFile::open(folder.write("a.npy", npy(header, bytes_of(1.0f, 2.0f))));
    ASSERT_TRUE(file) << file.error().message;
    EXPECT_THAT(file->shape(), ElementsAre(1, 2));
  }
  const auto scalar = NpyFile::open(
      folder.write("a.npy", npy("{'descr':'<f4','fortran_order':False,'shape':()}", bytes_of(1.0f))));
  ASSERT_TRUE(scalar);
  EXPECT_EQ(scalar->n_values(), 1u);
  // One axis in Fortran order is one axis.
  EXPECT_TRUE(NpyFile::open(
      folder.write("a.npy", npy("{'descr':'<f4','fortran_order':True,'shape':(1,)}", bytes_of(1.0f)))));
  const auto empty =
      NpyFile::open(folder.write("a.npy", npy("{'descr':'<f4','fortran_order':False,'shape':(0, 7)}", "")));
  ASSERT_TRUE(empty);
  EXPECT_EQ(empty->matrix<float>().cols, 7u);
}

TEST(NpyFile, RefusesWhatItCannotReadRight) {
  const auto f4 = [](std::string_view shape, std::string_view order = "False") {
    return fmt::format("{{'descr': '<f4', 'fortran_order': {}, 'shape': {}, }}\n", order, shape);
  };
  const std::string four = bytes_of(1.0f, 2.0f, 3.0f, 4.0f);
  EXPECT_THAT(refusal(npy(f4("(2, 2)", "True"), four)), HasSubstr("ascontiguousarray"));
  EXPECT_THAT(refusal(npy("{'descr': '>f4', 'fortran_order': False, 'shape': (4,), }", four)),
              HasSubstr("big-endian"));
  EXPECT_THAT(refusal(npy("{'descr': '|O', 'fortran_order': False, 'shape': (4,), }", four)),
              HasSubstr("'|O'"));
  EXPECT_THAT(refusal(npy("{'descr': '<c8', 'fortran_order': False, 'shape': (2,), }", four)),
              HasSubstr("'<c8'"));
  EXPECT_THAT(refusal(npy("{'descr': '|f4', 'fortran_order': False, 'shape': (4,), }", four)),
              HasSubstr("not a NumPy type"));
  EXPECT_THAT(refusal(npy("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (4,), }", four)),
              HasSubstr("structured"));
  EXPECT_THAT(
      refusal(npy("{'descr': '|b1', 'fortran_order': False, 'shape': (3,), }", std::string("\1\0\2", 3))),
      HasSubstr("value 2 is neither"));
}

TEST(NpyFile, ChecksEverySize) {
  const std::string four = bytes_of(1.0f, 2.0f, 3.0f, 4.0f);
  const auto of_shape = [&](std::string_view shape) {
    return refusal(
        npy(fmt::format("{{'descr': '<f4', 'fortran_order': False, 'shape': {}, }}\n", shape), four));
  };
  EXPECT_THAT(of_shape("(3,)"), HasSubstr("needs 12 bytes"));
  EXPECT_THAT(of_shape("(5,)"), HasSubstr("needs 20 bytes"));
  EXPECT_THAT(of_shape("(4611686018427387908,)"), HasSubstr("2^64"));  // 2^62 + 4, times 4
  EXPECT_THAT(of_shape("(4294967296, 4294967296, 4)"), HasSubstr("2^64"));
  EXPECT_THAT(of_shape("(18446744073709551616,)"), HasSubstr("not of the form"));
  EXPECT_THAT(of_shape("(-4,)"), HasSubstr("not of the form"));
  EXPECT_THAT(of_shape("(4)"), HasSubstr("not of the form"));
  EXPECT_THAT(of_shape("(4.0,)"), HasSubstr("not of the form"));
}

TEST(NpyFile, RefusesEveryCutAndEveryOtherHeader) {
  const std::string whole =
      npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }\n", bytes_of(1.0f));
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_NE(refusal(whole.substr(0, size)), "accepted") << size;
  EXPECT_NE(refusal(whole + "x"), "accepted");
  EXPECT_THAT(refusal("PK\3\4 an npz archive"), HasSubstr("not a NumPy array"));
  std::string version_4 = whole;
  version_4[6] = 4;
  EXPECT_THAT(refusal(version_4), HasSubstr("4.0"));
  EXPECT_THAT(refusal(std::string("\x93NUMPY\2\0\xff\xff\xff\xff{}", 14)), HasSubstr("within its header"));
  for (const char* dictionary :
       {"", "{", "{}", "{'descr': '<f4'}", "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'x': 1}",
        "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (1,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1,)} x",
        "{'descr': '<f4', 'fortran_order': 0, 'shape': (1,)}",
        "{'descr': '<f4' 'fortran_order': False, 'shape': (1,)}",
        "{'descr': '', 'fortran_order': False, 'shape': (1,)}",
        "{'descr': '<f4\\'', 'fortran_order': False, 'shape': (1,)}"}) {
    EXPECT_THAT(refusal(npy(dictionary, bytes_of(1.0f))), HasSubstr("not of the form")) << dictionary;
  }
  EXPECT_THAT(
      refusal(
          npy("{'descr': '<f4', 'fortran_order': False, 'shape': (" + std::string(40'000, '1') + ")}", "")),
      HasSubstr("not of the form"));
}

TEST(NpyWriter, WritesWhatTheReaderReads) {
  const ScratchFolder folder;
  const std::string path = folder.path("a.npy");
  auto writer = NpyWriter::create(path, 3, 2);
  ASSERT_TRUE(writer) << writer.error().message;
  ASSERT_TRUE(writer->append(std::vector<float>{1, 2}));
  ASSERT_TRUE(writer->append(std::vector<float>{3, 4, 5, 6}));
  EXPECT_FALSE(std::filesystem::exists(path));
  ASSERT_TRUE(writer->commit());
  const auto file = NpyFile::open(path);
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_THAT(file->shape(), ElementsAre(3, 2));
  EXPECT_THAT(file->values<float>(), ElementsAre(1, 2, 3, 4, 5, 6));
}

TEST(NpyWriter, WritesAPartOfAMatrix) {
  const ScratchFolder folder;
  const std::vector<float> values = {1, 2, 3, 4, 5, 6, 7, 8, 9};
  const MatrixView<const float> matrix(values.data(), 3, 3);
  ASSERT_TRUE(write_npy(folder.path("a.npy"), matrix.block(1, 2, 1, 2)));
  EXPECT_THAT(NpyFile::open(folder.path("a.npy"))->values<float>(), ElementsAre(5, 6, 8, 9));
  ASSERT_TRUE(write_npy(folder.path("b.npy"), matrix.block(0, 0, 0, 3)));
  EXPECT_THAT(NpyFile::open(folder.path("b.npy"))->shape(), ElementsAre(0, 3));
}

}  // namespace
}  // namespace penfield::formats
