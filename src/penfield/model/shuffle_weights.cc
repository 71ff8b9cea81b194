// The same model with nothing learnt: the entries of every tensor in random order, so that its size, the
// spread of its weights and all that follows from them stay, and what they were trained to stays not.
#include <algorithm>
#include <utility>

#include "penfield/base/parallel.h"
#include "penfield/base/random.h"
#include "penfield/model/model.h"
#include "penfield/model/weights.h"

namespace penfield::model {
namespace {

constexpr std::uint64_t kPurpose = 0x7765696768740000;  // "weight", and the number of the tensor

struct View {
  MatrixView<const float>* matrix = nullptr;  // one of the two
  std::span<const float>* vector = nullptr;
};

void add(Norm& norm, std::vector<View>& views) {
  views.push_back({.vector = &norm.gain});
  views.push_back({.vector = &norm.shift});
}
void add(Linear& linear, std::vector<View>& views) {
  views.push_back({.matrix = &linear.matrix});
  views.push_back({.vector = &linear.bias});
}

// A copy of what the view shows, in random order; the view then shows the copy.
std::vector<float> shuffle(const View& view, Random random) {
  std::vector<float> values;
  if (view.matrix != nullptr) {
    const MatrixView<const float> from = *view.matrix;
    PENFIELD_CHECK(from.stride == from.cols);
    values.assign(from.data, from.data + from.rows * from.cols);
  } else {
    values.assign(view.vector->begin(), view.vector->end());
  }
  random.shuffle(std::span(values));
  if (view.matrix != nullptr) {
    *view.matrix = {values.data(), view.matrix->rows, view.matrix->cols};
  } else {
    *view.vector = values;
  }
  return values;
}

}  // namespace

void Weights::shuffle(std::uint64_t seed) {
  const bool is_tied = logit_matrix_.data == token_embedding_.data;
  std::vector<View> views = {{.matrix = &token_embedding_}, {.matrix = &position_embedding_}};
  for (BlockWeights& block : blocks_) {
    add(block.ln_1, views);
    add(block.attn_in, views);
    add(block.attn_out, views);
    add(block.ln_2, views);
    add(block.mlp_in, views);
    add(block.mlp_out, views);
  }
  add(final_norm_, views);
  if (!is_tied) views.push_back({.matrix = &logit_matrix_});
  std::vector<std::vector<float>> shuffled(views.size());
  parallel_for(views.size(), [&](std::size_t i, int) {
    shuffled[i] = model::shuffle(views[i], Random::stream(seed, kPurpose + i));
  });
  if (is_tied) logit_matrix_ = token_embedding_;
  converted_ = std::move(shuffled);
  n_copied_bytes_ = 0;
  for (const auto& values : converted_) n_copied_bytes_ += values.size() * sizeof(float);
}

Result<Model> Model::open_shuffled(const std::string& folder, std::uint64_t seed,
                                   numeric::Precision precision) {
  PENFIELD_TRY(Model model, open(folder, precision));
  model.weights_->shuffle(seed);
  model.weights_->release_pages();  // nothing of the files is shown any more
  return model;
}

std::uint64_t Weights::shuffled_bytes(const Architecture& architecture) {
  const std::uint64_t width = architecture.width;
  const std::uint64_t inner = architecture.mlp.n_inner;
  const std::uint64_t block =
      4 * width + width * 3 * width + 3 * width + width * width + width + 2 * width * inner + inner + width;
  const std::uint64_t embeddings =
      width *
      ((architecture.tied ? 1 : 2) * std::uint64_t{architecture.vocab_size} + architecture.n_positions);
  return (embeddings + architecture.n_layers() * block + 2 * width) * sizeof(float);
}

}  // namespace penfield::model
