#include "penfield/model/model.h"

#include <algorithm>
#include <array>

#include "penfield/base/parallel.h"
#include "penfield/model/forward_pass.h"

namespace penfield::model {
namespace {

bool holds(std::span<const Site> sites, std::initializer_list<Site> any_of) {
  return std::find_first_of(sites.begin(), sites.end(), any_of.begin(), any_of.end()) != sites.end();
}

}  // namespace

Result<Model> Model::open(const std::string& folder, numeric::Precision precision) {
  PENFIELD_TRY(const Architecture architecture, read_architecture(folder));
  PENFIELD_TRY(auto weights, Weights::open(folder, architecture));
  return Model(architecture, std::make_unique<Weights>(std::move(weights)), precision);
}

ForwardBuffers Model::make_buffers(std::size_t max_rows) const {
  return {architecture_, max_rows, n_threads(), precision_};
}

Result<void> Model::check_request(const TapRequest& request) const {
  if (request.sites.empty() || request.layers.empty()) return usage_error("no site or no layer is asked for");
  if (holds(request.sites, {Site::kColumn})) return usage_error("site 'column' is not in a model");
  for (const std::uint32_t layer : request.layers) {
    if (layer >= architecture_.n_layers()) {
      return usage_error("layer {} is asked for, but the model has layers 0 to {}", layer,
                         architecture_.n_layers() - 1);
    }
  }
  return {};
}

Result<void> Model::check_sequences(std::span<const Sequence> sequences) const {
  for (const Sequence& sequence : sequences) {
    if (sequence.empty() || sequence.size() > architecture_.n_positions) {
      return bad_input(
          "a window has {} tokens, but the model's context (\"n_positions\") is {}; ask for shorter windows",
          sequence.size(), architecture_.n_positions);
    }
    for (const TokenId token : sequence) {
      if (static_cast<std::uint32_t>(token) >= architecture_.vocab_size) {
        return bad_input(
            "token id {} is not in the model's vocabulary of {} (\"vocab_size\"); tokenizer and model do not "
            "belong "
            "together",
            static_cast<std::uint32_t>(token), architecture_.vocab_size);
      }
    }
  }
  return {};
}

Result<void> Model::forward(std::span<const Sequence> sequences, const TapRequest& request,
                            ForwardBuffers& buffers, const TapSink& sink, const std::stop_token& stop) const {
  PENFIELD_TRY_VOID(check_request(request));
  PENFIELD_TRY_VOID(check_sequences(sequences));
  ForwardPass pass(architecture_, *weights_, precision_, sequences, buffers);
  const std::uint32_t last_layer = *std::max_element(request.layers.begin(), request.layers.end());
  const bool wants_mlp = holds(request.sites, {Site::kMlpPre, Site::kMlpPost});
  const bool wants_post = holds(request.sites, {Site::kMlpPost});

  pass.embed(sequences);
  for (std::uint32_t layer = 0; layer <= last_layer; ++layer) {
    if (stop.stop_requested())
      return fail(ErrorKind::kInterrupted, "stopped before layer {} of a window", layer);
    const bool is_last = layer == last_layer;
    const bool is_tapped =
        std::find(request.layers.begin(), request.layers.end(), layer) != request.layers.end();
    const auto tap = [&](Site site, const MatrixView<float>& values) {
      if (is_tapped && holds(request.sites, {site})) sink({site, layer, values, pass.rows(buffers.norm)});
    };
    pass.attention_in(layer);
    const MatrixView<float> qkv = pass.rows(buffers.qkv);
    constexpr std::array kParts = {Site::kAttnQ, Site::kAttnK, Site::kAttnV};
    for (std::size_t part = 0; part < kParts.size(); ++part) {
      tap(kParts[part], qkv.block(0, qkv.rows, part * architecture_.width, architecture_.width));
    }
    if (is_last && !wants_mlp) break;
    pass.attention_out(layer);
    pass.mlp_in(layer, is_last && !wants_post ? ForwardPass::Mlp::kPre : ForwardPass::Mlp::kPreAndPost);
    tap(Site::kMlpPre, pass.rows(buffers.mlp_pre));
    tap(Site::kMlpPost, pass.rows(buffers.mlp_post));
    if (is_last) break;
    pass.mlp_out(layer);
  }
  return {};
}

}  // namespace penfield::model
