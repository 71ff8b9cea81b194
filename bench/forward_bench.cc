// How long a window takes in either precision, against the fastest matrix product of OpenBLAS measured in the
// same run.
//
//   forward_bench MODEL [TOKENS [THREADS [REPEATS]]]
//
// MODEL is a folder with config.json and weights, or a .gguf file. TOKENS is how many tokens are drawn at
// random, or a file of token ids. Every layer is tapped at the default site, as a scan does; the checksum is
// the sum over layers of the last token's first unit. The work is counted as 2·m·n·k for every product that
// the pass needs; attention counts the pairs of a query and a key that it sees.
#include <cblas.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <fstream>
#include <functional>
#include <numeric>
#include <vector>

#include "penfield/base/parallel.h"
#include "penfield/base/random.h"
#include "penfield/model/model.h"

namespace {

using namespace penfield;

// Processor time of all threads stands beside the wall's, for a machine that others use too.
struct Duration {
  double wall = 0, processor = 0;  // seconds
};

Duration duration_of(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  const std::clock_t processor_start = std::clock();
  work();
  const std::clock_t processor_end = std::clock();
  return {std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(),
          static_cast<double>(processor_end - processor_start) / CLOCKS_PER_SEC};
}

// The least of either time over some runs.
Duration fastest(int repeats, const std::function<void()>& work) {
  Duration best = duration_of(work);
  for (int i = 1; i < repeats; ++i) {
    const Duration again = duration_of(work);
    best = {std::min(best.wall, again.wall), std::min(best.processor, again.processor)};
  }
  return best;
}

struct Shape {
  std::size_t m, k, n;
  [[nodiscard]] double flop() const {
    return 2.0 * static_cast<double>(m) * static_cast<double>(k) * static_cast<double>(n);
  }
};

std::vector<Shape> products_of_block(const model::Architecture& architecture, std::size_t n_tokens) {
  std::vector<Shape> out;
  model::for_each_product(architecture, [&](model::LinearShape shape) {
    out.push_back({n_tokens, shape.n_in, shape.n_out});
  });
  return out;
}

// Up to the default site of the last block: all but what that block does behind it, its last product.
double flop_of_window(const model::Architecture& architecture, std::size_t n_tokens) {
  double block = 0;
  for (const Shape& shape : products_of_block(architecture, n_tokens)) block += shape.flop();
  const model::LinearShape down = model::shape_of(architecture, &model::Block::down);
  const double heads = static_cast<double>(architecture.attention.n_heads) * architecture.attention.d_head;
  double total = -Shape{n_tokens, down.n_in, down.n_out}.flop();
  for (const model::LayerSpec& layer : architecture.layers) {
    double n_pairs = 0;  // of a query and a key that it sees
    for (std::size_t t = 1; t <= n_tokens; ++t)
      n_pairs += static_cast<double>(std::min<std::size_t>(t, layer.window.value_or(n_tokens)));
    total += block + 4 * n_pairs * heads;  // q·kᵀ and weights·v
  }
  return total;
}

struct Rate {
  double wall = 0, processor = 0;  // FLOP a second of either
};

Rate rate_of(double flop, const Duration& time) {
  return {flop / time.wall, flop / time.processor};
}

// The best rates of cblas_sgemm over the model's shapes.
Rate best_blas_rate(const model::Architecture& architecture, std::size_t n_tokens, int threads, int repeats) {
  openblas_set_num_threads(threads);
  Rate best;
  Random random(1);
  for (const Shape& shape : products_of_block(architecture, n_tokens)) {
    std::vector<float> left(shape.m * shape.k), right(shape.k * shape.n), out(shape.m * shape.n);
    for (auto* values : {&left, &right}) {
      for (float& value : *values) value = static_cast<float>(random.uniform() - 0.5);
    }
    const auto m = static_cast<blasint>(shape.m), k = static_cast<blasint>(shape.k),
               n = static_cast<blasint>(shape.n);
    const Duration time = fastest(repeats, [&] {
      cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, m, n, k, 1.0f, left.data(), k, right.data(), n,
                  0.0f, out.data(), n);
    });
    const Rate rate = rate_of(shape.flop(), time);
    fmt::print("  sgemm {} x {} x {}: {:.0f} GFLOP/s, {:.0f} a processor second\n", shape.m, shape.k, shape.n,
               rate.wall / 1e9, rate.processor / 1e9);
    best = {std::max(best.wall, rate.wall), std::max(best.processor, rate.processor)};
  }
  openblas_set_num_threads(1);
  return best;
}

int number(int argc, char** argv, int at, int otherwise) {
  if (argc > at) std::from_chars(argv[at], argv[at] + std::strlen(argv[at]), otherwise);
  return otherwise;
}

struct WindowTime {
  Duration time;
  Rate rate;
  double checksum = 0;
};

WindowTime time_of_window(const model::Model& model, std::span<const TokenId> tokens, int repeats) {
  const model::Architecture& architecture = model.architecture();
  model::TapRequest request{{architecture.default_site()},
                            std::vector<std::uint32_t>(architecture.n_layers())};
  std::iota(request.layers.begin(), request.layers.end(), 0u);
  auto buffers = model.make_buffers(tokens.size());
  const model::Sequence sequence(tokens);
  WindowTime out;
  out.time = fastest(repeats, [&] {
    out.checksum = 0;
    const auto result = model.forward({&sequence, 1}, request, buffers, [&](const model::Tap& tap) {
      out.checksum += static_cast<double>(tap.values(tokens.size() - 1, 0));
    });
    if (!result) fmt::print(stderr, "forward_bench: {}\n", result.error().message);
  });
  out.rate = rate_of(flop_of_window(architecture, tokens.size()), out.time);
  return out;
}

// The ids of the file, or as many at random.
std::vector<TokenId> tokens_of(const char* number_or_file, const model::Architecture& architecture) {
  std::vector<TokenId> tokens;
  std::ifstream file(number_or_file);
  for (std::uint32_t id = 0; file >> id;) tokens.push_back(TokenId{id});
  if (!tokens.empty()) return tokens;
  auto n_tokens = architecture.default_window();
  std::from_chars(number_or_file, number_or_file + std::strlen(number_or_file), n_tokens);
  Random random(2);
  for (std::uint32_t i = 0; i < n_tokens; ++i)
    tokens.push_back(TokenId{static_cast<std::uint32_t>(random.below(architecture.vocab_size))});
  return tokens;
}

int run(int argc, char** argv) {
  set_threads(number(argc, argv, 3, 0));
  const int repeats = number(argc, argv, 4, 3);
  Duration float32;
  for (const auto precision : {numeric::Precision::kFloat32, numeric::Precision::kBfloat16}) {
    std::vector<Result<model::Model>> opened;
    const Duration open = duration_of([&] { opened.push_back(model::Model::open(argv[1], precision)); });
    if (!opened.front()) {
      fmt::print(stderr, "forward_bench: {}\n", opened.front().error().message);
      return 3;
    }
    const model::Model& model = *opened.front();
    const model::Architecture& architecture = model.architecture();
    const std::vector<TokenId> tokens = tokens_of(argc > 2 ? argv[2] : "", architecture);
    const std::size_t n_tokens = tokens.size();
    const WindowTime window = time_of_window(model, tokens, repeats);
    fmt::print("{}, {} tokens, {} layers of width {}, {} threads (opened in {:.3f} s)\n",
               numeric::precision_name(precision), n_tokens, architecture.n_layers(), architecture.width,
               n_threads(), open.wall);
    fmt::print(
        "  window: {:.3f} s, {:.3f} s of processor; {:.2f} GFLOP, {:.0f} GFLOP/s, {:.0f} a processor "
        "second (checksum {:.9g})\n",
        window.time.wall, window.time.processor, flop_of_window(architecture, n_tokens) / 1e9,
        window.rate.wall / 1e9, window.rate.processor / 1e9, window.checksum);
    if (precision == numeric::Precision::kBfloat16) {
      fmt::print("f32 / bf16: {:.2f} times, {:.2f} of processor\n", float32.wall / window.time.wall,
                 float32.processor / window.time.processor);
      break;
    }
    float32 = window.time;
    const Rate blas = best_blas_rate(architecture, n_tokens, n_threads(), repeats);
    fmt::print("  forward / best sgemm: {:.2f}, {:.2f} of processor (OpenBLAS kernels {})\n",
               window.rate.wall / blas.wall, window.rate.processor / blas.processor, openblas_get_corename());
  }
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
