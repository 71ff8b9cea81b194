// What this machine can do, for `penfield doctor`: its kernels, rates and expected times.
#pragma once

#include <string>
#include <vector>

#include "penfield/numeric/precision.h"

namespace penfield::machine {

struct ExpectedTime {
  std::string model;
  double flop = 0, seconds = 0;  // of one window of 1024 tokens, all layers, in float32
  double bf16_seconds = 0;       // the same with --precision bf16
};

struct MachineReport {
  std::string processor, simd_target, cache_folder;
  std::string float32_kernel, bf16_kernel;  // the instructions of the products: numeric::product_kernel
  int n_threads = 1;
  // Measured: [1024, 1024] · [1024, 4096], all threads.
  double product_flop_per_s = 0, bf16_product_flop_per_s = 0;
  std::vector<ExpectedTime> expected;  // the four GPT-2 sizes
};

// Takes about a second; cache_folder is the caller's to fill in.
[[nodiscard]] MachineReport examine_machine();

// FLOP/s that a forward pass reaches, from some products made now.
[[nodiscard]] double measure_pass_rate(numeric::Precision precision);

}  // namespace penfield::machine
