// What covariates, intervals, clusters and Firth cost beside the plain fit, on the same simulated columns.
//
//   adjusted_bench [UNITS] [SAMPLES]      one thread
//
// Prints name<TAB>value<TAB>unit lines: microseconds a unit of processor time, the least of three runs.
#include <fmt/format.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "penfield/association/fit.h"
#include "penfield/association/scalar/simulated_columns_for_tests.h"
#include "penfield/base/parallel.h"
#include "timing.h"

int main(int argc, char** argv) {
  using namespace penfield;
  using namespace penfield::association;
  const std::size_t n_units = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 8192;
  const std::size_t n_samples = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 440;
  set_threads(1);
  const auto labels = simulated::labels(n_samples, n_samples / 2, 1);
  const auto x = simulated::activations<float>(labels, n_units, 0.5, 2);
  const MatrixView<const float> view(x.data(), n_samples, n_units);
  std::vector<std::uint32_t> clusters;
  for (std::size_t i = 0; i < n_samples; ++i) clusters.push_back(static_cast<std::uint32_t>(i % 20));
  const auto time = [&](const std::string& name, const MatrixView<const float>& of,
                        const FitOptions& options) {
    const bench::Times times =
        bench::least_of(3, [&] { static_cast<void>(fit_columns(of, labels, options)); });
    fmt::print("{}\t{:.3g}\tus a unit\n", name, 1e6 * times.processor / static_cast<double>(of.cols));
  };
  time("plain, every column", view, {});
  for (const std::size_t c : {std::size_t{1}, std::size_t{4}, std::size_t{8}}) {
    Random random(c);
    std::vector<double> z(n_samples * c);
    for (double& value : z) value = simulated::normal(random);
    const std::vector<std::string> names(c, "z");
    const auto covariates = Covariates::prepare({z.data(), n_samples, c}, names, labels);
    if (!covariates) return 1;
    FitOptions options;
    options.covariates = &*covariates;
    time(fmt::format("with {} covariates", c), view, options);
    if (c != 4) continue;
    const MatrixView<const float> some = view.block(0, n_samples, 0, std::min<std::size_t>(n_units, 512));
    FitOptions more = options;
    more.clusters = clusters;
    more.n_clusters = 20;
    time("with 4 covariates, clusters", some, more);
    more = options;
    more.firth = Firth::kAlways;
    time("with 4 covariates, Firth always", some, more);
    more = options;
    more.intervals = Intervals::kProfile;
    time("with 4 covariates, profile intervals", some, more);
  }
  return 0;
}
