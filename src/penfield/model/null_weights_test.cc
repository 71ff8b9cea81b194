#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <span>
#include <string>
#include <vector>

#include "penfield/base/parallel.h"
#include "penfield/model/checkpoint_for_tests.h"
#include "penfield/model/model.h"
#include "penfield/numeric/widen.h"

namespace penfield::model {
namespace {

// The values of every tensor, as float32.
std::vector<std::vector<float>> tensors_of(const Weights& weights) {
  std::vector<std::vector<float>> out;
  for (const StoredTensor& tensor : weights.tensors()) {
    auto& values = out.emplace_back(tensor.in_file->n_values());
    const bool is_half = tensor.in_file->dtype == formats::Dtype::kF16;
    (is_half ? numeric::widen_float16 : numeric::widen_float32)(tensor.bytes.data(), 0, values.size(),
                                                                values.data());
  }
  return out;
}

// One tensor of 16 bits among those of 32.
void spoil_width(CheckpointForTests& checkpoint) {
  TensorForTests& tensor = checkpoint.tensors["h.1.mlp.c_proj.weight"];
  tensor.dtype = "F16";
  tensor.bytes.resize(tensor.bytes.size() / 2);
  for (std::size_t i = 0; i < tensor.bytes.size(); i += 2) {
    tensor.bytes[i] = static_cast<char>(i / 2 % 251);
    tensor.bytes[i + 1] = static_cast<char>(i / 2 % 60);
  }
}

TEST(NullWeights, EveryTensorKeepsItsEntriesInAnotherOrder) {
  CheckpointForTests checkpoint;
  checkpoint.fill();
  spoil_width(checkpoint);
  const FolderForTests folder("shuffled");
  checkpoint.write(folder.path());
  const auto trained = Model::open(folder.string());
  const auto shuffled =
      Model::open_null(folder.string(), read_model_spec(folder.string()).value(), NullWeights::kShuffled, 5);
  ASSERT_TRUE(trained && shuffled);
  auto before = tensors_of(trained->weights());
  auto after = tensors_of(shuffled->weights());
  ASSERT_EQ(before.size(), after.size());
  for (std::size_t i = 0; i < before.size(); ++i) {
    EXPECT_NE(before[i], after[i]) << i;
    std::sort(before[i].begin(), before[i].end());
    std::sort(after[i].begin(), after[i].end());
    EXPECT_EQ(before[i], after[i]) << i;
  }
  const Weights& weights = shuffled->weights();
  EXPECT_EQ(weights.logits().data, weights.token_embedding().data) << "tied as before";
  std::uint64_t n_bytes = 0;
  for (const StoredTensor& tensor : weights.tensors()) n_bytes += tensor.bytes.size();
  EXPECT_EQ(Weights::measure(folder.string(), read_model_spec(folder.string()).value())->shuffled, n_bytes);
  // The parts of the model are bound to the shuffled tensors.
  std::vector<float> row(24);
  weights.token_embedding().read_output(2, row);
  EXPECT_TRUE(std::equal(row.begin(), row.end(), tensors_of(weights).front().begin() + 48));
}

TEST(NullWeights, DependOnTheSeedAlone) {
  CheckpointForTests checkpoint;
  checkpoint.fill();
  const FolderForTests folder("shuffled");
  checkpoint.write(folder.path());
  const auto tensors = [&](std::uint64_t seed) {
    return tensors_of(Model::open_null(folder.string(), read_model_spec(folder.string()).value(),
                                       NullWeights::kShuffled, seed)
                          ->weights());
  };
  set_threads(1);
  const auto one = tensors(5);
  set_threads(8);
  EXPECT_EQ(tensors(5), one);
  EXPECT_NE(tensors(6), one);
  set_threads(0);
}

TEST(NullWeights, OfAModelBeforeTrainingHaveTheirUsualSpread) {
  CheckpointForTests checkpoint;
  checkpoint.fill();
  const FolderForTests folder("initial");
  checkpoint.write(folder.path());
  const auto model = Model::open_null(folder.string(), read_model_spec(folder.string()).value(),
                                      NullWeights::kInitialised, 5);
  ASSERT_TRUE(model);
  double n = 0, sum = 0, squares = 0;
  std::uint64_t n_bytes = 0;
  for (const StoredTensor& tensor : model->weights().tensors()) {
    n_bytes += tensor.bytes.size();
    const std::span<const float> values(reinterpret_cast<const float*>(tensor.bytes.data()),
                                        tensor.in_file->n_values());
    const bool is_gain =
        tensor.slot.kind == TensorSlot::Kind::kGain || tensor.slot.kind == TensorSlot::Kind::kFinalGain;
    for (const float value : values) {
      if (!tensor.slot.is_matrix()) {
        EXPECT_EQ(value, is_gain ? 1.0f : 0.0f);
        continue;
      }
      n += 1;
      sum += value;
      squares += static_cast<double>(value) * value;
    }
  }
  EXPECT_NEAR(sum / n, 0, 5 * 0.02 / std::sqrt(n));
  EXPECT_NEAR(std::sqrt(squares / n), 0.02, 5 * 0.02 / std::sqrt(2 * n));
  EXPECT_EQ(Weights::measure(folder.string(), read_model_spec(folder.string()).value())->initialised,
            n_bytes);
}

TEST(NullWeights, StopsBetweenTensors) {
  CheckpointForTests checkpoint;
  checkpoint.fill();
  const FolderForTests folder("stopped");
  checkpoint.write(folder.path());
  const ModelSpec spec = read_model_spec(folder.string()).value();
  std::stop_source source;
  source.request_stop();
  const auto model = Model::open(folder.string(), spec, numeric::Precision::kFloat32, source.get_token());
  ASSERT_FALSE(model);
  EXPECT_EQ(model.error().kind, ErrorKind::kInterrupted);
  auto weights = Weights::open(folder.string(), spec);
  ASSERT_TRUE(weights);
  const auto replaced = weights->replace(NullWeights::kShuffled, 1, source.get_token());
  ASSERT_FALSE(replaced);
  EXPECT_EQ(replaced.error().kind, ErrorKind::kInterrupted);
}

TEST(NullWeights, PassOnWhatIsWrongWithTheFile) {
  EXPECT_FALSE(Model::open_null("/nonexistent", ModelSpec{}, NullWeights::kShuffled, 1).has_value());
}

}  // namespace
}  // namespace penfield::model
