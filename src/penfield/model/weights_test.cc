#include "penfield/model/weights.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <utility>

#include "penfield/base/parallel.h"
#include "penfield/model/checkpoint_for_tests.h"
#include "penfield/model/model.h"

namespace penfield::model {
namespace {

using testing::HasSubstr;

// The error of opening the valid checkpoint after it was spoilt.
Error open_spoilt(const std::function<void(CheckpointForTests&)>& spoil) {
  CheckpointForTests checkpoint;
  checkpoint.fill();
  spoil(checkpoint);
  const FolderForTests folder("weights");
  checkpoint.write(folder.path());
  const auto model = Model::open(folder.string());
  return model ? Error{ErrorKind::kIo, "opened"} : model.error();
}

void expect_refused(const std::function<void(CheckpointForTests&)>& spoil,
                    const std::vector<std::string>& parts) {
  const Error error = open_spoilt(spoil);
  EXPECT_EQ(error.kind, ErrorKind::kBadInput) << error.message;
  for (const std::string& part : parts) EXPECT_THAT(error.message, HasSubstr(part));
  EXPECT_EQ(error.message.find('\n'), std::string::npos);
}

TEST(Weights, AlignedFloat32IsUsedInPlace) {
  CheckpointForTests checkpoint;
  checkpoint.fill();
  const FolderForTests folder("weights");
  checkpoint.write(folder.path());
  const auto model = Model::open(folder.string());
  ASSERT_TRUE(model.has_value()) << model.error().message;
  EXPECT_EQ(model->weights().dtype(), "F32");
  const numeric::WeightView& matrix = model->weights().block(1).up.matrix;
  EXPECT_EQ(matrix.widen, nullptr);
  float first = 0;
  std::memcpy(&first, checkpoint.tensors["h.1.mlp.c_fc.weight"].bytes.data() + 41 * sizeof first,
              sizeof first);
  std::vector<float> column(24);
  matrix.read_output(1, column);
  EXPECT_EQ(column[1], first);  // [in, out], rows of 40
}

// Matrices are used where they lie, whatever their width; norms and biases are held as float32.
TEST(Weights, WhatTheyTakeIsKnownBeforehand) {
  CheckpointForTests checkpoint;
  checkpoint.fill();
  checkpoint.tensors["score.weight"] = {.shape = {2}, .bytes = std::string(2 * sizeof(float), 0)};
  std::uint64_t n_mapped = 0, n_converted = 0, n_replaced = 0;
  for (auto& [name, tensor] : checkpoint.tensors) {
    if (name == "score.weight") continue;  // no part of the model
    const bool is_half = name.find("c_fc") != std::string::npos;
    const std::uint64_t n_values = tensor.bytes.size() / sizeof(float);
    if (is_half) {
      tensor.dtype = "F16";
      tensor.bytes = std::string(tensor.bytes.size() / 2, 0);
    }
    if (tensor.shape.size() == 2) {
      n_mapped += tensor.bytes.size();
    } else {
      n_converted += n_values * sizeof(float);
      n_replaced += tensor.bytes.size();
    }
  }
  const FolderForTests folder("weights");
  checkpoint.write(folder.path());
  const auto model = Model::open(folder.string());
  ASSERT_TRUE(model.has_value()) << model.error().message;
  EXPECT_EQ(model->weights().dtype(), "mixed");
  const auto bytes = Weights::measure(folder.string(), read_model_spec(folder.string()).value());
  ASSERT_TRUE(bytes.has_value()) << bytes.error().message;
  EXPECT_EQ(bytes->mapped, n_mapped);
  EXPECT_EQ(bytes->converted, n_converted);
  EXPECT_EQ(bytes->replaced, n_replaced);
  EXPECT_EQ(bytes->shuffled, n_mapped + n_replaced);
  checkpoint.tensors.erase("ln_f.bias");
  const FolderForTests spoilt("weights-spoilt");
  checkpoint.write(spoilt.path());
  EXPECT_FALSE(Weights::measure(spoilt.string(), read_model_spec(spoilt.string()).value()).has_value());
}

TEST(Weights, MissingTensor) {
  CheckpointForTests whole;
  whole.fill();
  for (const auto& tensor : whole.tensors) {
    const std::string& name = tensor.first;
    expect_refused([&](CheckpointForTests& checkpoint) { checkpoint.tensors.erase(name); },
                   {"'" + name + "'", "missing", "model.safetensors"});
  }
}

TEST(Weights, WrongShape) {
  CheckpointForTests whole;
  whole.fill();
  for (const auto& tensor : whole.tensors) {
    const std::string& name = tensor.first;
    expect_refused(
        [&](CheckpointForTests& checkpoint) {
          TensorForTests& spoilt = checkpoint.tensors[name];
          spoilt.shape.front() += 1;
          std::size_t n = sizeof(float);
          for (const std::uint64_t size : spoilt.shape) n *= size;
          spoilt.bytes.resize(n);
        },
        {"'" + name + "'", "shape"});
  }
}

TEST(Weights, SaysFoundAndExpectedShape) {
  // A matrix stored as [out, in], as other frameworks do.
  expect_refused(
      [](CheckpointForTests& checkpoint) {
        checkpoint.tensors["h.2.mlp.c_fc.weight"].shape = {40, 24};
      },
      {"'h.2.mlp.c_fc.weight'", "[40, 24]", "[24, 40]"});
  // Another rank with as many values.
  expect_refused(
      [](CheckpointForTests& checkpoint) {
        checkpoint.tensors["ln_f.bias"].shape = {1, 24};
      },
      {"'ln_f.bias'", "[1, 24]", "[24]"});
  // A vocabulary that is not the embedding's.
  expect_refused([](CheckpointForTests& checkpoint) { checkpoint.config["vocab_size"] = 51; },
                 {"'wte.weight'", "[50, 24]", "[51, 24]"});
}

TEST(Weights, NotFinite) {
  const float nan = std::numeric_limits<float>::quiet_NaN(), inf = std::numeric_limits<float>::infinity();
  for (const int threads : {1, 2, 8}) {
    set_threads(threads);
    for (const float value : {nan, inf, -inf}) {
      expect_refused(
          [&](CheckpointForTests& checkpoint) {
            checkpoint.tensors["h.1.attn.c_attn.weight"].set_float(700, value);
            checkpoint.tensors["h.2.ln_2.bias"].set_float(3,
                                                          value);  // the first in the model's order is named
          },
          {"'h.1.attn.c_attn.weight'", "700"});
    }
  }
  set_threads(0);
  // Also where the values are converted.
  expect_refused(
      [&](CheckpointForTests& checkpoint) {
        TensorForTests& half = checkpoint.tensors["h.0.attn.c_proj.bias"];
        half.dtype = "F16";
        half.bytes.assign(48, '\0');
        half.bytes[11] = '\x7c';
      },
      {"'h.0.attn.c_proj.bias'", "5"});
}

TEST(Weights, WrongType) {
  expect_refused([](CheckpointForTests& checkpoint) { checkpoint.tensors["wpe.weight"].dtype = "I32"; },
                 {"'wpe.weight'", "I32"});
}

TEST(Weights, BlocksBeyondTheConfig) {
  expect_refused([](CheckpointForTests& checkpoint) { checkpoint.config["n_layer"] = 2; },
                 {"'h.2.", "config.json", "there are 2"});
}

TEST(Weights, PartsOfOtherModels) {
  expect_refused(
      [](CheckpointForTests& checkpoint) {
        checkpoint.tensors["h.1.crossattention.c_attn.weight"] = checkpoint.tensors["h.1.attn.c_attn.weight"];
      },
      {"'h.1.crossattention.c_attn.weight'"});
}

// Buffers of old checkpoints and heads for other tasks are no part of the blocks; both ways of naming are
// read.
TEST(Weights, BuffersHeadsAndPrefix) {
  CheckpointForTests checkpoint;
  checkpoint.fill();
  checkpoint.tensors["h.0.attn.bias"] = {"U8", {1, 1, 2, 2}, std::string(4, '\1')};
  checkpoint.tensors["h.0.attn.masked_bias"] = {"F32", {}, std::string(4, '\0')};
  CheckpointForTests prefixed;
  for (const auto& [name, tensor] : checkpoint.tensors) prefixed.tensors["transformer." + name] = tensor;
  prefixed.tensors["lm_head.weight"] = checkpoint.tensors["wte.weight"];
  for (const CheckpointForTests* either : {&checkpoint, &prefixed}) {
    const FolderForTests folder("weights");
    either->write(folder.path());
    const auto model = Model::open(folder.string());
    EXPECT_TRUE(model.has_value()) << model.error().message;
  }
}

// A scan needs no logits; a loss says that there are none.
TEST(Weights, UntiedWithoutLogits) {
  CheckpointForTests checkpoint;
  checkpoint.fill();
  checkpoint.config["tie_word_embeddings"] = false;
  const FolderForTests folder("weights");
  checkpoint.write(folder.path());
  const auto model = Model::open(folder.string());
  ASSERT_TRUE(model.has_value()) << model.error().message;
  auto buffers = model->make_buffers(4);
  const auto losses = model->next_token_losses(std::vector<TokenId>(4), buffers);
  ASSERT_FALSE(losses.has_value());
  EXPECT_EQ(losses.error().kind, ErrorKind::kBadInput);
  EXPECT_THAT(losses.error().message, HasSubstr("logits"));
}

// torch.compile and DistributedDataParallel wrap a model, and its names with it.
TEST(Weights, WrappedNamesAreExplained) {
  for (const std::string wrapper : {"_orig_mod.", "module."}) {
    expect_refused(
        [&](CheckpointForTests& checkpoint) {
          std::map<std::string, TensorForTests> wrapped;
          for (auto& [name, tensor] : checkpoint.tensors) wrapped[wrapper + "transformer." + name] = tensor;
          checkpoint.tensors = std::move(wrapped);
        },
        {"'" + wrapper + "'", "removeprefix", "model.safetensors"});
  }
}

TEST(Weights, PickledWeightsAreExplained) {
  const FolderForTests folder("weights");
  CheckpointForTests().write(folder.path());
  std::filesystem::remove(folder.path() / "model.safetensors");
  std::ofstream(folder.path() / "pytorch_model.bin") << "x";
  const auto model = Model::open(folder.string());
  ASSERT_FALSE(model.has_value());
  EXPECT_EQ(model.error().kind, ErrorKind::kBadInput);
  EXPECT_THAT(model.error().message, HasSubstr("pytorch_model.bin"));
  EXPECT_THAT(model.error().message, HasSubstr("save_pretrained"));
}

TEST(Weights, NoFile) {
  const FolderForTests folder("weights");
  CheckpointForTests().write(folder.path());
  std::filesystem::remove(folder.path() / "model.safetensors");
  const auto model = Model::open(folder.string());
  ASSERT_FALSE(model.has_value());
  EXPECT_EQ(model.error().kind, ErrorKind::kBadInput);
}

}  // namespace
}  // namespace penfield::model
