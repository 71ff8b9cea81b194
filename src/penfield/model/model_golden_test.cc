// The forward pass against a float64 reference in torch: every site, every layer, every kind of checkpoint.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "penfield/model/golden_for_tests.h"

namespace penfield::model {
namespace {

namespace fs = std::filesystem;

constexpr double kContract = 1e-5;

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
  const auto found = errors_of(*model, expected);
  EXPECT_EQ(found.size(), expected.arrays.size());
  EXPECT_EQ(found.size(), 5 * model->architecture().n_layers());
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

// The goldens distinguish the two GELUs: with the other one, the same weights exceed the tolerance at every
// site after the first GELU.
TEST(ModelGoldenSharpness, TheOtherGeluFails) {
  const fs::path folder = fs::path(testing::TempDir()) / "penfield-other-gelu";
  fs::create_directories(folder);
  fs::copy(model_folder("f32"), folder, fs::copy_options::recursive | fs::copy_options::overwrite_existing);
  auto config = formats::read_json_file((folder / "config.json").string()).value();
  config["activation_function"] = "gelu";
  std::ofstream(folder / "config.json") << config;
  const auto model = Model::open(folder.string());
  ASSERT_TRUE(model.has_value()) << model.error().message;
  for (const auto& [where, error] : errors_of(*model, read_expected(golden_folder("f32")))) {
    const bool is_behind = where.first == Site::kMlpPost || where.second > 0;
    EXPECT_EQ(error > kContract, is_behind)
        << site_name(where.first) << " of layer " << where.second << ": " << error;
  }
  fs::remove_all(folder);
}

}  // namespace
}  // namespace penfield::model
