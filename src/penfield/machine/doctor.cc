#include "penfield/machine/doctor.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <memory>
#include <string_view>

#include "penfield/base/aligned_floats.h"
#include "penfield/base/parallel.h"
#include "penfield/machine/flop.h"
#include "penfield/model/architecture.h"
#include "penfield/numeric/matmul.h"
#include "penfield/numeric/matmul_bf16.h"
#include "penfield/numeric/simd_target.h"

namespace penfield::machine {
namespace {

constexpr std::size_t kRows = 1024, kInner = 1024, kCols = 4096;
constexpr std::size_t kTileCols = 256;
constexpr int kRepeats = 5;
// Of the product rate, what a whole pass reaches (LayerNorm, softmax, GELU and reading the weights are the
// rest).
constexpr double kPassShare = 0.9;

std::string processor_name() {
  std::ifstream cpuinfo("/proc/cpuinfo");
  std::string line;
  while (std::getline(cpuinfo, line)) {
    const std::size_t colon = line.find(": ");
    if (line.starts_with("model name") && colon != std::string::npos) return line.substr(colon + 2);
  }
  return "unknown";
}

// The best of a few products, tiled as the forward pass tiles them: multiply_tile(first_col, thread).
double measure_rate(const std::function<void(std::size_t, int)>& multiply_tile) {
  double best = 0;
  for (int repeat = 0; repeat < kRepeats; ++repeat) {
    const auto start = std::chrono::steady_clock::now();
    parallel_for(kCols / kTileCols,
                 [&](std::size_t tile, int thread) { multiply_tile(tile * kTileCols, thread); });
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    best = std::max(best, 2.0 * kRows * kInner * kCols / seconds);
  }
  return best;
}

void measure_product_rates(MachineReport& report) {
  const auto left = allocate_aligned(kRows * kInner);
  const auto right = allocate_aligned(kInner * kCols);
  const auto out = allocate_aligned(kRows * kCols);
  std::fill_n(left.get(), kRows * kInner, 0.5f);
  std::fill_n(right.get(), kInner * kCols, 0.25f);
  const MatrixView<const float> left_view(left.get(), kRows, kInner), right_view(right.get(), kInner, kCols);
  const MatrixView<float> out_view(out.get(), kRows, kCols);
  const auto right_tile = [&](std::size_t col) { return right_view.block(0, kInner, col, kTileCols); };
  const auto out_tile = [&](std::size_t col) { return out_view.block(0, kRows, col, kTileCols); };

  const std::size_t scratch_floats = (numeric::multiply_scratch_floats(kTileCols) + 15) / 16 * 16;
  const auto scratch = allocate_aligned(scratch_floats * static_cast<std::size_t>(n_threads()));
  report.product_flop_per_s = measure_rate([&](std::size_t col, int thread) {
    numeric::multiply(left_view, right_tile(col), {}, numeric::Onto::kNothing, out_tile(col),
                      scratch.get() + static_cast<std::size_t>(thread) * scratch_floats);
  });

  std::vector<numeric::Bfloat16> rounded(kRows * kInner, numeric::to_bfloat16(0.5f));
  const std::size_t scratch_pairs = (numeric::multiply_bf16_scratch_pairs(kTileCols) + 15) / 16 * 16;
  const auto pairs = allocate_aligned(scratch_pairs * static_cast<std::size_t>(n_threads()));
  report.bf16_product_flop_per_s = measure_rate([&](std::size_t col, int thread) {
    numeric::multiply_bf16(
        {rounded.data(), kRows, kInner}, right_tile(col), {}, numeric::Onto::kNothing, out_tile(col),
        reinterpret_cast<std::uint32_t*>(pairs.get() + static_cast<std::size_t>(thread) * scratch_pairs));
  });
}

}  // namespace

MachineReport examine_machine() {
  MachineReport out;
  out.processor = processor_name();
  out.simd_target = numeric::simd_target();
  out.n_threads = n_threads();
  out.float32_kernel = numeric::product_kernel(numeric::Precision::kFloat32);
  out.bf16_kernel = numeric::product_kernel(numeric::Precision::kBfloat16);
  measure_product_rates(out);
  struct Size {
    const char* name;
    std::uint32_t n_embd, n_layer;
  };
  for (const Size& size : {Size{"gpt2", 768, 12}, Size{"gpt2-medium", 1024, 24}, Size{"gpt2-large", 1280, 36},
                           Size{"gpt2-xl", 1600, 48}}) {
    model::Architecture architecture;
    architecture.width = size.n_embd;
    architecture.mlp.n_inner = 4 * size.n_embd;
    architecture.attention = {
        .n_heads = size.n_embd / 64, .n_kv_heads = size.n_embd / 64, .d_head = 64, .score_cap = {}};
    const double flop = forward_flop(architecture, 1024, 1024, size.n_layer);
    const double attention = flop - forward_flop(architecture, 1024, 0, size.n_layer);  // always float32
    out.expected.push_back(
        {size.name, flop, flop / (kPassShare * out.product_flop_per_s),
         ((flop - attention) / out.bf16_product_flop_per_s + attention / out.product_flop_per_s) /
             kPassShare});
  }
  return out;
}

double measure_pass_rate(numeric::Precision precision) {
  MachineReport report;
  measure_product_rates(report);
  return kPassShare * (precision == numeric::Precision::kBfloat16 ? report.bf16_product_flop_per_s
                                                                  : report.product_flop_per_s);
}

}  // namespace penfield::machine
