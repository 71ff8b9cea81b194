// Look-ups that all outputs share: which units come first, and where a unit's heatmap is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "penfield/report/words/report_data.h"

namespace penfield::report {

// The first n units by −log10 p of the chosen test, largest first; units without a p come last; ties are
// ordered by site, layer, index. `layer`: only units of that layer.
[[nodiscard]] std::vector<const findings::Finding*> top_units(
    const ReportData& data, std::size_t n, std::optional<std::uint32_t> layer = std::nullopt);

// Lower bound on how well a unit distinguishes the concept from unseen words of the comparison and, where the
// concept has one, from its near miss: the lesser of the inner ends of the two intervals of the AUC of x, or
// of −x if the unit is suppressed. NaN if the first is not known.
[[nodiscard]] double sure_auc(const findings::Finding& unit);

// The first n units with an effect (findings::Effect), the largest sure_auc first; ties are ordered by site,
// layer, index. The headline names the first.
[[nodiscard]] std::vector<const findings::Finding*> surviving_units(
    std::span<const findings::Finding> units, std::size_t n,
    std::optional<std::uint32_t> layer = std::nullopt);
[[nodiscard]] std::vector<const findings::Finding*> surviving_units(
    const ReportData& data, std::size_t n, std::optional<std::uint32_t> layer = std::nullopt);

// nullptr if there is no such unit.
[[nodiscard]] const findings::Finding* find_unit(const ReportData& data, const UnitId& unit);

// The unit with the largest −log10 p in one direction; nullptr if there is none.
[[nodiscard]] const findings::Finding* best_of_direction(const ReportData& data, int direction);

// −log10 of the p below which a unit of this layer is significant; NaN if there is no such threshold.
[[nodiscard]] double threshold_of(const ReportData& data, Site site, std::uint32_t layer);

struct DirectionCounts {
  std::uint64_t positive = 0, negative = 0;
  [[nodiscard]] std::uint64_t total() const { return positive + negative; }
};
[[nodiscard]] DirectionCounts count_significant(const ReportData& data);
[[nodiscard]] DirectionCounts count_replicated(const ReportData& data);

// The activations over heatmaps.tokens, [n_tokens], of heatmaps.units[row].
[[nodiscard]] std::span<const float> heatmap_row(const store::Heatmaps& heatmaps, std::size_t row);
// The unit's; empty if it has no heatmap.
[[nodiscard]] std::span<const float> heatmap_values(const store::Heatmaps& heatmaps, const UnitId& unit);

}  // namespace penfield::report
