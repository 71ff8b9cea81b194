#include "penfield/findings/correct.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

#include "penfield/base/check.h"

namespace penfield::findings {
namespace {

double log10_of(std::size_t n) {
  return std::log10(static_cast<double>(n));
}

// Indices of the tests that have a p-value, smallest p first.
std::vector<std::size_t> most_significant_first(std::span<const double> neglog10_p) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < neglog10_p.size(); ++i) {
    if (!std::isnan(neglog10_p[i])) order.push_back(i);
  }
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return neglog10_p[a] > neglog10_p[b]; });
  return order;
}

void subtract(std::vector<double>& neglog10_p, double log10_factor) {
  for (double& value : neglog10_p) {
    if (!std::isnan(value)) value = std::max(0.0, value - log10_factor);
  }
}

// The k-th smallest p (k from 0) times m - k; never less than that of a smaller p.
void step_down(std::vector<double>& neglog10_p) {
  const std::size_t n_tests = neglog10_p.size();
  double lowest = std::numeric_limits<double>::infinity();
  std::size_t k = 0;
  for (const std::size_t i : most_significant_first(neglog10_p)) {
    lowest = std::min(lowest, neglog10_p[i] - log10_of(n_tests - k++));
    neglog10_p[i] = std::max(0.0, lowest);
  }
}

// The k-th smallest p (k from 1) times m / k and exp10(log10_factor); never more than that of a larger p.
void step_up(std::vector<double>& neglog10_p, double log10_factor) {
  const std::vector<std::size_t> order = most_significant_first(neglog10_p);
  const double log10_n_tests = log10_of(neglog10_p.size());
  double highest = 0;
  for (std::size_t k = order.size(); k > 0; --k) {
    double& value = neglog10_p[order[k - 1]];
    highest = std::max(highest, value - (log10_n_tests - log10_of(k)) - log10_factor);
    value = highest;
  }
}

// Σ 1/i for i = 1 … n, smallest terms first.
double harmonic(std::size_t n) {
  double sum = 0;
  for (std::size_t i = n; i > 0; --i) sum += 1.0 / static_cast<double>(i);
  return sum;
}

}  // namespace

// m·p.
void adjust_bonferroni(std::vector<double>& neglog10_p) {
  subtract(neglog10_p, log10_of(neglog10_p.size()));
}

double bonferroni_border(std::size_t n_tests, double alpha) {
  return log10_of(n_tests) - std::log10(alpha);
}

// Holm 1979.
void adjust_holm(std::vector<double>& neglog10_p) {
  step_down(neglog10_p);
}

// Benjamini & Hochberg 1995.
void adjust_benjamini_hochberg(std::vector<double>& neglog10_p) {
  step_up(neglog10_p, 0);
}

// Benjamini & Yekutieli 2001: valid under any dependence.
void adjust_benjamini_yekutieli(std::vector<double>& neglog10_p) {
  step_up(neglog10_p, std::log10(harmonic(neglog10_p.size())));
}

// Hochberg 1988: Holm's factors, step-up; valid where tests are independent or positively dependent. The k-th
// smallest p (k from 0) times m - k; never more than that of a larger p.
void adjust_hochberg(std::vector<double>& neglog10_p) {
  const std::vector<std::size_t> order = most_significant_first(neglog10_p);
  double highest = 0;
  for (std::size_t k = order.size(); k > 0; --k) {
    double& value = neglog10_p[order[k - 1]];
    highest = std::max(highest, value - log10_of(neglog10_p.size() - (k - 1)));
    value = highest;
  }
}

void adjust_nothing(std::vector<double>& /*neglog10_p*/) {}

double alpha_border(std::size_t /*n_tests*/, double alpha) {
  return -std::log10(alpha);
}

std::vector<double> adjust(std::span<const double> neglog10_p, Correction correction) {
  const CorrectionSpec& spec = spec_of(correction);
  PENFIELD_CHECK(spec.adjust != nullptr);
  std::vector<double> out(neglog10_p.begin(), neglog10_p.end());
  if (!out.empty()) spec.adjust(out);
  return out;
}

}  // namespace penfield::findings
