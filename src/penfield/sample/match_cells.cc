#include "penfield/sample/match_cells.h"

#include <algorithm>
#include <utility>

#include "penfield/base/check.h"

namespace penfield::sample {

TraitClasses::TraitClasses(Trait trait, std::vector<double> targets) {
  PENFIELD_CHECK(!targets.empty());
  std::sort(targets.begin(), targets.end());
  smallest_ = targets.front();
  largest_ = targets.back();
  if (const std::uint32_t n = n_values(trait)) {
    for (std::uint32_t value = 1; value < n; ++value) borders_.push_back(value);
    return;
  }
  for (std::size_t i = 1; i < kClasses; ++i) {
    const double border = targets[i * targets.size() / kClasses];
    if (border > (borders_.empty() ? smallest_ : borders_.back())) borders_.push_back(border);
  }
}

std::optional<std::uint32_t> TraitClasses::class_of(double value) const {
  if (value < smallest_ || value > largest_) return std::nullopt;
  return static_cast<std::uint32_t>(std::upper_bound(borders_.begin(), borders_.end(), value) -
                                    borders_.begin());
}

MatchCells::MatchCells(const TokenTraits* traits, std::span<const Trait> match,
                       std::span<const Window> windows, std::span<const Sample> targets)
    : traits_(traits), match_(match), windows_(windows) {
  PENFIELD_CHECK(match.empty() || traits != nullptr);
  for (const Trait trait : match) {
    std::vector<double> values;
    values.reserve(targets.size());
    for (const Sample& target : targets)
      values.push_back(traits->value(trait, windows[target.window], target.position));
    classes_.emplace_back(trait, std::move(values));
    n_cells_ *= classes_.back().n_classes();
  }
}

std::optional<std::uint32_t> MatchCells::cell_of(const Sample& sample) const {
  std::uint32_t cell = 0;
  for (std::size_t i = 0; i < match_.size(); ++i) {
    const auto in_trait =
        classes_[i].class_of(traits_->value(match_[i], windows_[sample.window], sample.position));
    if (!in_trait) return std::nullopt;
    cell = cell * classes_[i].n_classes() + *in_trait;
  }
  return cell;
}

}  // namespace penfield::sample
