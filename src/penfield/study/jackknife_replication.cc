#include "penfield/study/jackknife_replication.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

#include "penfield/base/parallel.h"
#include "penfield/findings/jackknife.h"
#include "penfield/numeric/normal_tail.h"
#include "penfield/permutation/test_of_blocks.h"
#include "penfield/study/fit_layers.h"
#include "penfield/study/layer_share.h"
#include "penfield/study/rows/by_document.h"
#include "penfield/study/rows/leave_groups_out.h"

namespace penfield::study {
namespace {

using permutation::ItemTest;

// Positive where the difference has the sign of the unit's β.
double signed_z(const ItemTest& test, int direction) {
  if (std::isnan(test.neglog10_p)) return 0;
  const double z = numeric::normal_z_of_neglog10_p(test.neglog10_p);
  return test.difference * direction > 0 ? z : -z;
}

// The significant units of a block, copied together.
struct Columns {
  std::vector<std::size_t> of_block;
  std::vector<int> direction;
};

MatrixView<const float> gather(MatrixView<const float> block, const RowSet& rows, const Columns& columns,
                               std::vector<float>& scratch) {
  const std::size_t n = columns.of_block.size();
  scratch.resize(std::max(scratch.size(), rows.size() * n));
  parallel_for(rows.size(), [&](std::size_t i, int) {
    const std::span<const float> from = block.row(rows.rows[i]);
    for (std::size_t c = 0; c < n; ++c) scratch[i * n + c] = from[columns.of_block[c]];
  });
  return {scratch.data(), rows.size(), n};
}

// Of one set of held-out rows: sums over the units of a layer of smoothed steps, without each group.
class Rates {
 public:
  Rates(const RowSet& set, bool by_documents, double neglog10_border)
      : groups_(leave_groups_out(set, findings::kJackknifeGroups, findings::kFewestJackknifeGroups)),
        by_documents_(by_documents && count_documents(set) >= permutation::kFewestFlips),
        z_border_(numeric::normal_z_of_neglog10_p(neglog10_border)) {}

  void begin_layer() { sums_.emplace_back(groups_.size(), 0.0); }
  void add(MatrixView<const float> block, const Columns& columns, std::vector<float>& scratch) {
    for (std::size_t g = 0; g < groups_.size(); ++g) {
      const RowSet& rows = groups_[g].rows;
      const MatrixView<const float> x = gather(block, rows, columns, scratch);
      const std::vector<ItemTest> words = permutation::test_item_means(
          x, permutation::exchange_means(rows.labels, rows.words, rows.word_strata));
      std::vector<ItemTest> documents;
      if (by_documents_)
        documents = permutation::test_block_scores(x, permutation::flip_signs(rows.labels, rows.documents));
      for (std::size_t c = 0; c < columns.of_block.size(); ++c) {
        double z = signed_z(words[c], columns.direction[c]);
        if (by_documents_) z = std::min(z, signed_z(documents[c], columns.direction[c]));
        sums_.back()[g] += findings::smooth_step(z * groups_[g].scale, z_border_);
      }
    }
  }
  // Errors: those of LayerShare::gather.
  [[nodiscard]] Result<findings::Share> share(const LayerShare& layers, std::uint64_t n_replicated,
                                              std::uint64_t n) const {
    PENFIELD_TRY(const std::vector<std::vector<double>> sums, layers.gather(sums_));
    std::vector<double> without(groups_.size(), 0.0);
    for (const std::vector<double>& of_layer : sums) {
      for (std::size_t g = 0; g < without.size(); ++g) without[g] += of_layer[g] / static_cast<double>(n);
    }
    return findings::jackknife_share(n_replicated, n, without);
  }

 private:
  std::vector<WithoutGroup> groups_;
  std::vector<std::vector<double>> sums_;  // [layers of this process][groups]
  bool by_documents_;
  double z_border_;
};

}  // namespace

Result<void> jackknife_replication(const activations::ActivationStore& store, const SplitRows& rows,
                                   const ScanTest& test, const Watch& watch, findings::FindingTable& found) {
  if (test.findings.test != findings::Test::kWords || found.n_significant == 0 || rows.held_out.size() == 0)
    return {};
  const double border =
      std::log10(static_cast<double>(found.n_significant)) - std::log10(test.findings.alpha);
  const bool by_documents = found.n_found_by_words > 0;
  Rates of_all(rows.held_out, by_documents, border);
  const bool has_unseen = rows.test && std::ranges::any_of(found.units, [](const findings::Finding& unit) {
                            return unit.replicated_words != findings::Answer::kNotKnown;
                          });
  Rates of_unseen(has_unseen ? rows.test->unseen : RowSet{}, by_documents, border);
  const LayerShare share(store);
  std::vector<float> scratch;
  const std::vector<std::size_t> n_columns = share.n_columns();
  std::size_t first = 0;       // unit of column 0
  std::size_t next_layer = 0;  // the layers before it are passed
  std::size_t own_layer = share.own().index;
  const auto take = [&](const activations::ActivationBlock& block) -> Result<void> {
    PENFIELD_TRY_VOID(watch.check());
    const MatrixView<const float> x = block.view();
    if (block.first_unit == 0) {
      for (; next_layer < own_layer; ++next_layer) first += n_columns[next_layer];
      own_layer += share.own().n;
      ++next_layer;
      of_all.begin_layer();
      of_unseen.begin_layer();
    }
    Columns columns;
    for (std::size_t c = 0; c < x.cols; ++c) {
      const findings::Finding& unit = found.units[first + c];
      if (!unit.significant) continue;
      columns.of_block.push_back(c);
      // 0 where words differ against β: such a unit does not replicate, whichever group is left out.
      columns.direction.push_back(unit.direction == unit.direction_words ? unit.direction : 0);
    }
    first += x.cols;
    if (columns.of_block.empty()) return {};
    of_all.add(x, columns, scratch);
    of_unseen.add(x, columns, scratch);
    return {};
  };
  PENFIELD_TRY_VOID(store.for_each_block(columns_of_step(rows), take, share.own()));
  PENFIELD_TRY(found.replication.replicated, of_all.share(share, found.n_replicated, found.n_significant));
  if (!has_unseen) return {};
  PENFIELD_TRY(found.words.replicated, of_unseen.share(share, found.words.n_replicated, found.n_significant));
  return {};
}

}  // namespace penfield::study
