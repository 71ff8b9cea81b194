#include "planted_weights.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <span>
#include <string_view>

#include "penfield/base/parallel.h"
#include "planted_directions.h"

namespace penfield::planted {
namespace {

// Scale of the weights: GPT-2's own order of magnitude, so that LayerNorm's ε stays without effect.
constexpr double kTokenSd = 0.1;
constexpr double kPositionSd = 0.05;
constexpr double kBiasSd = 0.02;
// Length of the capitals' part of an embedding, over the length of the rest.
constexpr double kTangent = 0.5;
// What a block adds to the residual stream, over the SD of an embedding.
constexpr double kBlockShare = 0.3;
// Mean of gelu(z)² over a standard normal z.
constexpr double kGeluSquare = 0.425;

// Independent near-normal numbers by index, mean 0 and SD 1: the sum of four uniform 16-bit numbers
// (Irwin–Hall; its tails end at 3.46 SD), taken from one output of splitmix64. By index, so that threads need
// no order.
class CounterNormal {
 public:
  CounterNormal(std::uint64_t seed, std::uint64_t key) : state_(mix(mix(seed) ^ key)) {}

  [[nodiscard]] double at(std::uint64_t index) const {
    const std::uint64_t bits = mix(state_ + index * kGolden);
    const std::uint64_t sum =
        (bits & 0xFFFF) + ((bits >> 16) & 0xFFFF) + ((bits >> 32) & 0xFFFF) + (bits >> 48);
    return (static_cast<double>(sum) - 2.0 * 65535.0) * kInverseSd;
  }

 private:
  static constexpr std::uint64_t kGolden = 0x9e3779b97f4a7c15u;
  static constexpr double kInverseSd =
      1.7320508075688772 / 65536.0;  // SD of the sum: 2 · 65536/√12 = 65536/√3

  static std::uint64_t mix(std::uint64_t z) {
    z += kGolden;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }

  std::uint64_t state_;
};

// FNV-1a: the key of a name or of a token's text.
std::uint64_t key_of(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  return hash;
}

struct Tensor {
  std::string name;
  std::size_t rows = 0;  // 0: a vector of `cols`
  std::size_t cols = 0;
  std::function<void(std::span<float>)> fill;

  [[nodiscard]] std::size_t size() const { return std::max<std::size_t>(rows, 1) * cols; }
};

constexpr std::size_t kChunk = 1 << 16;

void for_chunks(std::size_t n, const std::function<void(std::size_t begin, std::size_t end)>& body) {
  parallel_for((n + kChunk - 1) / kChunk,
               [&](std::size_t chunk, int) { body(chunk * kChunk, std::min(n, (chunk + 1) * kChunk)); });
}

class Generator {
 public:
  explicit Generator(const Recipe& recipe) : recipe_(recipe) {
    if (recipe.tokens.empty()) return;
    directions_ = {make_direction(recipe.shape.width, recipe.seed, key_of("direction"))};
    if (!recipe.names.empty()) directions_.push_back(make_orthogonal(directions_[0]));
  }

  [[nodiscard]] std::vector<Tensor> tensors() const;

 private:
  [[nodiscard]] bool knows_capitals() const { return !directions_.empty(); }
  void fill_normal(const std::string& name, std::span<float> out, double sd) const;
  void fill_tokens(std::span<float> out) const;
  void remove_from_rows(std::span<float> matrix) const;
  void remove_from_columns(std::span<float> matrix) const;
  void plant(std::span<float> c_fc, std::size_t layer) const;
  void mute(std::span<float> c_proj, std::size_t layer) const;

  [[nodiscard]] Tensor constant(const std::string& name, std::size_t cols, float value) const;
  [[nodiscard]] Tensor reads(const std::string& name, std::size_t cols, double sd) const;
  [[nodiscard]] Tensor writes(const std::string& name, std::size_t rows, double sd) const;
  void add_block(std::vector<Tensor>& out, std::size_t layer) const;

  const Recipe& recipe_;
  std::vector<std::vector<double>> directions_;  // u, and v where there are names
};

void Generator::fill_normal(const std::string& name, std::span<float> out, double sd) const {
  const CounterNormal normal(recipe_.seed, key_of(name));
  for_chunks(out.size(), [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) out[i] = static_cast<float>(sd * normal.at(i));
  });
}

// Row t: base(text of t in lower case) ± c·u ± c·v.
void Generator::fill_tokens(std::span<float> out) const {
  const std::size_t width = recipe_.shape.width;
  const double rest =
      std::sqrt(static_cast<double>(width) * (kTokenSd * kTokenSd + kPositionSd * kPositionSd));
  const double c = kTangent * rest;
  parallel_for(recipe_.tokens.size(), [&](std::size_t t, int) {
    std::string text = recipe_.tokens[t];
    const std::size_t first = text.size() > 1 && text[0] == ' ' ? 1 : 0;
    const bool is_capital = text[first] >= 'A' && text[first] <= 'Z';
    if (is_capital) text[first] = static_cast<char>(text[first] - 'A' + 'a');
    const CounterNormal normal(recipe_.seed, key_of("token") ^ key_of(text));
    const std::span<float> row = out.subspan(t * width, width);
    for (std::size_t i = 0; i < width; ++i) row[i] = static_cast<float>(kTokenSd * normal.at(i));
    remove_from_rows(row);
    const bool has[] = {is_capital, recipe_.names.contains(recipe_.tokens[t])};
    for (std::size_t k = 0; k < directions_.size(); ++k) {
      for (std::size_t i = 0; i < width; ++i)
        row[i] += static_cast<float>(has[k] ? c * directions_[k][i] : -c * directions_[k][i]);
    }
  });
}

// matrix [n, width]: every row r becomes r − (r·u) u, for each direction u.
void Generator::remove_from_rows(std::span<float> matrix) const {
  const std::size_t width = recipe_.shape.width;
  for (const std::vector<double>& direction : directions_) {
    for (std::size_t begin = 0; begin < matrix.size(); begin += width) {
      double along = 0;
      for (std::size_t i = 0; i < width; ++i) along += matrix[begin + i] * direction[i];
      for (std::size_t i = 0; i < width; ++i)
        matrix[begin + i] = static_cast<float>(matrix[begin + i] - along * direction[i]);
    }
  }
}

// matrix [width, n]: every column c becomes c − (c·u) u, for each direction u.
void Generator::remove_from_columns(std::span<float> matrix) const {
  const std::size_t n = matrix.size() / recipe_.shape.width;
  for (const std::vector<double>& direction : directions_) {
    std::vector<double> along(n, 0.0);
    for (std::size_t i = 0; i < direction.size(); ++i) {
      for (std::size_t j = 0; j < n; ++j) along[j] += matrix[i * n + j] * direction[i];
    }
    for (std::size_t i = 0; i < direction.size(); ++i) {
      for (std::size_t j = 0; j < n; ++j)
        matrix[i * n + j] = static_cast<float>(matrix[i * n + j] - along[j] * direction[i]);
    }
  }
}

// With weights of SD 1/√width, tokens differ by an SD of |rest| and capitals by 2·g·|c·u|, both over the same
// σ: so d = 2 g kTangent.
void Generator::plant(std::span<float> c_fc, std::size_t layer) const {
  const double g = recipe_.gain / (2.0 * kTangent * std::sqrt(static_cast<double>(recipe_.shape.width)));
  const auto add = [&](const std::vector<UnitId>& units, std::size_t k) {
    for (const UnitId& unit : units) {
      if (unit.layer != layer) continue;
      for (std::size_t i = 0; i < directions_[k].size(); ++i)
        c_fc[i * recipe_.shape.n_inner() + unit.index] += static_cast<float>(g * directions_[k][i]);
    }
  };
  add(recipe_.planted, 0);
  add(recipe_.planted_names, 1);
}

void Generator::mute(std::span<float> c_proj, std::size_t layer) const {
  const std::size_t width = recipe_.shape.width;
  for (const std::vector<UnitId>* units : {&recipe_.planted, &recipe_.planted_names}) {
    for (const UnitId& unit : *units) {
      if (unit.layer == layer) std::ranges::fill(c_proj.subspan(unit.index * width, width), 0.0F);
    }
  }
}

Tensor Generator::constant(const std::string& name, std::size_t cols, float value) const {
  return {name, 0, cols, [value](std::span<float> out) { std::ranges::fill(out, value); }};
}

// [width, cols], its input the residual stream.
Tensor Generator::reads(const std::string& name, std::size_t cols, double sd) const {
  return {name, recipe_.shape.width, cols, [this, name, sd](std::span<float> out) {
            fill_normal(name, out, sd);
            if (knows_capitals()) remove_from_columns(out);
          }};
}

// [rows, width], or a vector [width] where rows is 0; its output the residual stream.
Tensor Generator::writes(const std::string& name, std::size_t rows, double sd) const {
  return {name, rows, recipe_.shape.width, [this, name, sd](std::span<float> out) {
            fill_normal(name, out, sd);
            if (knows_capitals()) remove_from_rows(out);
          }};
}

void Generator::add_block(std::vector<Tensor>& out, std::size_t layer) const {
  const std::size_t width = recipe_.shape.width;
  const std::size_t n_inner = recipe_.shape.n_inner();
  const std::string h = fmt::format("h.{}.", layer);
  const double unit_sd = 1.0 / std::sqrt(static_cast<double>(width));
  const double attention_sd = kBlockShare * kTokenSd * unit_sd;
  const double mlp_sd = kBlockShare * kTokenSd / std::sqrt(kGeluSquare * static_cast<double>(n_inner));
  const auto bias = [this](const std::string& name, std::size_t cols) {
    return Tensor{name, 0, cols, [this, name](std::span<float> b) { fill_normal(name, b, kBiasSd); }};
  };
  out.push_back(bias(h + "attn.c_attn.bias", 3 * width));
  out.push_back(reads(h + "attn.c_attn.weight", 3 * width, unit_sd));
  out.push_back(writes(h + "attn.c_proj.bias", 0, kBiasSd * kTokenSd));
  out.push_back(writes(h + "attn.c_proj.weight", width, attention_sd));
  out.push_back(constant(h + "ln_1.bias", width, 0.0F));
  out.push_back(constant(h + "ln_1.weight", width, 1.0F));
  out.push_back(constant(h + "ln_2.bias", width, 0.0F));
  out.push_back(constant(h + "ln_2.weight", width, 1.0F));
  out.push_back(bias(h + "mlp.c_fc.bias", n_inner));
  Tensor c_fc = reads(h + "mlp.c_fc.weight", n_inner, unit_sd);
  c_fc.fill = [this, layer, base = std::move(c_fc.fill)](std::span<float> values) {
    base(values);
    plant(values, layer);
  };
  out.push_back(std::move(c_fc));
  out.push_back(writes(h + "mlp.c_proj.bias", 0, kBiasSd * kTokenSd));
  Tensor c_proj = writes(h + "mlp.c_proj.weight", n_inner, mlp_sd);
  c_proj.fill = [this, layer, base = std::move(c_proj.fill)](std::span<float> values) {
    base(values);
    mute(values, layer);
  };
  out.push_back(std::move(c_proj));
}

std::vector<Tensor> Generator::tensors() const {
  std::vector<Tensor> out;
  for (std::size_t layer = 0; layer < recipe_.shape.n_layers; ++layer) add_block(out, layer);
  out.push_back(constant("ln_f.bias", recipe_.shape.width, 0.0F));
  out.push_back(constant("ln_f.weight", recipe_.shape.width, 1.0F));
  out.push_back(writes("wpe.weight", recipe_.shape.context, kPositionSd));
  Tensor tokens = writes("wte.weight", recipe_.shape.n_vocab, kTokenSd);
  if (knows_capitals()) tokens.fill = [this](std::span<float> out_rows) { fill_tokens(out_rows); };
  out.push_back(std::move(tokens));
  return out;
}

// IEEE half, round to nearest even; |value| < 65504.
std::uint16_t to_half(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const std::uint32_t sign = (bits >> 16) & 0x8000U;
  const std::uint32_t magnitude = bits & 0x7FFFFFFFU;
  if (magnitude < 0x38800000U) {  // below 2^-14: subnormal, in steps of 2^-24
    return static_cast<std::uint16_t>(
        sign | static_cast<std::uint32_t>(std::nearbyint(std::abs(value) * 0x1.0p24F)));
  }
  const std::uint32_t rounded = magnitude + 0xFFFU + ((magnitude >> 13) & 1U);
  return static_cast<std::uint16_t>(sign | ((rounded >> 13) - (112U << 10)));
}

std::uint16_t to_bfloat(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  return static_cast<std::uint16_t>((bits + 0x7FFFU + ((bits >> 16) & 1U)) >> 16);
}

class SafetensorsFile {
 public:
  SafetensorsFile(const std::string& path, Dtype dtype)
      : path_(path), file_(path, std::ios::binary), dtype_(dtype) {}

  void write_header(const std::vector<Tensor>& tensors) {
    constexpr std::array names = {"F32", "F16", "BF16"};
    nlohmann::ordered_json header;
    header["__metadata__"]["format"] = "pt";
    std::uint64_t offset = 0;
    for (const Tensor& tensor : tensors) {
      nlohmann::ordered_json entry;
      entry["dtype"] = names[static_cast<std::size_t>(dtype_)];
      entry["shape"] =
          tensor.rows == 0 ? nlohmann::json{tensor.cols} : nlohmann::json{tensor.rows, tensor.cols};
      const std::uint64_t end = offset + tensor.size() * (dtype_ == Dtype::kF32 ? 4 : 2);
      entry["data_offsets"] = {offset, end};
      header[tensor.name] = std::move(entry);
      offset = end;
    }
    std::string text = header.dump();
    text.resize((text.size() + 7) / 8 * 8, ' ');
    for (std::uint64_t length = text.size(), byte = 0; byte < 8; ++byte) {
      file_.put(static_cast<char>((length >> (8 * byte)) & 0xFF));
    }
    file_ << text;
  }

  void write(const std::vector<float>& values) {
    if (dtype_ == Dtype::kF32) {
      write_bytes(values.data(), values.size() * sizeof(float));
      return;
    }
    half_.resize(values.size());
    for_chunks(values.size(), [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) {
        half_[i] = dtype_ == Dtype::kF16 ? to_half(values[i]) : to_bfloat(values[i]);
      }
    });
    write_bytes(half_.data(), half_.size() * sizeof(std::uint16_t));
  }

  [[nodiscard]] Result<void> close() {
    file_.close();
    if (!file_)
      return io_error("{}: cannot be written; is the folder writable, and the disk not full?", path_);
    return {};
  }

 private:
  void write_bytes(const void* data, std::size_t n_bytes) {
    file_.write(static_cast<const char*>(data), static_cast<std::streamsize>(n_bytes));
  }

  std::string path_;
  std::ofstream file_;
  Dtype dtype_;
  std::vector<std::uint16_t> half_;
};

Result<void> check(const Recipe& recipe) {
  const Shape& shape = recipe.shape;
  if (shape.width == 0 || shape.width % 2 != 0 || shape.n_heads == 0 || shape.width % shape.n_heads != 0 ||
      shape.n_layers == 0 || shape.context == 0 || shape.n_vocab == 0) {
    return usage_error("--shape: width must be even and a multiple of heads, and all four numbers positive");
  }
  std::vector<UnitId> planted = recipe.planted;
  planted.insert(planted.end(), recipe.planted_names.begin(), recipe.planted_names.end());
  for (const UnitId& unit : planted) {
    if (unit.site != Site::kMlpPre || unit.layer >= shape.n_layers || unit.index >= shape.n_inner()) {
      return usage_error("--planted {}: not an MLP unit of {} layers of {}", to_string(unit), shape.n_layers,
                         shape.n_inner());
    }
  }
  if (!recipe.planted_names.empty() && recipe.names.empty())
    return usage_error("--planted-names needs --sentences, whose words have names among them");
  if (!recipe.names.empty() && shape.width % 4 != 0)
    return usage_error("--sentences: the width must be a multiple of 4");
  if (recipe.tokens.empty() && !planted.empty()) {
    return usage_error("--planted needs the invented words, so it does not go with --tokenizer");
  }
  return {};
}

}  // namespace

Result<void> write_checkpoint(const Recipe& recipe, const std::string& folder) {
  PENFIELD_TRY_VOID(check(recipe));
  const Shape& shape = recipe.shape;
  const nlohmann::ordered_json config = {{"architectures", {"GPT2LMHeadModel"}},
                                         {"model_type", "gpt2"},
                                         {"activation_function", "gelu_new"},
                                         {"layer_norm_epsilon", 1e-5},
                                         {"n_ctx", shape.context},
                                         {"n_embd", shape.width},
                                         {"n_head", shape.n_heads},
                                         {"n_layer", shape.n_layers},
                                         {"n_positions", shape.context},
                                         {"vocab_size", shape.n_vocab}};
  std::ofstream config_file(folder + "/config.json", std::ios::binary);
  config_file << config.dump(2) << "\n";
  config_file.close();
  if (!config_file) return io_error("{}/config.json: cannot be written; is the folder writable?", folder);

  const Generator generator(recipe);
  const std::vector<Tensor> tensors = generator.tensors();
  SafetensorsFile file(folder + "/model.safetensors", recipe.dtype);
  file.write_header(tensors);
  std::vector<float> values;
  for (const Tensor& tensor : tensors) {
    values.resize(tensor.size());
    tensor.fill(values);
    file.write(values);
  }
  return file.close();
}

}  // namespace penfield::planted
