#include "penfield/model/weights.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string_view>
#include <utility>

#include "penfield/base/parallel.h"

namespace penfield::model {
namespace {

using formats::Tensor;

std::string shape_text(std::span<const std::uint64_t> shape) {
  return fmt::format("[{}]", fmt::join(shape, ", "));
}

// "h.12.attn.bias" -> 12 and "attn.bias".
std::optional<std::pair<std::uint64_t, std::string_view>> parse_block_name(std::string_view name) {
  if (!name.starts_with("h.")) return std::nullopt;
  std::uint64_t layer = 0;
  const char* end = name.data() + name.size();
  const auto [at, error] = std::from_chars(name.data() + 2, end, layer);
  if (error != std::errc{} || at == end || *at != '.') return std::nullopt;
  return std::pair{layer, std::string_view(at + 1, static_cast<std::size_t>(end - at - 1))};
}

constexpr std::array<std::string_view, 12> kBlockTensors = {
    "ln_1.weight",        "ln_1.bias",        "attn.c_attn.weight", "attn.c_attn.bias",
    "attn.c_proj.weight", "attn.c_proj.bias", "ln_2.weight",        "ln_2.bias",
    "mlp.c_fc.weight",    "mlp.c_fc.bias",    "mlp.c_proj.weight",  "mlp.c_proj.bias"};
// Buffers of the training program: the causal mask and what masked scores are set to.
constexpr std::array<std::string_view, 2> kIgnoredBlockTensors = {"attn.bias", "attn.masked_bias"};

bool contains(std::span<const std::string_view> names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

// Fills a Weights: first every name and shape, then the values, all tensors in parallel.
class WeightsReader {
 public:
  WeightsReader(Weights& weights, const Architecture& architecture)
      : weights_(weights), architecture_(architecture) {
    if (weights_.file_.find("wte.weight") == nullptr &&
        weights_.file_.find("transformer.wte.weight") != nullptr) {
      prefix_ = "transformer.";
    }
  }

  // Every name and shape.
  Result<void> find() {
    PENFIELD_TRY_VOID(check_no_other_blocks());
    const std::uint64_t width = architecture_.width;
    matrix("wte.weight", architecture_.vocab_size, width, weights_.token_embedding_);
    matrix("wpe.weight", architecture_.n_positions, width, weights_.position_embedding_);
    weights_.blocks_.resize(architecture_.n_layers());
    for (std::uint32_t layer = 0; layer < architecture_.n_layers(); ++layer) block(layer);
    norm("ln_f", weights_.final_norm_);
    if (!architecture_.tied) {
      wanted_.push_back(
          {"lm_head.weight", {architecture_.vocab_size, width}, &weights_.logit_matrix_, nullptr});
    }
    return find_all();
  }

  // After find: the values.
  Result<void> read() {
    PENFIELD_TRY_VOID(load_all());
    if (architecture_.tied) weights_.logit_matrix_ = weights_.token_embedding_;
    return {};
  }

  // After find.
  [[nodiscard]] WeightsBytes bytes() const {
    WeightsBytes out;
    for (const Wanted& wanted : wanted_) {
      const std::uint64_t in_file = wanted.tensor->bytes.size();
      if (formats::as_float_view(*wanted.tensor)) {
        out.mapped += in_file;
      } else {
        out.converted += wanted.tensor->n_values() * sizeof(float);
        out.replaced += in_file;
      }
    }
    return out;
  }

 private:
  // A tensor that must be there, and the view that is to show it; one of the two.
  struct Wanted {
    std::string name;
    std::vector<std::uint64_t> shape;
    MatrixView<const float>* matrix;
    std::span<const float>* vector;
    const Tensor* tensor = nullptr;
  };

  void matrix(std::string_view name, std::uint64_t rows, std::uint64_t cols, MatrixView<const float>& view) {
    wanted_.push_back({fmt::format("{}{}", prefix_, name), {rows, cols}, &view, nullptr});
  }
  void vector(std::string_view name, std::uint64_t size, std::span<const float>& view) {
    wanted_.push_back({fmt::format("{}{}", prefix_, name), {size}, nullptr, &view});
  }
  void linear(const std::string& name, std::uint64_t in, std::uint64_t out, Linear& to) {
    matrix(name + ".weight", in, out, to.matrix);
    vector(name + ".bias", out, to.bias);
  }
  void norm(const std::string& name, Norm& to) {
    vector(name + ".weight", architecture_.width, to.gain);
    vector(name + ".bias", architecture_.width, to.shift);
  }
  void block(std::uint32_t layer) {
    BlockWeights& to = weights_.blocks_[layer];
    const std::string name = fmt::format("h.{}.", layer);
    const std::uint64_t width = architecture_.width;
    norm(name + "ln_1", to.ln_1);
    linear(name + "attn.c_attn", width, 3 * width, to.attn_in);
    linear(name + "attn.c_proj", width, width, to.attn_out);
    norm(name + "ln_2", to.ln_2);
    linear(name + "mlp.c_fc", width, architecture_.mlp.n_inner, to.mlp_in);
    linear(name + "mlp.c_proj", architecture_.mlp.n_inner, width, to.mlp_out);
  }

  // A block or a part of a block that would be left out of the forward pass makes it another model's.
  Result<void> check_no_other_blocks() const {
    for (const Tensor& tensor : weights_.file_.tensors()) {
      std::string_view name = tensor.name;
      if (name.starts_with(prefix_)) name.remove_prefix(prefix_.size());
      const auto part = parse_block_name(name);
      if (!part) continue;  // heads for other tasks, lm_head: no part of the blocks
      if (part->first >= architecture_.n_layers()) {
        return bad_input(
            "{}: tensor '{}' is of block {}, but config.json says that there are {} (\"n_layer\")",
            tensor.file, tensor.name, part->first, architecture_.n_layers());
      }
      if (!contains(kBlockTensors, part->second) && !contains(kIgnoredBlockTensors, part->second)) {
        return bad_input(
            "{}: tensor '{}' is no part of a GPT-2 block; this is a model that Penfield does not run",
            tensor.file, tensor.name);
      }
    }
    return {};
  }

  Result<void> find_all() {
    for (Wanted& wanted : wanted_) {
      wanted.tensor = weights_.file_.find(wanted.name);
      if (wanted.tensor == nullptr) {
        return bad_input(
            "{}: tensor '{}' of shape {} is missing; the file is not the whole model of its config.json",
            weights_.file_paths().front(), wanted.name, shape_text(wanted.shape));
      }
      if (wanted.tensor->shape != wanted.shape) {
        return bad_input("{}: tensor '{}' has shape {}, but config.json asks for {}", wanted.tensor->file,
                         wanted.name, shape_text(wanted.tensor->shape), shape_text(wanted.shape));
      }
    }
    return {};
  }

  Result<void> load_all() {
    // A vector in place, so that what the views show does not move.
    weights_.converted_.resize(wanted_.size());
    std::vector<Result<void>> results(wanted_.size());
    parallel_for(wanted_.size(),
                 [&](std::size_t i, int) { results[i] = load(wanted_[i], weights_.converted_[i]); });
    for (Result<void>& result : results) {  // the first in the order of the model, whichever thread met it
      if (!result) return std::move(result);
    }
    for (const Wanted& wanted : wanted_) {
      const std::string_view dtype = formats::dtype_name(wanted.tensor->dtype);
      weights_.dtype_ = weights_.dtype_.empty() || weights_.dtype_ == dtype ? std::string(dtype) : "mixed";
    }
    for (const auto& values : weights_.converted_) weights_.n_copied_bytes_ += values.size() * sizeof(float);
    return {};
  }

  static Result<void> load(const Wanted& wanted, std::vector<float>& converted) {
    std::span<const float> values;
    if (auto view = formats::as_float_view(*wanted.tensor)) {
      PENFIELD_TRY_VOID(formats::check_finite(*wanted.tensor));
      values = *view;
    } else {
      converted.resize(wanted.tensor->n_values());
      PENFIELD_TRY_VOID(formats::copy_to_float(*wanted.tensor, converted));
      values = converted;
    }
    if (wanted.matrix != nullptr) {
      *wanted.matrix = {values.data(), static_cast<std::size_t>(wanted.shape[0]),
                        static_cast<std::size_t>(wanted.shape[1])};
    } else {
      *wanted.vector = values;
    }
    return {};
  }

  Weights& weights_;
  const Architecture& architecture_;
  std::string_view prefix_;
  std::vector<Wanted> wanted_;
};

Result<WeightsBytes> Weights::measure(const std::string& folder, const Architecture& architecture) {
  PENFIELD_TRY(auto file, formats::Safetensors::open_folder(folder));
  Weights weights(std::move(file));
  WeightsReader reader(weights, architecture);
  PENFIELD_TRY_VOID(reader.find());
  return reader.bytes();
}

Result<Weights> Weights::open(const std::string& folder, const Architecture& architecture) {
  PENFIELD_TRY(auto file, formats::Safetensors::open_folder(folder));
  Weights weights(std::move(file));
  WeightsReader reader(weights, architecture);
  PENFIELD_TRY_VOID(reader.find());
  PENFIELD_TRY_VOID(reader.read());
  weights.release_pages();  // the NaN check touched all: a pass needs few rows of the token embedding
  return weights;
}

}  // namespace penfield::model
