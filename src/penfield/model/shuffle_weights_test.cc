#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "penfield/base/parallel.h"
#include "penfield/model/checkpoint_for_tests.h"
#include "penfield/model/model.h"

namespace penfield::model {
namespace {

// All weights in one list a tensor.
std::vector<std::vector<float>> tensors_of(const Weights& weights, std::uint32_t n_layer) {
  std::vector<std::vector<float>> out;
  const auto matrix = [&](const MatrixView<const float>& m) {
    out.emplace_back(m.data, m.data + m.rows * m.cols);
  };
  const auto vector = [&](std::span<const float> v) { out.emplace_back(v.begin(), v.end()); };
  matrix(weights.token_embedding());
  matrix(weights.position_embedding());
  for (std::uint32_t layer = 0; layer < n_layer; ++layer) {
    const BlockWeights& block = weights.block(layer);
    for (const Norm* norm : {&block.ln_1, &block.ln_2}) {
      vector(norm->gain);
      vector(norm->shift);
    }
    for (const Linear* linear : {&block.attn_in, &block.attn_out, &block.mlp_in, &block.mlp_out}) {
      matrix(linear->matrix);
      vector(linear->bias);
    }
  }
  vector(weights.final_norm().gain);
  vector(weights.final_norm().shift);
  return out;
}

TEST(ShuffledWeights, EveryTensorKeepsItsEntriesInAnotherOrder) {
  CheckpointForTests checkpoint;
  checkpoint.fill();
  const FolderForTests folder("shuffled");
  checkpoint.write(folder.path());
  const auto trained = Model::open(folder.string());
  const auto shuffled = Model::open_shuffled(folder.string(), 5);
  ASSERT_TRUE(trained && shuffled);
  const std::uint32_t n_layer = trained->architecture().n_layers();
  auto before = tensors_of(trained->weights(), n_layer);
  auto after = tensors_of(shuffled->weights(), n_layer);
  ASSERT_EQ(before.size(), after.size());
  for (std::size_t i = 0; i < before.size(); ++i) {
    EXPECT_NE(before[i], after[i]) << i;
    std::sort(before[i].begin(), before[i].end());
    std::sort(after[i].begin(), after[i].end());
    EXPECT_EQ(before[i], after[i]) << i;
  }
  EXPECT_EQ(shuffled->weights().logit_matrix().data, shuffled->weights().token_embedding().data)
      << "tied as before";
  EXPECT_EQ(shuffled->weights().n_copied_bytes(), Weights::shuffled_bytes(trained->architecture()));
}

TEST(ShuffledWeights, DependOnTheSeedAlone) {
  CheckpointForTests checkpoint;
  checkpoint.fill();
  const FolderForTests folder("shuffled");
  checkpoint.write(folder.path());
  const auto tensors = [&](std::uint64_t seed) {
    return tensors_of(Model::open_shuffled(folder.string(), seed)->weights(), 3);
  };
  set_threads(1);
  const auto one = tensors(5);
  set_threads(8);
  EXPECT_EQ(tensors(5), one);
  EXPECT_NE(tensors(6), one);
  set_threads(0);
}

TEST(ShuffledWeights, PassOnWhatIsWrongWithTheFile) {
  EXPECT_FALSE(Model::open_shuffled("/nonexistent", 1).has_value());
}

}  // namespace
}  // namespace penfield::model
