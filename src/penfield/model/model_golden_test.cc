// The forward pass against a float64 reference in torch: every site, every layer, every kind of checkpoint.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <numeric>

#include "penfield/formats/json.h"
#include "penfield/formats/npy.h"
#include "penfield/model/model.h"

namespace penfield::model {
namespace {

namespace fs = std::filesystem;

constexpr double kContract = 1e-5;

struct Array {
  Site site;
  std::uint32_t layer;
  std::size_t offset, first_column, column_step, n_columns;
  double max_abs;
};

struct Expected {
  std::vector<TokenId> tokens;
  std::vector<std::size_t> rows;
  std::vector<Array> arrays;
  std::vector<float> values;
  std::vector<double> losses;
};

Expected read_expected(const std::string& folder) {
  const auto json = formats::read_json_file(folder + "/expected.json").value();
  Expected expected;
  for (const auto& token : json.at("tokens")) expected.tokens.push_back(TokenId{token.get<std::uint32_t>()});
  expected.rows = json.at("rows").get<std::vector<std::size_t>>();
  for (const auto& array : json.at("arrays")) {
    expected.arrays.push_back({parse_site(array.at("site").get<std::string>()).value(), array.at("layer"),
                               array.at("offset"), array.at("first_column"), array.at("column_step"),
                               array.at("n_columns"), array.at("max_abs")});
  }
  const auto values = formats::NpyFile::open(folder + "/expected.npy").value();
  expected.values.assign(values.values<float>().begin(), values.values<float>().end());
  expected.losses = formats::NpyFile::open(folder + "/losses.npy").value().to_doubles();
  return expected;
}

// max|Δ| / max|a| of every site and layer.
std::map<std::pair<Site, std::uint32_t>, double> errors(const Model& model, const Expected& expected) {
  TapRequest request{{kModelSites.begin(), kModelSites.end()},
                     std::vector<std::uint32_t>(model.architecture().n_layers())};
  std::iota(request.layers.begin(), request.layers.end(), 0u);
  auto buffers = model.make_buffers(expected.tokens.size());
  std::map<std::pair<Site, std::uint32_t>, double> errors;
  const Sequence sequence(expected.tokens);
  const auto result = model.forward({&sequence, 1}, request, buffers, [&](const Tap& tap) {
    const auto array = std::find_if(
        expected.arrays.begin(), expected.arrays.end(),
        [&](const Array& candidate) { return candidate.site == tap.site && candidate.layer == tap.layer; });
    ASSERT_NE(array, expected.arrays.end());
    double& error = errors[{tap.site, tap.layer}];
    const float* value = expected.values.data() + array->offset;
    for (const std::size_t row : expected.rows) {
      for (std::size_t i = 0; i < array->n_columns; ++i, ++value) {
        const float found = tap.values(row, array->first_column + i * array->column_step);
        error = std::max(error,
                         std::abs(static_cast<double>(found) - static_cast<double>(*value)) / array->max_abs);
      }
    }
  });
  EXPECT_TRUE(result.has_value()) << result.error().message;
  return errors;
}

std::string golden_folder(const std::string& name) {
  return "tests/golden/model/" + name;
}
std::string model_folder(const std::string& name) {
  return name == "demo" ? "models/demo" : golden_folder(name);
}

class ModelGolden : public testing::TestWithParam<std::string> {};

TEST_P(ModelGolden, EverySiteOfEveryLayerKeepsTheContract) {
  const auto model = Model::open(model_folder(GetParam()));
  ASSERT_TRUE(model.has_value()) << model.error().message;
  const Expected expected = read_expected(golden_folder(GetParam()));
  const auto found = errors(*model, expected);
  EXPECT_EQ(found.size(), kModelSites.size() * model->architecture().n_layers());
  double worst = 0;
  for (const auto& [where, error] : found) {
    EXPECT_LE(error, kContract) << site_name(where.first) << " of layer " << where.second;
    worst = std::max(worst, error);
  }
  RecordProperty("worst_relative_error", fmt::format("{:.2g}", worst));
}

TEST_P(ModelGolden, LossOfEveryToken) {
  const auto model = Model::open(model_folder(GetParam()));
  ASSERT_TRUE(model.has_value()) << model.error().message;
  const Expected expected = read_expected(golden_folder(GetParam()));
  auto buffers = model->make_buffers(expected.tokens.size());
  const auto losses = model->next_token_losses(expected.tokens, buffers);
  ASSERT_TRUE(losses.has_value()) << losses.error().message;
  EXPECT_THAT(*losses, testing::Pointwise(testing::DoubleNear(2e-5), expected.losses));
}

std::string case_name(const testing::TestParamInfo<std::string>& param) {
  std::string name = param.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Checkpoints, ModelGolden,
                         testing::Values("f32", "f16-shards", "bf16-erf", "f32-relu", "demo"), case_name);

// The goldens are sharp enough to tell the two GELUs apart: the same weights with the other one break the
// contract at every site behind the first GELU.
TEST(ModelGoldenSharpness, TheOtherGeluFails) {
  const fs::path folder = fs::path(testing::TempDir()) / "penfield-other-gelu";
  fs::create_directories(folder);
  fs::copy(model_folder("f32"), folder, fs::copy_options::recursive | fs::copy_options::overwrite_existing);
  auto config = formats::read_json_file((folder / "config.json").string()).value();
  config["activation_function"] = "gelu";
  std::ofstream(folder / "config.json") << config;
  const auto model = Model::open(folder.string());
  ASSERT_TRUE(model.has_value()) << model.error().message;
  for (const auto& [where, error] : errors(*model, read_expected(golden_folder("f32")))) {
    const bool is_behind = where.first == Site::kMlpPost || where.second > 0;
    EXPECT_EQ(error > kContract, is_behind)
        << site_name(where.first) << " of layer " << where.second << ": " << error;
  }
  fs::remove_all(folder);
}

}  // namespace
}  // namespace penfield::model
