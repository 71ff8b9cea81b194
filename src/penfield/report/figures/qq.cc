// Observed against expected −log10 p. The i-th smallest of n uniform p-values is Beta(i, n − i + 1): its 2.5%
// and 97.5% points are the grey band, if units were independent. They are not, so the middle 95% of what
// permuted labels give at each rank is drawn too. Source: Casella & Berger 2002, 5.4 (order statistics); λ:
// Devlin & Roeder 1999. Both axes are square roots, on which the bands show beside p-values of 10^−100.
#include <algorithm>
#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/chi_squared.hpp>
#include <cmath>
#include <numbers>
#include <ranges>

#include "penfield/findings/names.h"
#include "penfield/numeric/constants.h"
#include "penfield/report/figures/kinds.h"
#include "penfield/report/figures/marks.h"
#include "penfield/report/words/words.h"

namespace penfield::report {
namespace {

double expected(double rank, double n) {
  return -std::log10((rank - 0.5) / n);
}

// The first thousand ranks, then ever wider steps: marks on top of each other say nothing.
std::vector<std::size_t> shown_ranks(std::size_t n) {
  constexpr std::size_t kAll = 1000;
  constexpr double kGrowth = 1.004;
  std::vector<std::size_t> ranks;
  for (std::size_t rank = 1; rank <= n;) {
    ranks.push_back(rank);
    rank = rank < kAll ? rank + 1
                       : std::max(rank + 1, static_cast<std::size_t>(kGrowth * static_cast<double>(rank)));
  }
  if (!ranks.empty() && ranks.back() != n) ranks.push_back(n);
  return ranks;
}

using Points = std::vector<std::pair<double, double>>;

void outline(const Canvas& canvas, const Points& upper, const Points& lower) {
  cairo_t* cairo = canvas.cairo();
  cairo_new_path(cairo);
  for (const auto& [x, y] : upper) cairo_line_to(cairo, x, y);
  for (const auto& [x, y] : std::views::reverse(lower)) cairo_line_to(cairo, x, y);
  cairo_close_path(cairo);
}

void draw_permuted(const Canvas& canvas, const Frame& frame, std::span<const permutation::RankBand> bands) {
  if (bands.empty()) return;
  const double n = static_cast<double>(bands.back().rank);
  Points upper, lower;
  for (const permutation::RankBand& band : bands) {
    const double x = frame.x(std::min(frame.x.hi, std::sqrt(expected(static_cast<double>(band.rank), n))));
    upper.emplace_back(x, frame.y(std::min(frame.y.hi, std::sqrt(band.hi))));
    lower.emplace_back(x, frame.y(std::min(frame.y.hi, std::sqrt(band.lo))));
  }
  outline(canvas, upper, lower);
  canvas.set_colour(canvas.colours().muted, 0.1);
  cairo_fill_preserve(canvas.cairo());
  canvas.set_colour(canvas.colours().muted);
  cairo_set_line_width(canvas.cairo(), 0.8);
  constexpr double kDash[] = {4, 3};
  cairo_set_dash(canvas.cairo(), kDash, 2, 0);
  cairo_stroke(canvas.cairo());
  cairo_set_dash(canvas.cairo(), nullptr, 0, 0);
}

void draw_band(const Canvas& canvas, const Frame& frame, std::size_t n) {
  constexpr int kPoints = 160;
  const double size = static_cast<double>(n);
  Points upper, lower;
  for (int k = 0; k <= kPoints; ++k) {
    const double rank = std::max(1.0, std::round(std::pow(size, k / static_cast<double>(kPoints))));
    const boost::math::beta_distribution<double> order(rank, size - rank + 1);
    const double x = frame.x(std::sqrt(expected(rank, size)));
    const auto root_of = [&](double share) {
      return std::sqrt(-std::log10(boost::math::quantile(order, share)));
    };
    upper.emplace_back(x, frame.y(std::min(frame.y.hi, root_of(0.025))));
    lower.emplace_back(x, frame.y(root_of(0.975)));
  }
  cairo_t* cairo = canvas.cairo();
  outline(canvas, upper, lower);
  canvas.set_colour(canvas.colours().rest, 0.28);
  cairo_fill_preserve(cairo);
  canvas.set_colour(canvas.colours().rest);
  cairo_set_line_width(cairo, 0.7);
  cairo_stroke(cairo);
  const double end = std::min(frame.x.hi, frame.y.hi);
  canvas.line(frame.x(0), frame.y(0), frame.x(end), frame.y(end), canvas.colours().muted, 1);
}

}  // namespace

std::span<const permutation::RankBand> permuted_bands(const ReportData& data, const FigureOptions& options) {
  const std::vector<findings::FamilyThreshold>& families = data.run.families;
  const bool is_whole = !options.layer || data.run.layer_summaries.size() == 1;
  if (is_whole) {
    if (families.size() != 1) return {};
    return families.front().permutation.rank_bands;
  }
  if (data.run.sites.size() != 1) return {};
  const auto own = std::ranges::find(families, findings::layer_name(data.run.sites.front(), *options.layer),
                                     &findings::FamilyThreshold::name);
  if (own == families.end()) return {};
  return own->permutation.rank_bands;
}

double chi2_of(double neglog10_p) {
  constexpr double kExactBelow = 290;
  if (!(neglog10_p > 0)) return neglog10_p == 0 ? 0 : association::UnitFit::kNone;
  if (neglog10_p < kExactBelow) {
    const boost::math::chi_squared_distribution<double> chi2(1);
    return boost::math::quantile(boost::math::complement(chi2, std::pow(10.0, -neglog10_p)));
  }
  // Tail of χ²(1): p ≈ √(2/(πx)) e^(−x/2) (1 − 1/x), solved for x by fixed point; exact to 1e-9 this far out.
  const double target = 2 * neglog10_p * std::numbers::ln10;
  double x = target;
  for (int step = 0; step < 20; ++step)
    x = target + std::log(2 / (std::numbers::pi * x)) + 2 * std::log1p(-1 / x);
  return x;
}

double inflation(std::vector<double> neglog10_p) {
  std::erase_if(neglog10_p, [](double value) { return !std::isfinite(value); });
  if (neglog10_p.empty()) return association::UnitFit::kNone;
  const auto middle = neglog10_p.begin() + static_cast<std::ptrdiff_t>(neglog10_p.size() / 2);
  std::nth_element(neglog10_p.begin(), middle, neglog10_p.end());
  return chi2_of(*middle) / numeric::kMedianChi2;
}

void draw_qq(const Canvas& canvas, const ReportData& data, const FigureOptions& options) {
  std::vector<const findings::Finding*> units = units_to_draw(data, options);
  std::sort(units.begin(), units.end(), [](const findings::Finding* a, const findings::Finding* b) {
    if (a->neglog10_p != b->neglog10_p) return a->neglog10_p > b->neglog10_p;
    return a->unit < b->unit;
  });
  const double n = static_cast<double>(std::max<std::size_t>(1, units.size()));
  Frame frame = lay_out(canvas, data, Figure::kQq, options);
  constexpr double kMargin = 1.06;
  const double x_top = kMargin * std::max(0.5, expected(1, n));
  const double y_top = std::max(x_top, kMargin * (units.empty() ? 1.0 : units.front()->neglog10_p));
  frame.x.hi = std::sqrt(x_top);
  frame.y.hi = std::sqrt(y_top);
  draw_y_axis(canvas, frame, root_ticks(y_top, frame.bottom - frame.top, 18),
              "observed −log_{10} *p*, root scale");
  draw_x_axis(canvas, frame, root_ticks(x_top, frame.right - frame.left, 28),
              "expected −log_{10} *p*, root scale");
  draw_permuted(canvas, frame, permuted_bands(data, options));
  if (units.size() > 1) draw_band(canvas, frame, units.size());
  std::vector<UnitMark> marks, all;
  std::vector<double> p;
  for (const findings::Finding* unit : units) {
    all.push_back({0, 0, unit});
    p.push_back(unit->neglog10_p);
  }
  for (const std::size_t rank : shown_ranks(units.size())) {
    const findings::Finding* unit = units[rank - 1];
    marks.push_back({std::sqrt(expected(static_cast<double>(rank), n)), std::sqrt(unit->neglog10_p), unit});
  }
  draw_units(canvas, frame, marks, 3);
  draw_unit_legend(canvas, frame, all);
  const std::string lambda = fmt::format("λ = {}", significant_text(inflation(p), 3));
  const TextStyle style{.size = 12, .colour = canvas.colours().ink};
  canvas.rectangle(frame.left + 6, frame.top + 8, canvas.text_width(lambda, style) + 12, 20,
                   canvas.colours().ground);
  canvas.text(frame.left + 12, frame.top + 22, lambda, style);
}

}  // namespace penfield::report
