// What a max-statistic permutation costs, beside the matrix product that it cannot do without.
//
//   permutation_bench [units] [samples] [permutations] [threads] [layers]   defaults 98304 440 1000 2 24
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <string_view>
#include <vector>

#include "penfield/association/scalar/simulated_columns_for_tests.h"
#include "penfield/base/aligned_floats.h"
#include "penfield/base/parallel.h"
#include "penfield/numeric/matmul.h"
#include "penfield/permutation/permute_family.h"

namespace {

using namespace penfield;
using namespace penfield::permutation;
namespace simulated = penfield::association::simulated;

double processor_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

struct Times {
  double wall = 1e300, processor = 1e300;
};

void report(std::string_view what, double flop, const std::function<void()>& work) {
  Times least;
  for (int i = 0; i < 5; ++i) {
    const auto wall = std::chrono::steady_clock::now();
    const double processor = processor_seconds();
    work();
    least.processor = std::min(least.processor, processor_seconds() - processor);
    least.wall =
        std::min(least.wall, std::chrono::duration<double>(std::chrono::steady_clock::now() - wall).count());
  }
  fmt::print("{:<40} {:7.3f} s wall {:7.3f} s processor {:6.0f} GFLOP/s of processor\n", what, least.wall,
             least.processor, flop / least.processor / 1e9);
}

std::size_t argument(int argc, char** argv, int i, std::size_t otherwise) {
  return argc > i ? std::strtoull(argv[i], nullptr, 10) : otherwise;
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t n_units = argument(argc, argv, 1, 98304);
  const std::size_t n_samples = argument(argc, argv, 2, 440);
  const std::size_t n_permutations = argument(argc, argv, 3, 1000);
  set_threads(static_cast<int>(argument(argc, argv, 4, 2)));
  const std::size_t n_layers = argument(argc, argv, 5, 24);
  const std::size_t width = n_units / n_layers;
  const double flop = 2.0 * static_cast<double>(n_permutations) * static_cast<double>(n_samples) *
                      static_cast<double>(width * n_layers);

  const auto labels = simulated::labels(n_samples, n_samples / 2, 1);
  std::vector<std::vector<float>> layers(n_layers);
  parallel_for(n_layers,
               [&](std::size_t k, int) { layers[k] = simulated::activations<float>(labels, width, 0.5, k); });
  std::vector<MatrixView<const float>> blocks;
  for (const std::vector<float>& layer : layers) blocks.emplace_back(layer.data(), n_samples, width);
  fmt::print("{} units of {} samples in {} blocks, {} permutations, {} threads\n", width * n_layers,
             n_samples, n_layers, n_permutations, n_threads());

  // The bare product, one panel of 256 columns again and again.
  constexpr std::size_t kColumns = 256;
  const AlignedFloats packed = allocate_aligned(numeric::packed_floats(n_samples, kColumns));
  numeric::pack(blocks[0].block(0, n_samples, 0, kColumns), packed.get());
  const std::vector<float> rows(n_permutations * n_samples, 1.0f);
  const MatrixView<const float> row_view(rows.data(), n_permutations, n_samples);
  report("the product alone", flop, [&] {
    parallel_for(width * n_layers / kColumns, [&](std::size_t, int) {
      thread_local const AlignedFloats out = allocate_aligned(96 * kColumns);
      for (std::size_t first = 0; first < n_permutations; first += 96) {
        const std::size_t n = std::min<std::size_t>(96, n_permutations - first);
        numeric::multiply_packed(row_view.block(first, n, 0, n_samples), packed.get(), n_samples, {},
                                 numeric::Onto::kNothing, {out.get(), n, kColumns});
      }
    });
  });

  const Exchange exchange = exchange_freely(labels);
  report("drawing labels", flop, [&] { (void)PermutedLabels::draw(exchange, n_permutations, 1); });
  const PermutedLabels permuted = PermutedLabels::draw(exchange, n_permutations, 1);
  PermutationTable table;
  report("one family of all blocks", flop, [&] {
    table = permute_family<float>(std::span<const MatrixView<const float>>(blocks), exchange, permuted);
  });
  report("a family a block", flop, [&] {
    for (const MatrixView<const float>& block : blocks)
      (void)permute_family<float>(std::span(&block, 1), exchange, permuted);
  });
  // The same samples as words used twice each: means of items, studentised, at most two a word.
  std::vector<std::uint32_t> words(n_samples);
  for (std::size_t i = 0; i < n_samples; ++i) words[i] = static_cast<std::uint32_t>(i / 2);
  const Exchange of_words = exchange_within(labels, words);
  const PermutedLabels permuted_words = PermutedLabels::draw(of_words, n_permutations, 1);
  report(fmt::format("means of {} items", of_words.n_items()).c_str(), flop, [&] {
    (void)permute_family<float>(std::span<const MatrixView<const float>>(blocks), of_words, permuted_words);
  });
  fmt::print("effective tests {:.0f}, inflation {:.3f} [{:.3f}, {:.3f}]\n", table.n_effective,
             table.inflation, table.inflation_lo, table.inflation_hi);
}
