// Quantiles of many statistics that are not stored.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

namespace penfield::permutation {

// Counts |statistic| of many columns in narrow bins; the sums do not depend on threads. M² of a column has
// mean 1 over the permutations, so medians are far below 4, where bins become wider, and in a family of
// 10^5 columns the largest statistic is about 4.5.
class StatisticCounts {
 public:
  void add(float statistic) { ++bins_[bin_of(statistic)]; }
  void add(const StatisticCounts& other) {
    for (std::size_t b = 0; b < kBins; ++b) bins_[b] += other.bins_[b];
  }
  // The median of |statistic|, interpolated within its bin; NaN if nothing was counted.
  [[nodiscard]] double median() const {
    std::uint64_t n = 0;
    for (const std::uint32_t count : bins_) n += count;
    const double half = static_cast<double>(n) / 2;
    double below = 0;
    for (std::size_t b = 0; b < kBins; ++b) {
      const double count = bins_[b];
      if (count > 0 && below + count >= half) return begin_of(b) + (half - below) / count * width_of(b);
      below += count;
    }
    return std::numeric_limits<double>::quiet_NaN();
  }
  // out[i]: the statistic that has rank ranks[i] from above, interpolated within its bin as if those of a
  // bin were spread evenly over it. ranks: ascending, 1 to the number of those counted.
  void at_ranks(std::span<const std::uint64_t> ranks, std::span<float> out) const {
    std::size_t next = 0;
    double above = 0;
    for (std::size_t b = kBins; b-- > 0;) {
      const double count = bins_[b];
      for (; next < ranks.size() && static_cast<double>(ranks[next]) <= above + count; ++next) {
        const double share = (static_cast<double>(ranks[next]) - 0.5 - above) / count;
        out[next] = static_cast<float>(begin_of(b) + (1 - share) * width_of(b));
      }
      above += count;
    }
  }

 private:
  // 0 … 4 in steps of 1/256, 4 … 12 in steps of 1/64; the last bin holds what lies beyond.
  static constexpr std::size_t kFineBins = 1024, kWideBins = 512, kBins = kFineBins + kWideBins;
  static constexpr float kFineBinsAUnit = 256, kWideBinsAUnit = 64, kFineEnd = 4;

  static std::size_t bin_of(float statistic) {
    if (statistic < kFineEnd) return static_cast<std::size_t>(statistic * kFineBinsAUnit);
    return kFineBins +
           static_cast<std::size_t>(std::min((statistic - kFineEnd) * kWideBinsAUnit, float{kWideBins - 1}));
  }
  static double width_of(std::size_t bin) {
    return bin < kFineBins ? 1.0 / double{kFineBinsAUnit} : 1.0 / double{kWideBinsAUnit};
  }
  static double begin_of(std::size_t bin) {
    return bin < kFineBins ? static_cast<double>(bin) * width_of(bin)
                           : double{kFineEnd} + static_cast<double>(bin - kFineBins) * width_of(bin);
  }

  std::array<std::uint32_t, kBins> bins_{};
};

}  // namespace penfield::permutation
