// What the association engine costs, against the machine it runs on.
//
// Work is bound by exp, so each time is also given as a ratio to the time that exp alone takes for one pass
// over the same samples (numeric::exp_bounded on an array in the first-level cache), measured in the same
// run.
//   association_bench [units] [samples] [threads] [effect]   defaults 98304 440 2 0.5
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <vector>

#include "penfield/association/fit.h"
#include "penfield/association/panel.h"
#include "penfield/association/simulated_columns.h"
#include "penfield/base/parallel.h"
#include "penfield/numeric/exp.h"

namespace {

using penfield::MatrixView;
using penfield::association::FitStatus;
using penfield::association::FitTable;

// Least of `repeats` runs: the machine may be shared.
double seconds(int repeats, const std::function<void()>& work) {
  double best = 1e300;
  for (int i = 0; i < repeats; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    work();
    best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
  }
  return best;
}

// exp per second over all threads.
double exp_rate() {
  constexpr std::size_t kLength = 1024;
  constexpr std::size_t kRounds = 4000;
  const auto n_threads = static_cast<std::size_t>(penfield::n_threads());
  const double time = seconds(5, [&] {
    penfield::parallel_for(n_threads, [&](std::size_t, int) {
      std::vector<double> x(kLength);
      std::vector<double> out(kLength);
      for (std::size_t i = 0; i < kLength; ++i) x[i] = static_cast<double>(i) / 100.0 - 5.0;
      for (std::size_t round = 0; round < kRounds; ++round) penfield::numeric::exp_bounded(x, out);
    });
  });
  return static_cast<double>(n_threads * kLength * kRounds) / time;
}

}  // namespace

int main(int argc, char** argv) {
  const auto argument = [&](int i, double fallback) { return argc > i ? std::atof(argv[i]) : fallback; };
  const auto n_units = static_cast<std::size_t>(argument(1, 98304));
  const auto n_samples = static_cast<std::size_t>(argument(2, 440));
  penfield::set_threads(static_cast<int>(argument(3, 2)));
  const double effect = argument(4, 0.5);

  const auto labels = penfield::association::simulated::labels(n_samples, n_samples / 2, 1);
  const auto x = penfield::association::simulated::activations<float>(labels, n_units, effect, 2);
  const MatrixView<const float> view(x.data(), n_samples, n_units);

  const double rate = exp_rate();
  FitTable table;
  const double all = seconds(5, [&] { table = penfield::association::fit_columns(view, labels); });
  const auto ok = std::count_if(table.rows.begin(), table.rows.end(),
                                [](const auto& fit) { return fit.status == FitStatus::kOk; });
  const double one_pass = static_cast<double>(n_units * n_samples) / rate;
  fmt::print("{} units of {} samples, effects within ±{} SD, {} threads; {} ok\n", n_units, n_samples, effect,
             penfield::n_threads(), ok);
  fmt::print("exp alone           {:8.2f} Gexp/s, {:.4f} s a pass over all samples\n", rate * 1e-9, one_pass);
  fmt::print("all columns         {:8.4f} s, {:.3f} µs a unit, {:.2f} passes of exp\n", all,
             1e6 * all / static_cast<double>(n_units), all / one_pass);
  return 0;
}
