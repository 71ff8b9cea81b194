// GPT-2, run over windows of text as far as its activations are asked for.
//
// Source: Radford et al. 2019; the order of operations is that of the released model (method.md §6, restated
// in gpt2.cc). Contract: against a float64 reference on the same weights, every site of every layer agrees to
// max|Δ| / max|a| <= 1e-5 (gpt2_golden_test.cc holds it; measured <= 2e-6). A token's activations depend, to
// the last bit, on the tokens before it in its own sequence and on nothing else: not on the sequences that
// share its pass, not on the number of threads.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "penfield/base/matrix_view.h"
#include "penfield/base/result.h"
#include "penfield/base/unit.h"
#include "penfield/model/buffers.h"
#include "penfield/model/config.h"
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
  MatrixView<const float>
      input;  // [R, n_embd] what the site's product is made of: LN1 x (attn.*), LN2 x (mlp.*)
};

// Called by the thread that runs the pass, once for each layer (ascending) and site (attn.q, attn.k, attn.v,
// mlp.pre, mlp.post); it may use parallel_for.
using TapSink = std::function<void(const Tap&)>;

using Sequence = std::span<const TokenId>;

class Gpt2 {
 public:
  // Reads config.json and the weights of a folder in Hugging Face layout. Errors: read_config,
  // Gpt2Weights::open.
  [[nodiscard]] static Result<Gpt2> open(const std::string& folder);

  // The same model with shuffled weights (Gpt2Weights::shuffle): what a scan finds in it was not learnt.
  [[nodiscard]] static Result<Gpt2> open_shuffled(const std::string& folder, std::uint64_t seed);

  [[nodiscard]] const Gpt2Config& config() const { return config_; }
  [[nodiscard]] const Gpt2Weights& weights() const { return *weights_; }

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
  [[nodiscard]] Result<std::vector<double>> next_token_losses(Sequence sequence,
                                                              ForwardBuffers& buffers) const;

 private:
  Gpt2(const Gpt2Config& config, std::unique_ptr<Gpt2Weights> weights)
      : config_(config), weights_(std::move(weights)) {}

  Gpt2Config config_;
  std::unique_ptr<Gpt2Weights> weights_;
};

}  // namespace penfield::model
