// The median of many statistics that are not stored.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace penfield::permutation {

// Counts |statistic| of many columns in narrow bins, enough for a median; the sums do not depend on threads.
// M² of a column has mean 1 over the permutations, so medians are far below the last bin.
class StatisticCounts {
 public:
  void add(float statistic) {
    ++bins_[std::min(static_cast<std::size_t>(statistic * kBinsAUnit), kBins - 1)];
  }
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
      if (count > 0 && below + count >= half)
        return (static_cast<double>(b) + (half - below) / count) / kBinsAUnit;
      below += count;
    }
    return std::numeric_limits<double>::quiet_NaN();
  }

 private:
  static constexpr std::size_t kBins = 1024;
  static constexpr float kBinsAUnit = 256;
  std::array<std::uint32_t, kBins> bins_{};
};

}  // namespace penfield::permutation
