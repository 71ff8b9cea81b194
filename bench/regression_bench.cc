// The engine's side of the comparison with other packages: the same arrays from the same files.
//
//   regression_bench fits X.npy y.npy [THREADS]   X float32 [samples, units]
//   regression_bench growth [THREADS]             simulated columns: time over n and over units
//
// Prints name<TAB>value<TAB>unit lines: the least of several runs, on the wall and in processor time, as the
// wall says little on a machine that is busy otherwise. The fit alone is measured on panels that lie sorted
// in memory, with its likelihood ratio and standard error, as the scan calls it.
#include <fmt/format.h>
#include <hwy/aligned_allocator.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "penfield/association/fit.h"
#include "penfield/association/panel/panel.h"
#include "penfield/association/predict.h"
#include "penfield/association/scalar/rows_of_groups.h"
#include "penfield/association/scalar/simulated_columns_for_tests.h"
#include "penfield/formats/npy.h"
#include "timing.h"

namespace {

using namespace penfield;
using namespace penfield::association;
using bench::least_of;
using bench::Times;

void say(std::string_view name, double value, std::string_view unit) {
  fmt::print("{}\t{:.4g}\t{}\n", name, value, unit);
}

void say_times(std::string_view name, const Times& times) {
  say(name, times.wall, "s");
  say(fmt::format("{}, processor / threads", name), times.processor / n_threads(), "s");
}

// Every column's panel, sorted, with its moments.
struct Panels {
  hwy::AlignedFreeUniquePtr<float[]> memory;
  std::vector<PanelView<float>> views;
  std::vector<PanelArray<ColumnMoments>> moments;
  std::vector<std::uint32_t> wanted;  // columns whose groups overlap
};

Panels make_panels(MatrixView<const float> x, std::span<const std::uint8_t> labels) {
  const RowsOfGroups groups = rows_of_groups(labels);
  const std::size_t n_panels = (x.cols + kPanelUnits - 1) / kPanelUnits;
  const std::size_t size = groups.rows.size() * kPanelUnits;
  Panels out;
  out.memory = hwy::AllocateAligned<float>(n_panels * size);
  out.moments.resize(n_panels);
  out.wanted.resize(n_panels);
  for (std::size_t i = 0; i < n_panels; ++i)
    out.views.push_back({out.memory.get() + i * size, groups.n_target, groups.n_comparison()});
  parallel_for(n_panels, [&](std::size_t i, int) {
    const std::size_t width = std::min(kPanelUnits, x.cols - i * kPanelUnits);
    (void)gather_panel<float>(x.data + i * kPanelUnits, x.stride, width, groups.rows, out.views[i]);
    const auto scratch = hwy::AllocateAligned<float>(panel_scratch_size(groups.rows.size()));
    sort_panel(out.views[i], scratch.get());
    out.moments[i] = panel_moments(out.views[i]);
    for (std::size_t c = 0; c < width; ++c) {
      const bool overlap =
          status_of_ranges(out.moments[i][c].target, out.moments[i][c].comparison) == FitStatus::kOk;
      out.wanted[i] |= static_cast<std::uint32_t>(overlap) << c;
    }
  });
  return out;
}

void bench_fits(MatrixView<const float> x, std::span<const std::uint8_t> labels) {
  constexpr int kRepeats = 7;
  const auto n_units = static_cast<double>(x.cols);
  const double exp_seconds = bench::seconds_of_exp();
  say("exp, all threads", 1e-9 * n_threads() / exp_seconds, "Gexp/s");
  const Panels panels = make_panels(x, labels);
  const Times fit = least_of(kRepeats, [&] {
    parallel_for(panels.views.size(), [&](std::size_t i, int) {
      (void)panel_logistic(panels.views[i], panels.moments[i], panels.wanted[i]);
    });
  });
  FitTable table;
  const Times all = least_of(kRepeats, [&] { table = fit_columns(x, labels); });
  const auto n_ok = std::count_if(table.rows.begin(), table.rows.end(),
                                  [](const UnitFit& row) { return row.status == FitStatus::kOk; });
  say("units that overlap", static_cast<double>(n_ok), "units");
  say_times("Penfield, fitting", fit);
  say_times("Penfield, every column", all);
  const Times predictions = least_of(kRepeats, [&] { (void)predict_columns(table, table, x, labels, 0.1); });
  say_times("Penfield, discovery's rule on as many held-out samples", predictions);
  say("Penfield, a fit", 1e6 * fit.wall / n_units, "us");
  say("Penfield, a fit, processor", 1e6 * fit.processor / n_units, "us");
  say("Penfield, all columns of a unit", 1e6 * all.wall / n_units, "us");
  say("Penfield, all columns of a unit, processor", 1e6 * all.processor / n_units, "us");
  // The limit: 3.5 passes of exp a fit, the first Newton step being closed.
  const double limit = 3.5 * exp_seconds * static_cast<double>(x.rows) * n_units / n_threads();
  say("limit of 3.5 passes of exp", limit, "s");
  say("share of the limit", 100 * limit / std::min(fit.wall, fit.processor / n_threads()), "%");
}

// Cells are kept about the same, so that every line takes as long as the others if time is linear.
void bench_growth() {
  constexpr std::size_t kCells = 1u << 24;
  for (const std::size_t n : {440u, 4400u, 44000u, 440000u, 1000000u}) {
    const std::size_t n_units = std::max<std::size_t>(32, kCells / n / 32 * 32);
    const auto labels = simulated::labels(n, n / 2, 1);
    const auto x = simulated::activations<float>(labels, n_units, 0.5, 2);
    const MatrixView<const float> view(x.data(), n, n_units);
    const Times all = least_of(n > 100000 ? 1 : 3, [&] { (void)fit_columns(view, labels); });
    say(fmt::format("every column, {} samples x {} units", n, n_units),
        1e9 * all.processor / static_cast<double>(n * n_units), "ns of processor a sample");
  }
  constexpr std::size_t kSamples = 440;
  const auto labels = simulated::labels(kSamples, kSamples / 2, 1);
  const auto x = simulated::activations<float>(labels, 98304, 0.5, 2);
  for (const std::size_t n_units : {1024u, 8192u, 98304u}) {
    const MatrixView<const float> view(x.data(), kSamples, n_units, 98304);
    const Times all = least_of(5, [&] { (void)fit_columns(view, labels); });
    say(fmt::format("every column, {} samples x {} units", kSamples, n_units),
        1e6 * all.processor / static_cast<double>(n_units), "us of processor a unit");
  }
}

int fail(std::string_view message) {
  fmt::print(stderr, "regression_bench: {}\n", message);
  return 1;
}

int threads_of(const char* text) {
  int n = 0;
  const std::string_view digits(text);
  std::from_chars(digits.data(), digits.data() + digits.size(), n);
  return n;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view mode = argc > 1 ? argv[1] : "";
  if (mode == "growth") {
    set_threads(argc > 2 ? threads_of(argv[2]) : 0);
    bench_growth();
    return 0;
  }
  if (mode != "fits" || argc < 4) return fail("usage: fits X.npy y.npy [THREADS] | growth [THREADS]");
  set_threads(argc > 4 ? threads_of(argv[4]) : 0);
  const auto x = formats::NpyFile::open(argv[2]);
  const auto y = formats::NpyFile::open(argv[3]);
  if (!x) return fail(x.error().message);
  if (!y) return fail(y.error().message);
  if (x->dtype() != formats::NpyDtype::kF4 || x->shape().size() != 2 || y->n_values() != x->shape()[0])
    return fail("X is float32 [samples, units] and y has a label a sample");
  std::vector<std::uint8_t> labels;
  for (const double label : y->to_doubles()) labels.push_back(label == 1 ? 1 : 0);
  bench_fits(x->matrix<float>(), labels);
  return 0;
}
