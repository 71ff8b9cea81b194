// Does a correction keep what it promises? Error rates under the null, and power, by simulation.
//
//   calibration null [layers] [units] [samples] [permutations]    defaults 1000 512 220 500
//     Layers in which no unit knows the concept: the share with any finding at alpha = .05, beside the 99%
//     binomial band of .05; 80% of an activation's variance is its word's own. Where no word comes twice;
//     where the k-th word has odds 1/k, each a target by a coin; and where the words of one label are used
//     more often.
//   calibration power [families]                                   default 40
//     Families of 4096 units, 220 targets against 220 others, normal, 4 units of each effect d among them:
//     the share found by Wald and by the likelihood ratio at .05/4096, and by step-down max-T of 1000
//     permutations. Tab-separated, for tools/make_power_figure.py.
#include <fmt/format.h>

#include <cmath>
#include <cstdlib>
#include <functional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "penfield/association/fit.h"
#include "penfield/base/parallel.h"
#include "penfield/findings/judge.h"
#include "penfield/permutation/permute_family.h"
#include "penfield/permutation/simulated_words_for_tests.h"

namespace {

using namespace penfield;
using namespace penfield::association;
namespace permutation = penfield::permutation;
using findings::Correction;
using permutation::Exchange;
using permutation::PermutationTable;
using permutation::PermutedLabels;
using permutation::simulated::Uses;
using permutation::simulated::Words;
using permutation::simulated::WordsOfLabel;

constexpr double kAlpha = 0.05;
constexpr double kKept = 0.8;  // of a value's variance, its word's own

std::size_t argument(int argc, char** argv, int i, std::size_t otherwise) {
  return argc > i ? std::strtoull(argv[i], nullptr, 10) : otherwise;
}

// The smallest k for which P(X > k) < p, X ~ binomial(n, alpha).
int binomial_end(int n, double p) {
  double ln_term = n * std::log1p(-kAlpha);
  double below = std::exp(ln_term);
  int k = 0;
  while (1 - below >= p) {
    ln_term += std::log(static_cast<double>(n - k) / (k + 1) * kAlpha / (1 - kAlpha));
    below += std::exp(ln_term);
    ++k;
  }
  return k;
}

struct Null {
  std::size_t n_layers, n_units, n_samples, n_permutations;
};

// The words of a null layer, by its number.
using Design = std::function<Words(std::size_t layer)>;

void run_null(const Null& null, const Design& design, std::string_view name) {
  std::vector<int> found(null.n_layers * 3);
  parallel_for(null.n_layers, [&](std::size_t layer, int) {
    const Words words = design(layer);
    const MatrixView<const float> x = words.view();
    std::vector<findings::LayerFits> fits(1);
    fits[0].discovery = fit_columns(x, words.labels);
    findings::FindingOptions options;
    options.alpha = kAlpha;
    found[layer * 3] = findings::judge(fits, options).n_significant > 0 ? 1 : 0;
    options.correction = Correction::kMaxT;
    const Exchange exchanges[] = {permutation::exchange_freely(words.labels),
                                  permutation::exchange_within(words.labels, words.word)};
    for (std::size_t e = 0; e < 2; ++e) {
      const std::vector<PermutationTable> tables = {permutation::permute_family<float>(
          std::span(&x, 1), exchanges[e], PermutedLabels::draw(exchanges[e], null.n_permutations, layer))};
      found[layer * 3 + 1 + e] = findings::judge(fits, options, tables).n_significant > 0 ? 1 : 0;
    }
  });
  int n[3] = {};
  for (std::size_t i = 0; i < found.size(); ++i) n[i % 3] += found[i];
  const auto share = [&](int count) {
    return static_cast<double>(count) / static_cast<double>(null.n_layers);
  };
  fmt::print("{:<36} {:>16.3f} {:>12.3f} {:>18.3f}\n", name, share(n[0]), share(n[1]), share(n[2]));
}

void calibrate(const Null& null) {
  const int n = static_cast<int>(null.n_layers);
  fmt::print("{} null layers of {} units, {} permutations; 99% band of .05: up to {:.3f}\n", n, null.n_units,
             null.n_permutations, static_cast<double>(binomial_end(n, 0.005)) / n);
  fmt::print("{:<36} {:>16} {:>12} {:>18}\n", "share with any finding", "Bonferroni, LRT", "max-T, free",
             "max-T, word means");
  for (const auto& [uses, name] : {std::pair(Uses::kOnce, "no word comes twice"),
                                   std::pair(Uses::kRepeated, "the k-th word has odds 1/k")}) {
    run_null(
        null,
        [&, uses = uses](std::size_t layer) {
          return permutation::simulated::null_words(null.n_samples, null.n_units, uses, kKept,
                                                    77'000 + layer);
        },
        name);
  }
  struct Unequal {
    WordsOfLabel target, other;
  };
  for (const auto& [target, other] :
       {Unequal{{5, 50}, {250, 1}}, Unequal{{20, 12}, {240, 1}}, Unequal{{240, 1}, {20, 12}},
        Unequal{{6, 40}, {14, 40}}, Unequal{{25, 2}, {25, 20}}}) {
    run_null(
        null,
        [&, target = target, other = other](std::size_t layer) {
          return permutation::simulated::null_words_of_labels(target, other, null.n_units, kKept,
                                                              88'000 + layer);
        },
        fmt::format("{} words x {} against {} x {}", target.n_words, target.n_uses, other.n_words,
                    other.n_uses));
  }
}

std::vector<double> effects() {
  std::vector<double> out;
  for (int k = 0; k <= 20; ++k) out.push_back(0.05 * k);
  for (int k = 5; k <= 20; ++k) out.push_back(0.25 * k);
  return out;
}

void power(std::size_t n_families) {
  constexpr std::size_t kUnits = 4096, kSamples = 440, kEach = 4;
  const std::vector<double> d = effects();
  const auto labels = simulated::labels(kSamples, kSamples / 2, 1);
  const Exchange exchange = permutation::exchange_freely(labels);
  const double border = std::log10(static_cast<double>(kUnits)) - std::log10(kAlpha);
  std::vector<std::uint64_t> wald(d.size()), lrt(d.size()), max_t(d.size());
  for (std::size_t family = 0; family < n_families; ++family) {
    Random random(9000 + family);
    std::vector<float> x(kSamples * kUnits);
    for (std::size_t i = 0; i < kSamples; ++i) {
      for (std::size_t c = 0; c < kUnits; ++c) {
        const double shift = labels[i] != 0 && c < d.size() * kEach ? d[c / kEach] : 0.0;
        x[i * kUnits + c] = static_cast<float>(simulated::normal(random) + shift);
      }
    }
    const MatrixView<const float> view(x.data(), kSamples, kUnits);
    const FitTable fits = fit_columns(view, labels);
    const PermutationTable table = permutation::permute_family<float>(
        std::span(&view, 1), exchange, PermutedLabels::draw(exchange, 1000, family));
    for (std::size_t c = 0; c < d.size() * kEach; ++c) {
      wald[c / kEach] += findings::neglog10_p_of(fits.rows[c], findings::Test::kWald) > border ? 1 : 0;
      lrt[c / kEach] += findings::neglog10_p_of(fits.rows[c], findings::Test::kLrt) > border ? 1 : 0;
      max_t[c / kEach] += 1.0 + table.n_step_down[c] < kAlpha * 1001.0 ? 1 : 0;
    }
  }
  const auto n = static_cast<double>(n_families * kEach);
  fmt::print("d\twald\tlrt\tmaxt\n");
  for (std::size_t k = 0; k < d.size(); ++k) {
    fmt::print("{:.2f}\t{:.4f}\t{:.4f}\t{:.4f}\n", d[k], static_cast<double>(wald[k]) / n,
               static_cast<double>(lrt[k]) / n, static_cast<double>(max_t[k]) / n);
  }
}

}  // namespace

int main(int argc, char** argv) {
  set_threads(0);
  const std::string_view what = argc > 1 ? argv[1] : "null";
  if (what == "power") {
    power(argument(argc, argv, 2, 40));
  } else {
    calibrate({argument(argc, argv, 2, 1000), argument(argc, argv, 3, 512), argument(argc, argv, 4, 220),
               argument(argc, argv, 5, 500)});
  }
}
