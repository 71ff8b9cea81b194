// The forward pass with bfloat16 factors: the same rules as in float32, and what a tap says it was made of.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

#include "penfield/base/parallel.h"
#include "penfield/model/checkpoint_for_tests.h"
#include "penfield/model/model.h"

namespace penfield::model {
namespace {

using numeric::Precision;
using numeric::to_bfloat16;
using numeric::to_float;

const TapRequest kEverything = {
    {Site::kMlpPre, Site::kMlpPost, Site::kAttnQ, Site::kAttnK, Site::kAttnV, Site::kResidMid, Site::kResid},
    {0, 1, 2}};

class ModelBf16Test : public testing::Test {
 public:
  ~ModelBf16Test() override { set_threads(0); }

 protected:
  // Odd widths: products take their factors in pairs.
  ModelBf16Test() : folder_("gpt2-bf16") {
    CheckpointForTests checkpoint;
    checkpoint.config["n_embd"] = 27;
    checkpoint.config["n_inner"] = 41;
    checkpoint.fill();
    checkpoint.write(folder_.path());
    for (const Precision precision : {Precision::kFloat32, Precision::kBfloat16})
      model_.push_back(Model::open(folder_.string(), precision).value());
  }

  [[nodiscard]] const Model& float32() const { return model_[0]; }
  [[nodiscard]] const Model& bfloat16() const { return model_[1]; }

  static std::vector<TokenId> tokens(std::size_t n, std::uint64_t seed) {
    Random random(seed);
    std::vector<TokenId> out(n);
    for (TokenId& token : out) token = TokenId{static_cast<std::uint32_t>(random.below(50))};
    return out;
  }

  // All values of all taps, by site and layer.
  using Values = std::map<std::pair<Site, std::uint32_t>, std::vector<float>>;
  static Values run(const Model& model, const std::vector<std::vector<TokenId>>& windows,
                    const TapSink& also = {}) {
    auto buffers = model.make_buffers(64);
    const std::vector<Sequence> sequences(windows.begin(), windows.end());
    Values values;
    const auto result = model.forward(sequences, kEverything, buffers, [&](const Tap& tap) {
      auto& out = values[{tap.site, tap.layer}];
      for (std::size_t row = 0; row < tap.values.rows; ++row)
        out.insert(out.end(), tap.values.row(row).begin(), tap.values.row(row).end());
      if (also) also(tap);
    });
    EXPECT_TRUE(result.has_value()) << result.error().message;
    return values;
  }

  FolderForTests folder_;
  std::vector<Model> model_;  // Model has no empty state
};

TEST_F(ModelBf16Test, ThreadsChangeNoBit) {
  set_threads(1);
  const auto one = run(bfloat16(), {tokens(32, 1), tokens(5, 2)});
  for (const int threads : {2, 8}) {
    set_threads(threads);
    EXPECT_EQ(run(bfloat16(), {tokens(32, 1), tokens(5, 2)}), one);
  }
}

TEST_F(ModelBf16Test, CompanyAndLaterTokensChangeNoBit) {
  auto window = tokens(30, 4);
  const auto together = run(bfloat16(), {window, tokens(17, 3)});
  window.resize(11);
  for (const auto& [where, values] : run(bfloat16(), {window}))
    EXPECT_TRUE(std::equal(values.begin(), values.end(), together.at(where).begin()));
}

// Every site is its input times the rounded weights, in float64 but for the order of sums.
TEST_F(ModelBf16Test, ProductsAreThoseOfRoundedFactors) {
  std::size_t n_checked = 0;
  run(bfloat16(), {tokens(32, 5)}, [&](const Tap& tap) {
    if (tap.site != Site::kMlpPre) return;
    const Linear& linear = bfloat16().weights().block(tap.layer).up;
    std::vector<float> weights(linear.matrix.n_in);
    for (std::size_t row = 0; row < tap.values.rows; ++row) {
      for (std::size_t unit = 0; unit < tap.values.cols; ++unit) {
        linear.matrix.read_output(unit, weights);
        auto sum = static_cast<double>(linear.bias[unit]);
        for (std::size_t k = 0; k < tap.input.cols; ++k) {
          const float factor = tap.input(row, k);
          ASSERT_EQ(to_float(to_bfloat16(factor)), factor) << "an input that was not rounded";
          sum += static_cast<double>(factor) * static_cast<double>(to_float(to_bfloat16(weights[k])));
        }
        ASSERT_NEAR(static_cast<double>(tap.values(row, unit)), sum, 1e-5);
        ++n_checked;
      }
    }
  });
  EXPECT_EQ(n_checked, 3u * 32u * 41u);
}

// Factors err by 2^-9 each; far more would be a fault, far less would be float32.
TEST_F(ModelBf16Test, IsNearFloat32ButNotTheSame) {
  const auto exact = run(float32(), {tokens(32, 6)});
  for (const auto& [where, values] : run(bfloat16(), {tokens(32, 6)})) {
    double worst = 0, largest = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
      const auto expected = static_cast<double>(exact.at(where)[i]);
      worst = std::max(worst, std::abs(static_cast<double>(values[i]) - expected));
      largest = std::max(largest, std::abs(expected));
    }
    EXPECT_LE(worst / largest, 0.03) << site_name(where.first) << " of layer " << where.second;
    EXPECT_GE(worst / largest, 1e-4) << site_name(where.first) << " of layer " << where.second;
  }
}

}  // namespace
}  // namespace penfield::model
