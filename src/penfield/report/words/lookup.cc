#include "penfield/report/words/lookup.h"

#include <algorithm>
#include <cmath>

#include "penfield/base/check.h"
#include "penfield/findings/names.h"

namespace penfield::report {
namespace {

bool ranks_before(const findings::Finding* a, const findings::Finding* b) {
  const bool a_none = std::isnan(a->neglog10_p), b_none = std::isnan(b->neglog10_p);
  if (a_none != b_none) return b_none;
  if (!a_none && a->neglog10_p != b->neglog10_p) return a->neglog10_p > b->neglog10_p;
  return a->unit < b->unit;
}

template <class Predicate>
DirectionCounts count_if_direction(const ReportData& data, Predicate counts_in) {
  DirectionCounts out;
  for (const findings::Finding& finding : data.units) {
    if (!counts_in(finding)) continue;
    if (finding.direction > 0) ++out.positive;
    if (finding.direction < 0) ++out.negative;
  }
  return out;
}

}  // namespace

std::vector<const findings::Finding*> top_units(const ReportData& data, std::size_t n,
                                                std::optional<std::uint32_t> layer) {
  std::vector<const findings::Finding*> ranked;
  for (const findings::Finding& finding : data.units) {
    if (!layer || finding.unit.layer == *layer) ranked.push_back(&finding);
  }
  n = std::min(n, ranked.size());
  std::partial_sort(ranked.begin(), ranked.begin() + static_cast<std::ptrdiff_t>(n), ranked.end(),
                    ranks_before);
  ranked.resize(n);
  return ranked;
}

double sure_auc(const findings::Finding& unit) {
  const auto inner_end = [&](double lo, double hi) { return unit.direction < 0 ? 1 - hi : lo; };
  const double unseen = inner_end(unit.held_out.unseen_auc_words_lo, unit.held_out.unseen_auc_words_hi);
  const double near_miss = inner_end(unit.ladder.near_miss_lo, unit.ladder.near_miss_hi);
  return std::isnan(near_miss) ? unseen : std::min(unseen, near_miss);
}

std::vector<const findings::Finding*> surviving_units(std::span<const findings::Finding> units, std::size_t n,
                                                      std::optional<std::uint32_t> layer) {
  std::vector<const findings::Finding*> out;
  for (const findings::Finding& unit : units) {
    if (unit.effect >= findings::Effect::kModerate && (!layer || unit.unit.layer == *layer))
      out.push_back(&unit);
  }
  std::stable_sort(out.begin(), out.end(), [](const findings::Finding* a, const findings::Finding* b) {
    return sure_auc(*a) > sure_auc(*b);
  });
  if (out.size() > n) out.resize(n);
  return out;
}

std::vector<const findings::Finding*> surviving_units(const ReportData& data, std::size_t n,
                                                      std::optional<std::uint32_t> layer) {
  return surviving_units(std::span(data.units), n, layer);
}

const findings::Finding* find_unit(const ReportData& data, const UnitId& unit) {
  const auto at = std::ranges::lower_bound(data.units, unit, {}, &findings::Finding::unit);
  return at != data.units.end() && at->unit == unit ? &*at : nullptr;
}

const findings::Finding* best_of_direction(const ReportData& data, int direction) {
  const findings::Finding* best = nullptr;
  for (const findings::Finding& finding : data.units) {
    if (finding.direction != direction || std::isnan(finding.neglog10_p)) continue;
    if (best == nullptr || ranks_before(&finding, best)) best = &finding;
  }
  return best;
}

double threshold_of(const ReportData& data, Site site, std::uint32_t layer) {
  for (const findings::FamilyThreshold& family : data.run.families) {
    if (data.run.family == findings::Family::kModel || family.name == findings::layer_name(site, layer)) {
      return family.neglog10_p_threshold;
    }
  }
  return association::UnitFit::kNone;
}

DirectionCounts count_significant(const ReportData& data) {
  return count_if_direction(data, [](const findings::Finding& finding) { return finding.significant; });
}

DirectionCounts count_replicated(const ReportData& data) {
  return count_if_direction(data, [](const findings::Finding& finding) { return finding.replicated; });
}

std::span<const float> heatmap_values(const store::Heatmaps& heatmaps, const UnitId& unit) {
  const auto at = std::find(heatmaps.units.begin(), heatmaps.units.end(), unit);
  if (at == heatmaps.units.end()) return {};
  return heatmap_row(heatmaps, static_cast<std::size_t>(at - heatmaps.units.begin()));
}

std::span<const float> heatmap_row(const store::Heatmaps& heatmaps, std::size_t row) {
  const std::size_t n_tokens = heatmaps.tokens.size();
  PENFIELD_CHECK(heatmaps.values.size() >= (row + 1) * n_tokens);
  return std::span(heatmaps.values).subspan(row * n_tokens, n_tokens);
}

}  // namespace penfield::report
