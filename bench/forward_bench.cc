// How long a window takes, against the fastest matrix product of OpenBLAS measured in the same run.
//
//   forward_bench MODEL [TOKENS [THREADS [REPEATS]]]
//
// MODEL is a folder with config.json and weights; tokens are drawn at random. Every layer is tapped at
// mlp.pre, as a scan does. The work is counted as 2·m·n·k for every product that the pass needs; attention
// counts its causal half.
#include <cblas.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <functional>
#include <numeric>
#include <vector>

#include "penfield/base/parallel.h"
#include "penfield/base/random.h"
#include "penfield/model/gpt2.h"

namespace {

using namespace penfield;

double seconds(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double fastest(int repeats, const std::function<void()>& work) {
  double best = seconds(work);
  for (int i = 1; i < repeats; ++i) best = std::min(best, seconds(work));
  return best;
}

struct Shape {
  std::size_t m, k, n;
  [[nodiscard]] double flop() const {
    return 2.0 * static_cast<double>(m) * static_cast<double>(k) * static_cast<double>(n);
  }
};

std::vector<Shape> products_of_block(const model::Gpt2Config& config, std::size_t n_tokens) {
  const std::size_t width = config.n_embd;
  const std::size_t inner = config.n_inner;
  return {{n_tokens, width, 3 * width},
          {n_tokens, width, width},
          {n_tokens, width, inner},
          {n_tokens, inner, width}};
}

double flop_of_window(const model::Gpt2Config& config, std::size_t n_tokens) {
  double block = 0;
  for (const Shape& shape : products_of_block(config, n_tokens)) block += shape.flop();
  const auto tokens = static_cast<double>(n_tokens);
  block +=
      2.0 * tokens * (tokens + 1) * static_cast<double>(config.n_embd);  // q·kᵀ and weights·v, half of each
  const double last = products_of_block(config, n_tokens).back().flop();  // not needed in the last block
  return block * static_cast<double>(config.n_layer) - last;
}

// The best rate of cblas_sgemm over the model's shapes, in FLOP/s.
double best_blas_rate(const model::Gpt2Config& config, std::size_t n_tokens, int threads, int repeats) {
  openblas_set_num_threads(threads);
  double best = 0;
  Random random(1);
  for (const Shape& shape : products_of_block(config, n_tokens)) {
    std::vector<float> left(shape.m * shape.k), right(shape.k * shape.n), out(shape.m * shape.n);
    for (auto* values : {&left, &right}) {
      for (float& value : *values) value = static_cast<float>(random.uniform() - 0.5);
    }
    const auto m = static_cast<blasint>(shape.m), k = static_cast<blasint>(shape.k),
               n = static_cast<blasint>(shape.n);
    const double time = fastest(repeats, [&] {
      cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, m, n, k, 1.0f, left.data(), k, right.data(), n,
                  0.0f, out.data(), n);
    });
    fmt::print("  sgemm {} x {} x {}: {:.0f} GFLOP/s\n", shape.m, shape.k, shape.n,
               shape.flop() / time / 1e9);
    best = std::max(best, shape.flop() / time);
  }
  openblas_set_num_threads(1);
  return best;
}

int number(int argc, char** argv, int at, int otherwise) {
  if (argc > at) std::from_chars(argv[at], argv[at] + std::strlen(argv[at]), otherwise);
  return otherwise;
}

int run(int argc, char** argv) {
  set_threads(number(argc, argv, 3, 0));
  const int repeats = number(argc, argv, 4, 3);
  std::vector<Result<model::Gpt2>> opened;
  const double open_seconds = seconds([&] { opened.push_back(model::Gpt2::open(argv[1])); });
  if (!opened.front()) {
    fmt::print(stderr, "forward_bench: {}\n", opened.front().error().message);
    return 3;
  }
  const model::Gpt2& gpt2 = *opened.front();
  const model::Gpt2Config& config = gpt2.config();
  const auto n_tokens = static_cast<std::size_t>(number(argc, argv, 2, static_cast<int>(config.n_positions)));
  fmt::print("open: {:.3f} s; {} tokens, {} layers of width {}, {} threads, OpenBLAS kernels {}\n",
             open_seconds, n_tokens, config.n_layer, config.n_embd, n_threads(), openblas_get_corename());

  Random random(2);
  std::vector<TokenId> tokens(n_tokens);
  for (TokenId& token : tokens) token = TokenId{static_cast<std::uint32_t>(random.below(config.vocab_size))};
  model::TapRequest request{{Site::kMlpPre}, std::vector<std::uint32_t>(config.n_layer)};
  std::iota(request.layers.begin(), request.layers.end(), 0u);
  auto buffers = gpt2.make_buffers(n_tokens);
  const model::Sequence sequence(tokens);
  double sum = 0;  // so that every tap is looked at
  const double time = fastest(repeats, [&] {
    const auto result = gpt2.forward({&sequence, 1}, request, buffers, [&](const model::Tap& tap) {
      sum += static_cast<double>(tap.values(n_tokens - 1, 0));
    });
    if (!result) fmt::print(stderr, "forward_bench: {}\n", result.error().message);
  });
  const double rate = flop_of_window(config, n_tokens) / time;
  fmt::print("window: {:.3f} s, {:.2f} GFLOP, {:.0f} GFLOP/s (checksum {:.6g})\n", time,
             flop_of_window(config, n_tokens) / 1e9, rate / 1e9, sum);
  const double blas = best_blas_rate(config, n_tokens, n_threads(), repeats);
  fmt::print("forward / best sgemm: {:.2f}\n", rate / blas);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    fmt::print(stderr, "usage: forward_bench MODEL [TOKENS [THREADS [REPEATS]]]\n");
    return 2;
  }
  return run(argc, argv);
}
