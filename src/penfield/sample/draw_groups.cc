#include "penfield/sample/draw_groups.h"

#include <unordered_map>

#include "penfield/base/check.h"

namespace penfield::sample {

// Samples of each token type drawn so far.
class GroupDraw::TypeCounts {
 public:
  explicit TypeCounts(std::uint64_t cap) : cap_(cap) {}
  [[nodiscard]] bool is_full(TokenId type) const {
    const auto at = n_drawn_.find(type);
    return at != n_drawn_.end() && at->second >= cap_;
  }
  void add(TokenId type) { ++n_drawn_[type]; }

 private:
  std::uint64_t cap_;
  std::unordered_map<TokenId, std::uint64_t> n_drawn_;
};

// One draw of the comparison group: the tokens of every cell in random order, each handed out once.
class GroupDraw::Partners {
 public:
  Partners(const GroupDraw& draw, std::vector<Sample> others, Random& random)
      : draw_(draw), types_(draw.limits_.cap_per_type), of_cell_(draw.cells_.n_cells()) {
    random.shuffle(std::span(others));
    for (const Sample& other : others) {
      if (const auto cell = draw.cells_.cell_of(other)) of_cell_[*cell].waiting.push_back(other);
    }
  }

  // The next token of the target's cell whose type is not full; none: the cell is used up. A type that is
  // full stays so, so that what was passed over need not be looked at again.
  std::optional<Sample> next_for(const Sample& target) {
    const auto number = draw_.cells_.cell_of(target);
    PENFIELD_CHECK(number.has_value());
    Cell& cell = of_cell_[*number];
    while (cell.n_done < cell.waiting.size()) {
      const Sample& other = cell.waiting[cell.n_done++];
      const TokenId type = draw_.type_of(other);
      if (types_.is_full(type)) continue;
      types_.add(type);
      return other;
    }
    return std::nullopt;
  }

 private:
  struct Cell {
    std::vector<Sample> waiting;
    std::size_t n_done = 0;
  };

  const GroupDraw& draw_;
  TypeCounts types_;
  std::vector<Cell> of_cell_;
};

DrawnGroups GroupDraw::draw(Candidates candidates, Random targets, std::span<Random> comparison) const {
  PENFIELD_CHECK(!comparison.empty());
  DrawnGroups out;
  out.comparison.resize(comparison.size());
  targets.shuffle(std::span(candidates.targets));
  TypeCounts types(limits_.cap_per_type);
  Partners first(*this, candidates.others, comparison[0]);
  for (const Sample& target : candidates.targets) {
    if (out.targets.size() == limits_.per_group) break;
    const TokenId type = type_of(target);
    if (types.is_full(type)) {
      ++out.n_target_capped;
      continue;
    }
    const std::optional<Sample> partner = first.next_for(target);
    if (!partner) {
      ++out.n_target_unmatched;
      continue;
    }
    types.add(type);
    out.targets.push_back(target);
    out.comparison[0].push_back(*partner);
  }
  for (std::size_t k = 1; k < comparison.size(); ++k) {
    Partners others(*this, candidates.others, comparison[k]);
    for (const Sample& target : out.targets) {
      if (const auto partner = others.next_for(target)) out.comparison[k].push_back(*partner);
    }
  }
  return out;
}

}  // namespace penfield::sample
