// A model, run over windows of text as far as its activations are asked for.
//
// The order of operations is that of the reference implementations of its family (transformers, eager
// attention), stated in forward_pass.cc. Contract: against a float64 reference on the same weights, every
// site of every layer agrees to max|Δ| / max|a| <= 1e-5 (model_golden_test.cc and families_golden_test.cc
// hold it). A token's activations depend, to the last bit, on the tokens before it in its own sequence and on
// nothing else: not on the sequences that share its pass, not on the number of threads.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "penfield/base/matrix_view.h"
#include "penfield/base/result.h"
#include "penfield/base/unit.h"
#include "penfield/model/architecture.h"
#include "penfield/model/buffers.h"
#include "penfield/model/weights.h"

namespace penfield::model {

// Where to look. Order and repetition mean nothing.
struct TapRequest {
  std::vector<Site> sites;
  std::vector<std::uint32_t> layers;
};

// One site of one layer in one pass. The views are good while the sink runs.
struct Tap {
  Site site = Site::kMlpPre;
  std::uint32_t layer = 0;
  MatrixView<const float> values;  // [R, n_units(site)], R: the tokens of all sequences, one after the other
  // [R, width] what the site's products read: the norm of x, as rounded; `values` themselves where the
  // site is no product.
  MatrixView<const float> input;
};

// Called by the thread that runs the pass, once for each layer (ascending) and site (in the order in which a
// block makes them); it may use parallel_for.
using TapSink = std::function<void(const Tap&)>;

using Sequence = std::span<const TokenId>;

class Model {
 public:
  // Reads config.json and the weights of a folder in Hugging Face layout. Errors: read_architecture,
  // Weights::open.
  // precision: of the products with the weights; attention's own products are of float32 always.
  [[nodiscard]] static Result<Model> open(const std::string& folder,
                                          numeric::Precision precision = numeric::Precision::kFloat32);
  // As above, with a configuration that has been read before. kInterrupted: `stop` was requested.
  [[nodiscard]] static Result<Model> open(const std::string& folder, const ModelSpec& spec,
                                          numeric::Precision precision = numeric::Precision::kFloat32,
                                          const std::stop_token& stop = {});

  // The same model with other weights (Weights::replace): what a scan finds in it was not learnt.
  [[nodiscard]] static Result<Model> open_null(const std::string& folder, const ModelSpec& spec,
                                               NullWeights kind, std::uint64_t seed,
                                               numeric::Precision precision = numeric::Precision::kFloat32,
                                               const std::stop_token& stop = {});

  [[nodiscard]] const Architecture& architecture() const { return architecture_; }
  [[nodiscard]] const Weights& weights() const { return *weights_; }
  [[nodiscard]] numeric::Precision precision() const { return precision_; }

  // For passes of at most max_rows tokens in all, on as many threads as base/parallel.h has now.
  [[nodiscard]] ForwardBuffers make_buffers(std::size_t max_rows) const;

  // kUsage: a layer or site that the model does not have, or none.
  [[nodiscard]] Result<void> check_request(const TapRequest& request) const;

  // kBadInput: a sequence that is empty or longer than the context, or a token id that the model does not
  // have.
  [[nodiscard]] Result<void> check_sequences(std::span<const Sequence> sequences) const;

  // Runs the sequences, each with positions 0, 1, … and its own causal attention, and stops behind the last
  // site that is asked for. sequences: each of 1 … n_positions tokens, together at most buffers.max_rows().
  // Errors: check_request, check_sequences; kInterrupted: `stop` was requested (looked at before every
  // layer).
  [[nodiscard]] Result<void> forward(std::span<const Sequence> sequences, const TapRequest& request,
                                     ForwardBuffers& buffers, const TapSink& sink,
                                     const std::stop_token& stop = {}) const;

  // −log P(token t + 1 | tokens 0 … t) in nats, for t = 0 … n − 2 of one sequence of n >= 2 tokens.
  // kBadInput: the file has no logits' matrix; else as forward.
  [[nodiscard]] Result<std::vector<double>> next_token_losses(Sequence sequence,
                                                              ForwardBuffers& buffers) const;

 private:
  Model(Architecture architecture, std::unique_ptr<Weights> weights, numeric::Precision precision)
      : architecture_(std::move(architecture)), weights_(std::move(weights)), precision_(precision) {}

  Architecture architecture_;
  std::unique_ptr<Weights> weights_;
  numeric::Precision precision_;
};

}  // namespace penfield::model
