// Every family against transformers (tools/make_family_goldens.py), its checkpoint stored in every width.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <fstream>
#include <tuple>

#include "penfield/formats/safetensors.h"
#include "penfield/model/checkpoint_for_tests.h"
#include "penfield/model/golden_for_tests.h"
#include "penfield/model/sites.h"
#include "penfield/numeric/widen.h"

namespace penfield::model {
namespace {

constexpr double kContract = 1e-5;

std::string golden_folder(const std::string& name) {
  return "tests/golden/families/" + name;
}

// The bits of a float16 whose value is exactly `value`: what the goldens' weights are.
std::uint16_t half_of(float value) {
  std::uint32_t bits = 0;
  std::memcpy(&bits, &value, sizeof bits);
  const std::uint32_t sign = bits >> 16 & 0x8000u;
  if ((bits & 0x7fffffffu) == 0) return static_cast<std::uint16_t>(sign);
  return static_cast<std::uint16_t>(sign | ((bits >> 23 & 0xffu) - 112) << 10 | (bits >> 13 & 0x3ffu));
}

// The golden's checkpoint with its values in another type, in `folder`.
void store_as(const std::string& dtype, const std::string& golden, const std::filesystem::path& folder) {
  CheckpointForTests checkpoint;
  checkpoint.config = formats::read_json_file(golden + "/config.json").value();
  const auto file = formats::open_safetensors_folder(golden).value();
  for (const formats::Tensor& tensor : file.tensors()) {
    TensorForTests& to = checkpoint.tensors[tensor.name];
    to.dtype = dtype;
    to.shape = tensor.shape;
    std::vector<float> values(tensor.n_values());
    numeric::widen_bfloat16(tensor.bytes.data(), 0, values.size(), values.data());
    if (dtype == "BF16") {
      to.bytes.assign(reinterpret_cast<const char*>(tensor.bytes.data()), tensor.bytes.size());
    } else if (dtype == "F32") {
      to.bytes.assign(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float));
    } else {
      for (const float value : values) {
        const std::uint16_t half = half_of(value);
        to.bytes.append(reinterpret_cast<const char*>(&half), sizeof half);
      }
    }
  }
  checkpoint.write(folder);
}

class FamilyGolden : public testing::TestWithParam<std::tuple<std::string, std::string>> {
 protected:
  FamilyGolden() : folder_("family") {
    const std::string golden = golden_folder(std::get<0>(GetParam()));
    store_as(std::get<1>(GetParam()), golden, folder_.path());
    expected_ = read_expected(golden);
  }
  FolderForTests folder_;
  Expected expected_;
};

TEST_P(FamilyGolden, EverySiteOfEveryLayerKeepsTheContract) {
  const auto model = Model::open(folder_.string());
  ASSERT_TRUE(model.has_value()) << model.error().message;
  EXPECT_EQ(model->weights().dtype(), std::get<1>(GetParam()));
  const auto found = errors_of(*model, expected_);
  EXPECT_EQ(found.size(), sites_of(model->architecture()).size() * model->architecture().n_layers());
  double worst = 0;
  for (const auto& [where, error] : found) {
    EXPECT_LE(error, kContract) << site_name(where.first) << " of layer " << where.second;
    worst = std::max(worst, error);
  }
  RecordProperty("worst_relative_error", fmt::format("{:.2g}", worst));
}

TEST_P(FamilyGolden, LossOfEveryToken) {
  const auto model = Model::open(folder_.string());
  ASSERT_TRUE(model.has_value()) << model.error().message;
  auto buffers = model->make_buffers(expected_.tokens.size());
  const auto losses = model->next_token_losses(expected_.tokens, buffers);
  ASSERT_TRUE(losses.has_value()) << losses.error().message;
  const double tolerance = 1e-5 * *std::ranges::max_element(expected_.losses);
  EXPECT_THAT(*losses, testing::Pointwise(testing::DoubleNear(tolerance), expected_.losses));
}

std::string case_name(const testing::TestParamInfo<std::tuple<std::string, std::string>>& param) {
  std::string name = std::get<0>(param.param) + "_" + std::get<1>(param.param);
  std::ranges::replace(name, '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(
    Families, FamilyGolden,
    testing::Combine(testing::Values("gpt2", "gpt_neo", "gpt_neox", "gpt_neox-sequential", "opt", "llama",
                                     "llama-linear", "mistral", "qwen2", "qwen3", "gemma2", "gemma3_text",
                                     "gemma3-multimodal", "olmo2", "smollm3", "phi3", "phi3-longrope"),
                     testing::Values("F32", "F16", "BF16")),
    case_name);

// The goldens are sharp: a model whose configuration differs in one thing that a reader could get wrong
// exceeds the tolerance.
struct Wrong {
  std::string golden, field;
  nlohmann::json value;
};

class FamilySharpness : public testing::TestWithParam<Wrong> {};

TEST_P(FamilySharpness, AnotherConfigurationFails) {
  const FolderForTests folder("family-wrong");
  const std::string golden = golden_folder(GetParam().golden);
  store_as("F32", golden, folder.path());
  auto config = formats::read_json_file(golden + "/config.json").value();
  config[nlohmann::json::json_pointer(GetParam().field)] = GetParam().value;
  std::ofstream(folder.path() / "config.json") << config;
  const auto model = Model::open(folder.string());
  ASSERT_TRUE(model.has_value()) << model.error().message;
  const Expected expected = read_expected(golden);
  double worst = 0;
  for (const auto& [where, error] : errors_of(*model, expected)) worst = std::max(worst, error);
  auto buffers = model->make_buffers(expected.tokens.size());
  const auto losses = model->next_token_losses(expected.tokens, buffers).value();
  for (std::size_t t = 0; t < losses.size(); ++t)
    worst = std::max(worst, std::abs(losses[t] - expected.losses[t]));
  EXPECT_GT(worst, 10 * kContract);
}

INSTANTIATE_TEST_SUITE_P(
    Configurations, FamilySharpness,
    testing::Values(
        Wrong{"gpt_neo", "/window_size", 8}, Wrong{"gpt_neox", "/rotary_pct", 0.5},
        Wrong{"gpt_neox", "/use_parallel_residual", false}, Wrong{"gpt_neox", "/hidden_act", "gelu_new"},
        Wrong{"llama", "/rope_scaling/factor", 4.0}, Wrong{"llama", "/rope_theta", 101.0},
        Wrong{"llama-linear", "/rope_parameters/factor", 2.0}, Wrong{"mistral", "/sliding_window", 7},
        Wrong{"qwen2", "/max_window_layers", 2}, Wrong{"qwen2", "/rope_scaling/factor", 2.0},
        Wrong{"qwen3", "/layer_types/1", "sliding_attention"},
        Wrong{"gemma2", "/attn_logit_softcapping", nullptr},
        Wrong{"gemma2", "/final_logit_softcapping", nullptr}, Wrong{"gemma2", "/query_pre_attn_scalar", 8},
        Wrong{"gemma3_text", "/rope_local_base_freq", 1e4},
        Wrong{"gemma3_text", "/sliding_window_pattern", 2}, Wrong{"smollm3", "/no_rope_layers/1", 1},
        Wrong{"phi3", "/partial_rotary_factor", 1.0},
        Wrong{"phi3-longrope", "/rope_scaling/short_factor/1", 1.5}));

}  // namespace
}  // namespace penfield::model
