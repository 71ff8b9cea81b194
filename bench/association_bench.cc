// What the association engine costs, against the machine it runs on.
//
// Times are processor time (a shared machine stretches the clock on the wall), the least of several runs. The
// work is bound by exp, so each stage is also given in passes of exp: the time that numeric::exp_bounded
// takes for as many values as there are samples, on an array in the first-level cache, in the same run.
//   association_bench [units] [samples] [threads] [effect]   defaults 98304 440 2 0.5
#include <fmt/format.h>
#include <hwy/aligned_allocator.h>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <string_view>
#include <vector>

#include "penfield/association/fit.h"
#include "penfield/association/panel/panel.h"
#include "penfield/association/scalar/simulated_columns_for_tests.h"
#include "penfield/base/parallel.h"
#include "timing.h"

namespace {

using namespace penfield::association;
using penfield::MatrixView;
using penfield::bench::least_of;
using penfield::bench::seconds_of_exp;
using penfield::bench::Times;

// One panel through the stages, over and over on one thread.
void bench_stages(std::size_t n_samples, double effect, double exp_pass) {
  const auto labels = simulated::labels(n_samples, n_samples / 2, 1);
  const auto x = simulated::activations<float>(labels, kPanelUnits, effect, 2);
  std::vector<std::size_t> rows;
  for (const std::uint8_t wanted : {1, 0}) {
    for (std::size_t i = 0; i < n_samples; ++i) {
      if (labels[i] == wanted) rows.push_back(i);
    }
  }
  const auto memory = hwy::AllocateAligned<float>(n_samples * kPanelUnits);
  const auto scratch = hwy::AllocateAligned<float>(panel_scratch_size(n_samples));
  const PanelView<float> panel{memory.get(), n_samples / 2, n_samples - n_samples / 2};
  const int rounds = std::max(1, static_cast<int>(100000 / n_samples));
  const auto report = [&](std::string_view name, const std::function<void()>& work) {
    const Times times = least_of(10, [&] {
      for (int i = 0; i < rounds; ++i) work();
    });
    const double per_unit = times.processor / rounds / static_cast<double>(kPanelUnits);
    fmt::print("  {:<22} {:7.3f} µs a unit {:7.2f} passes of exp\n", name, 1e6 * per_unit,
               per_unit / exp_pass);
  };
  const auto gather = [&] { (void)gather_panel<float>(x.data(), kPanelUnits, kPanelUnits, rows, panel); };
  report("gather", gather);
  report("gather and sort", [&] {
    gather();
    sort_panel(panel, scratch.get());
  });
  PanelArray<ColumnMoments> moments;
  PanelArray<Called> called;
  called.fill(Called::kAbove);
  report("moments", [&] { moments = panel_moments(panel); });
  report("logistic fit", [&] { (void)panel_logistic(panel, moments, 0xffffu); });
  report("placements (AUC)", [&] { (void)panel_placements(panel, called, scratch.get()); });
  report("moment tests and p", [&] {
    for (const ColumnMoments& column : moments) {
      UnitFit fit;
      fill_moment_statistics(column, fit);
    }
  });
}

}  // namespace

int main(int argc, char** argv) {
  const auto argument = [&](int i, double fallback) { return argc > i ? std::atof(argv[i]) : fallback; };
  const auto n_units = static_cast<std::size_t>(argument(1, 98304));
  const auto n_samples = static_cast<std::size_t>(argument(2, 440));
  penfield::set_threads(static_cast<int>(argument(3, 2)));
  const double effect = argument(4, 0.5);
  const double exp_seconds = seconds_of_exp();
  const double exp_pass = exp_seconds * static_cast<double>(n_samples);
  fmt::print("{:.2f} Gexp/s a thread; a pass of exp is {:.3f} µs a unit\n", 1e-9 / exp_seconds,
             1e6 * exp_pass);
  bench_stages(n_samples, effect, exp_pass);

  const auto labels = simulated::labels(n_samples, n_samples / 2, 1);
  const auto x = simulated::activations<float>(labels, n_units, effect, 2);
  FitTable table;
  const Times all = least_of(
      5, [&] { table = fit_columns(MatrixView<const float>(x.data(), n_samples, n_units), labels); });
  const auto ok = std::count_if(table.rows.begin(), table.rows.end(),
                                [](const UnitFit& fit) { return fit.status == FitStatus::kOk; });
  fmt::print("fit_columns: {} units of {} samples, effects within ±{} SD, {} threads; {} ok\n", n_units,
             n_samples, effect, penfield::n_threads(), ok);
  const double per_unit = all.processor / static_cast<double>(n_units);
  fmt::print("  {:.4f} s on the wall, {:.4f} s of processor, {:.3f} µs a unit, {:.2f} passes of exp\n",
             all.wall, all.processor, 1e6 * per_unit, per_unit / exp_pass);
  return 0;
}
