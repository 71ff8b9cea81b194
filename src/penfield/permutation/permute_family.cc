#include "penfield/permutation/permute_family.h"

#include <utility>

#include "penfield/base/parallel.h"
#include "penfield/permutation/family_maxima.h"
#include "penfield/permutation/label_rows.h"

namespace penfield::permutation {

template <class T>
Result<std::vector<PermutationTable>> permute_families(std::size_t n_families, const EachBlock<T>& each_block,
                                                       const Exchange& exchange,
                                                       const PermutedLabels& permuted,
                                                       const SharedColumns& shared) {
  LabelRows rows(exchange, permuted);
  std::vector<ScorePanel> panels;
  panels.reserve(static_cast<std::size_t>(n_threads()));
  for (int thread = 0; thread < n_threads(); ++thread) panels.emplace_back(exchange);
  std::vector<FamilyMaxima> families;
  for (std::size_t f = 0; f < n_families; ++f) families.emplace_back(exchange, panels, shared);

  PENFIELD_TRY_VOID(each_block([&](std::size_t f, MatrixView<const T> x) { families.at(f).observe(x); }));
  for (FamilyMaxima& family : families) PENFIELD_TRY_VOID(family.rank(rows.n_trivial()));
  for (std::size_t group = 0; group < rows.n_groups(); ++group) {
    const MatrixView<const float> labels = rows.load(group);
    for (FamilyMaxima& family : families) family.begin_group(labels);
    PENFIELD_TRY_VOID(each_block([&](std::size_t f, MatrixView<const T> x) { families.at(f).climb(x); }));
    for (FamilyMaxima& family : families) PENFIELD_TRY_VOID(family.end_group());
  }
  std::vector<PermutationTable> tables;
  tables.reserve(n_families);
  for (FamilyMaxima& family : families) tables.push_back(std::move(family).table());
  return tables;
}

template <class T>
PermutationTable permute_family(std::span<const MatrixView<const T>> blocks, const Exchange& exchange,
                                const PermutedLabels& permuted) {
  const EachBlock<T> each_block = [&](const ColumnsOfFamily<T>& take) -> Result<void> {
    for (const MatrixView<const T>& block : blocks) take(0, block);
    return {};
  };
  return std::move(permute_families<T>(1, each_block, exchange, permuted)->front());
}

template Result<std::vector<PermutationTable>> permute_families<float>(std::size_t, const EachBlock<float>&,
                                                                       const Exchange&, const PermutedLabels&,
                                                                       const SharedColumns&);
template Result<std::vector<PermutationTable>> permute_families<double>(std::size_t, const EachBlock<double>&,
                                                                        const Exchange&,
                                                                        const PermutedLabels&,
                                                                        const SharedColumns&);
template PermutationTable permute_family<float>(std::span<const MatrixView<const float>>, const Exchange&,
                                                const PermutedLabels&);
template PermutationTable permute_family<double>(std::span<const MatrixView<const double>>, const Exchange&,
                                                 const PermutedLabels&);

}  // namespace penfield::permutation
