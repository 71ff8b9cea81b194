// For tests: a small GPT-2 checkpoint in memory that can be spoilt in any way and written to a folder.
#pragma once

#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "penfield/base/random.h"

namespace penfield::model {

struct TensorForTests {
  std::string dtype = "F32";
  std::vector<std::uint64_t> shape;
  std::string bytes;

  void set_float(std::size_t at, float value) {
    std::memcpy(bytes.data() + at * sizeof value, &value, sizeof value);
  }
};

class CheckpointForTests {
 public:
  nlohmann::json config = {{"model_type", "gpt2"}, {"n_embd", 24},     {"n_layer", 3}, {"n_head", 3},
                           {"n_positions", 32},    {"vocab_size", 50}, {"n_inner", 40}};
  std::map<std::string, TensorForTests> tensors;

  // Random weights of the shape that `config` has at this moment.
  void fill(std::uint64_t seed = 1) {
    tensors.clear();
    random_ = Random(seed);
    const std::uint64_t width = config["n_embd"], inner = config.value("n_inner", 4 * width);
    add("wte.weight", {config["vocab_size"], width}, 1.0);
    add("wpe.weight", {config["n_positions"], width}, 1.0);
    for (std::uint64_t layer = 0; layer < config["n_layer"]; ++layer) {
      const std::string h = "h." + std::to_string(layer) + ".";
      for (const char* norm : {"ln_1", "ln_2"}) add_vectors(h + norm, width);
      add_linear(h + "attn.c_attn", width, 3 * width);
      add_linear(h + "attn.c_proj", width, width);
      add_linear(h + "mlp.c_fc", width, inner);
      add_linear(h + "mlp.c_proj", inner, width);
    }
    add_vectors("ln_f", width);
  }

  // Writes config.json and model.safetensors.
  void write(const std::filesystem::path& folder) const {
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "config.json") << config;
    nlohmann::json header;
    std::string data;
    for (const auto& [name, tensor] : tensors) {
      header[name] = {{"dtype", tensor.dtype},
                      {"shape", tensor.shape},
                      {"data_offsets", {data.size(), data.size() + tensor.bytes.size()}}};
      data += tensor.bytes;
    }
    std::string text = header.dump();
    text.resize((text.size() + 7) / 8 * 8, ' ');
    const std::uint64_t length = text.size();
    std::ofstream file(folder / "model.safetensors", std::ios::binary);
    file.write(reinterpret_cast<const char*>(&length), sizeof length);
    file << text << data;
  }

 private:
  void add(const std::string& name, std::vector<std::uint64_t> shape, double scale, double middle = 0) {
    std::uint64_t n = 1;
    for (const std::uint64_t size : shape) n *= size;
    TensorForTests& tensor = tensors[name];
    tensor.shape = std::move(shape);
    tensor.bytes.resize(n * sizeof(float));
    for (std::uint64_t i = 0; i < n; ++i) {
      tensor.set_float(i, static_cast<float>(middle + scale * (2 * random_.uniform() - 1)));
    }
  }
  void add_linear(const std::string& name, std::uint64_t in, std::uint64_t out) {
    add(name + ".weight", {in, out}, 0.5);
    add(name + ".bias", {out}, 0.5);
  }
  void add_vectors(const std::string& name, std::uint64_t width) {
    add(name + ".weight", {width}, 0.5, 1);
    add(name + ".bias", {width}, 0.5);
  }

  Random random_{1};
};

// A folder of this process and test, gone at the end.
class FolderForTests {
 public:
  explicit FolderForTests(std::string_view name)
      : path_(std::filesystem::temp_directory_path() /
              ("penfield-" + std::string(name) + "-" + std::to_string(::getpid()))) {
    std::filesystem::remove_all(path_);
    std::filesystem::create_directories(path_);
  }
  FolderForTests(const FolderForTests&) = delete;
  FolderForTests& operator=(const FolderForTests&) = delete;
  ~FolderForTests() { std::filesystem::remove_all(path_); }

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::string string() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

}  // namespace penfield::model
