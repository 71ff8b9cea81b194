#include "penfield/model/model.h"

#include <algorithm>

#include "penfield/base/parallel.h"
#include "penfield/model/forward_pass.h"
#include "penfield/model/model_spec.h"
#include "penfield/model/sites.h"

namespace penfield::model {
namespace {

template <typename T>
bool holds(std::span<const T> values, T value) {
  return std::ranges::find(values, value) != values.end();
}

}  // namespace

Result<Model> Model::open(const std::string& folder, numeric::Precision precision) {
  PENFIELD_TRY(const ModelSpec spec, read_model_spec(folder));
  return open(folder, spec, precision);
}

Result<Model> Model::open(const std::string& folder, const ModelSpec& spec, numeric::Precision precision,
                          const std::stop_token& stop) {
  PENFIELD_TRY(auto weights, Weights::open(folder, spec, stop));
  return Model(spec.architecture, std::make_unique<Weights>(std::move(weights)), precision);
}

ForwardBuffers Model::make_buffers(std::size_t max_rows) const {
  return {architecture_, max_rows, n_threads(), precision_};
}

Result<void> Model::check_request(const TapRequest& request) const {
  if (request.sites.empty() || request.layers.empty()) return usage_error("no site or no layer was given");
  for (const Site site : request.sites) PENFIELD_TRY_VOID(check_site(architecture_, site));
  for (const std::uint32_t layer : request.layers) {
    if (layer >= architecture_.n_layers()) {
      return usage_error("there is no layer {}: the model has layers 0 to {}", layer,
                         architecture_.n_layers() - 1);
    }
  }
  return {};
}

Result<void> Model::check_sequences(std::span<const Sequence> sequences) const {
  for (const Sequence& sequence : sequences) {
    if (sequence.empty() || sequence.size() > architecture_.n_positions) {
      return bad_input("a window has {} tokens, but the model's context is {}; ask for shorter windows",
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
  pass.embed(sequences);
  for (std::uint32_t layer = 0; layer <= last_layer; ++layer) {
    if (stop.stop_requested())
      return fail(ErrorKind::kInterrupted, "stopped before layer {} of a window", layer);
    const bool is_tapped = holds<std::uint32_t>(request.layers, layer);
    const auto tap = [&](Site site, const MatrixView<float>& values) {
      if (!is_tapped || !holds<Site>(request.sites, site)) return;
      const bool is_product = !products_of(architecture_, site).empty();
      sink({site, layer, values, is_product ? pass.rows(buffers.norm) : values});
    };
    pass.run_block(layer, layer == last_layer ? parts_for(architecture_, request.sites) : BlockParts{}, tap);
  }
  return {};
}

}  // namespace penfield::model
