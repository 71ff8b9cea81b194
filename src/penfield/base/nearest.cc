#include "penfield/base/nearest.h"

#include <algorithm>
#include <vector>

namespace penfield {

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replace = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, replace});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
    std::swap(before_last, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

std::string nearest_name(std::string_view typed, std::span<const std::string> candidates) {
  constexpr std::size_t kLongest = 64;  // nobody mistypes more; keeps the cost bounded
  if (typed.size() > kLongest) return "";
  std::string best;
  std::size_t best_distance = kLongest;
  for (const std::string& candidate : candidates) {
    const std::size_t d = edit_distance(typed, candidate);
    const std::size_t limit = std::max<std::size_t>(2, std::max(typed.size(), candidate.size()) / 3);
    if (d <= limit && d < best_distance) {
      best = candidate;
      best_distance = d;
    }
  }
  return best;
}

}  // namespace penfield
