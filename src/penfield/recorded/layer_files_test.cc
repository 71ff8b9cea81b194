#include "penfield/recorded/layer_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstring>
#include <functional>
#include <limits>

#include "penfield/formats/npy_header.h"
#include "penfield/formats/scratch_folder_for_tests.h"

namespace penfield::recorded {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr std::uint64_t kTokens = 70;  // more than are read at a time
constexpr std::uint32_t kUnits = 5;

// A whole number that every type holds.
std::uint32_t value_of(std::uint64_t token, std::uint64_t unit, std::uint32_t layer) {
  return static_cast<std::uint32_t>((token * 7 + unit * 3 + layer * 11) % 200);
}

std::string encode(std::string_view dtype, std::uint32_t n) {
  const auto bytes = [](auto bits) {
    return std::string(reinterpret_cast<const char*>(&bits), sizeof(bits));
  };
  if (dtype == "f4") return bytes(static_cast<float>(n));
  if (dtype == "f8") return bytes(static_cast<double>(n));
  if (dtype == "bf2")
    return bytes(static_cast<std::uint16_t>(std::bit_cast<std::uint32_t>(static_cast<float>(n)) >> 16));
  if (n == 0) return bytes(std::uint16_t{0});
  const auto e = static_cast<std::uint32_t>(std::bit_width(n) - 1);  // binary16
  return bytes(static_cast<std::uint16_t>((e + 15) << 10 | (n << (10 - e) & 0x3ffu)));
}

std::string npy(std::string_view dtype, std::vector<std::uint64_t> shape, bool fortran,
                const std::string& values) {
  std::string out = formats::npy_header(fmt::format("'<{}'", dtype), shape);
  if (fortran) out.replace(out.find("False"), 5, "True ");
  return out + values;
}

// Values in the order of `index`, which gives token, unit and layer of the k-th.
using Place = std::tuple<std::uint64_t, std::uint64_t, std::uint32_t>;
std::string values_of(std::string_view dtype, std::uint64_t n,
                      const std::function<Place(std::uint64_t)>& place) {
  std::string out;
  for (std::uint64_t k = 0; k < n; ++k) {
    const auto [token, unit, layer] = place(k);
    out += encode(dtype, value_of(token, unit, layer));
  }
  return out;
}

std::string safetensors(std::string_view name, std::string_view dtype, const std::string& values,
                        std::uint64_t n_cols = kUnits) {
  std::string header = fmt::format(R"({{"{}":{{"dtype":"{}","shape":[{},{}],"data_offsets":[0,{}]}}}})", name,
                                   dtype, kTokens, n_cols, values.size());
  const std::uint64_t n = header.size();
  return std::string(reinterpret_cast<const char*>(&n), sizeof(n)) + header + values;
}

class LayerFilesTest : public ::testing::Test {
 protected:
  void expect_values(Site site, std::uint32_t layer) {
    const auto files = LayerFiles::open(folder_.path(), kTokens);
    ASSERT_TRUE(files) << files.error().message;
    const LayerMatrix* matrix = files->find(site, layer);
    ASSERT_NE(matrix, nullptr);
    ASSERT_EQ(matrix->n_units, kUnits);
    // All of it, and some units at some tokens in another order.
    std::vector<std::uint64_t> all(kTokens);
    for (std::uint64_t t = 0; t < kTokens; ++t) all[t] = t;
    for (const auto& [tokens, first, n_cols] :
         {std::tuple(all, 0u, kUnits), std::tuple(std::vector<std::uint64_t>{69, 0, 33}, 2u, 3u)}) {
      std::vector<float> out(tokens.size() * n_cols, -1.0f);
      read_rows(*matrix, tokens, first, {out.data(), tokens.size(), n_cols});
      for (std::size_t i = 0; i < out.size(); ++i) {
        ASSERT_EQ(out[i], static_cast<float>(value_of(tokens[i / n_cols], first + i % n_cols, layer)))
            << "row " << i / n_cols << " column " << i % n_cols;
      }
    }
  }
  std::string error(std::string_view name, const std::string& bytes) {
    folder_.write(name, bytes);
    const auto files = LayerFiles::open(folder_.path(), kTokens);
    std::filesystem::remove(folder_.path(name));
    EXPECT_FALSE(files);
    if (files) return "";
    EXPECT_EQ(files.error().kind, ErrorKind::kBadInput);
    return files.error().message;
  }

  formats::ScratchFolder folder_;
};

class EveryNpyType : public LayerFilesTest, public ::testing::WithParamInterface<const char*> {};

TEST_P(EveryNpyType, IsReadInEveryOrder) {
  const auto by_rows = [](std::uint64_t k) { return Place(k / kUnits, k % kUnits, 3); };
  const auto by_columns = [](std::uint64_t k) { return Place(k % kTokens, k / kTokens, 4); };
  const std::uint64_t n = kTokens * kUnits;
  folder_.write("L3.npy", npy(GetParam(), {kTokens, kUnits}, false, values_of(GetParam(), n, by_rows)));
  folder_.write("L4.npy", npy(GetParam(), {kTokens, kUnits}, true, values_of(GetParam(), n, by_columns)));
  expect_values(Site::kRecorded, 3);
  expect_values(Site::kRecorded, 4);
}

TEST_P(EveryNpyType, HoldsSeveralLayers) {
  constexpr std::uint32_t kLayers = 3;
  const std::uint64_t n = kTokens * kUnits * kLayers;
  const auto side_by_side = [](std::uint64_t k) {
    return Place(k / (kUnits * kLayers), k % kUnits, static_cast<std::uint32_t>(k / kUnits % kLayers));
  };
  const auto columns = [](std::uint64_t k) {
    return Place(k % kTokens, k / kTokens % kUnits, static_cast<std::uint32_t>(k / kTokens / kUnits));
  };
  const auto layers_first = [](std::uint64_t k) {
    return Place(k / kUnits % kTokens, k % kUnits, static_cast<std::uint32_t>(k / kUnits / kTokens));
  };
  folder_.write("mlp.pre.L0-2.npy",
                npy(GetParam(), {kTokens, kUnits * kLayers}, false, values_of(GetParam(), n, side_by_side)));
  folder_.write("mlp.up.L0-2.npy",
                npy(GetParam(), {kTokens, kLayers, kUnits}, false, values_of(GetParam(), n, side_by_side)));
  folder_.write("resid.L0-2.npy",
                npy(GetParam(), {kTokens, kUnits * kLayers}, true, values_of(GetParam(), n, columns)));
  folder_.write("attn.q.L0-2.npy",
                npy(GetParam(), {kLayers, kTokens, kUnits}, false, values_of(GetParam(), n, layers_first)));
  for (const Site site : {Site::kMlpPre, Site::kMlpUp, Site::kResid, Site::kAttnQ}) {
    for (std::uint32_t layer = 0; layer < kLayers; ++layer) expect_values(site, layer);
  }
}

INSTANTIATE_TEST_SUITE_P(LayerFiles, EveryNpyType, ::testing::Values("f2", "f4", "f8"));

TEST_F(LayerFilesTest, ReadsEveryFloatOfSafetensorsAtAnyAddress) {
  for (const auto& [dtype, name] : {std::pair("bf2", "BF16"), {"f2", "F16"}, {"f4", "F32"}, {"f8", "F64"}}) {
    const std::string values =
        values_of(dtype, kTokens * kUnits, [](std::uint64_t k) { return Place(k / kUnits, k % kUnits, 6); });
    // Headers of other lengths, so that values begin at odd addresses too.
    for (const char* tensor : {"layers.6", "layers.06", "layers.006"}) {
      folder_.write("all.safetensors", safetensors(tensor, name, values));
      expect_values(Site::kRecorded, 6);
    }
  }
}

TEST_F(LayerFilesTest, ExtraAxesAreTokensOrUnits) {
  const std::string values =
      values_of("f4", kTokens * kUnits, [](std::uint64_t k) { return Place(k / kUnits, k % kUnits, 1); });
  for (const std::vector<std::uint64_t>& shape :
       {std::vector<std::uint64_t>{1, kTokens, kUnits}, {2, kTokens / 2, kUnits}, {kTokens, 1, kUnits}}) {
    folder_.write("blocks.1.hook.npy", npy("f4", shape, false, values));
    expect_values(Site::kRecorded, 1);
  }
}

TEST_F(LayerFilesTest, NamesWithoutANumberAreLayersInTheirOrder) {
  const auto file = [&](std::uint32_t layer) {
    return npy("f4", {kTokens, kUnits}, false, values_of("f4", kTokens * kUnits, [&](std::uint64_t k) {
                 return Place(k / kUnits, k % kUnits, layer);
               }));
  };
  folder_.write("early.npy", file(0));
  folder_.write("late.npy", file(1));
  folder_.write("notes.txt", "not an array");
  expect_values(Site::kRecorded, 0);
  expect_values(Site::kRecorded, 1);
}

TEST_F(LayerFilesTest, KeepsWhatIsScanned) {
  const std::string one(kTokens * sizeof(float), '\0');
  for (const char* name : {"L0.npy", "L1.npy", "resid.L1.npy", "L7.npy"})
    folder_.write(name, npy("f4", {kTokens, 1}, false, one));
  auto files = LayerFiles::open(folder_.path(), kTokens);
  ASSERT_TRUE(files) << files.error().message;
  EXPECT_THAT(files->sites(), ElementsAre(Site::kResid, Site::kRecorded));
  EXPECT_THAT(files->layers_of(Site::kRecorded), ElementsAre(0, 1, 7));
  files->keep(Site::kRecorded, std::vector<std::uint32_t>{0, 7});
  ASSERT_THAT(files->files(), SizeIs(2));
  EXPECT_EQ(files->find(Site::kResid, 1), nullptr);
  EXPECT_THAT(files->files()[files->find(Site::kRecorded, 7)->file].path(), HasSubstr("L7.npy"));
}

TEST_F(LayerFilesTest, Float64BeyondFloat32IsInfinite) {
  const double large = 1e300, nan = std::numeric_limits<double>::quiet_NaN();
  std::string values(kTokens * sizeof(double), '\0');
  std::memcpy(values.data(), &large, sizeof(double));
  std::memcpy(values.data() + sizeof(double), &nan, sizeof(double));
  folder_.write("L0.npy", npy("f8", {kTokens, 1}, false, values));
  const auto files = LayerFiles::open(folder_.path(), kTokens);
  ASSERT_TRUE(files);
  std::vector<float> out(2);
  read_rows(files->matrices()[0], std::vector<std::uint64_t>{0, 1}, 0, {out.data(), 2, 1});
  EXPECT_TRUE(std::isinf(out[0]));
  EXPECT_TRUE(std::isnan(out[1]));
}

TEST_F(LayerFilesTest, SaysWhereAFileIsWrong) {
  const std::string values(kTokens * kUnits * sizeof(float), '\0');
  const std::string good = npy("f4", {kTokens, kUnits}, false, values);
  EXPECT_THAT(error("notes.txt", ""), HasSubstr("holds no .npy and no .safetensors file"));
  EXPECT_THAT(error("L0.npy", "hello"), HasSubstr("L0.npy: is not a NumPy array file"));
  EXPECT_THAT(error("L0.npy", good.substr(0, good.size() - 1)), HasSubstr("it is damaged or incomplete"));
  EXPECT_THAT(error("L0.npy", npy("i4", {kTokens, kUnits}, false, values)),
              HasSubstr("'<i4' are no activations"));
  EXPECT_THAT(error("L0.npy", npy("f4", {kTokens * kUnits}, false, values)),
              HasSubstr("[350] is not of the 70"));
  EXPECT_THAT(error("L0.npy", npy("f4", {kUnits, kTokens}, false, values)),
              HasSubstr("[5, 70] is not of the 70"));
  EXPECT_THAT(error("L0.npy", npy("f4", {kTokens, 0}, false, "")), HasSubstr("0 units a layer"));
  EXPECT_THAT(error("L0.npy", npy("f4", {kTokens, 1ull << 40, 1ull << 40}, false, "")),
              HasSubstr("more than 2^64"));
  EXPECT_THAT(error("L0.npy", npy("f4", {kTokens, 0, 1ull << 40, 1ull << 40}, false, "")),
              HasSubstr("0 units"));
  EXPECT_THAT(error("L0.npy", npy("f4", {2, kTokens / 2, kUnits}, true, values)), HasSubstr("Fortran order"));
  EXPECT_THAT(error("L0-3.npy", good), HasSubstr("5 columns are to be 4 layers"));
  EXPECT_THAT(error("L0.safetensors", safetensors("L0", "I32", values)),
              HasSubstr("tensor 'L0': values of type I32 are no activations"));
  EXPECT_THAT(error("L0.safetensors", safetensors("L0", "F32", values).substr(0, 40)),
              HasSubstr("L0.safetensors"));
  folder_.write("L0.npy", good);
  EXPECT_THAT(error("layer_0.npy", good), HasSubstr("is layer 0 of recorded, and so is"));
  EXPECT_THAT(error("late.npy", good), HasSubstr("late.npy: other names in"));
}

TEST_F(LayerFilesTest, AFolderThatIsNotThereIsAnIoError) {
  const auto files = LayerFiles::open(folder_.path("none"), kTokens);
  ASSERT_FALSE(files);
  EXPECT_EQ(files.error().kind, ErrorKind::kIo);
}

}  // namespace
}  // namespace penfield::recorded
