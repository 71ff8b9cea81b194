// The layers of a store, shared among the processes of its team: each computes what it has of its own layers,
// and all get the results of all.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "penfield/activations/activation_store.h"
#include "penfield/base/pack.h"
#include "penfield/base/result.h"
#include "penfield/base/share.h"
#include "penfield/findings/judge.h"
#include "penfield/permutation/permutation_table.h"

namespace penfield::study {

// The fields of what is exchanged: Archive is a Packer or an Unpacker.
template <class Archive, class Fits>
void pack_fits(Archive& archive, Fits& fits) {
  archive(fits.site, fits.layer, fits.predictions);
  for (auto* table : {&fits.discovery, &fits.held_out, &fits.unseen})
    archive(table->n_target, table->n_comparison, table->rows);
  archive(fits.words.n_discovery, fits.words.n_held_out, fits.words.n_unseen, fits.words.discovery,
          fits.words.held_out, fits.words.unseen, fits.words.unseen_auc);
  archive(fits.documents.discovery, fits.documents.held_out, fits.documents.unseen);
  archive(fits.ladder.all, fits.ladder.matched, fits.ladder.near_miss, fits.ladder.carrier);
}
template <class Archive, class Table>
void pack_permutations(Archive& archive, Table& table) {
  archive(table.n_permutations, table.n_tests, table.statistic, table.n_single_step, table.n_step_down,
          table.greatest, table.inflation, table.inflation_lo, table.inflation_hi, table.rank_bands,
          table.is_studentised, table.n_effective, table.degrees_of_freedom);
}
inline void pack(Packer& to, const findings::LayerFits& fits) {
  pack_fits(to, fits);
}
inline void unpack(Unpacker& from, findings::LayerFits& fits) {
  pack_fits(from, fits);
}
inline void pack(Packer& to, const permutation::PermutationTable& table) {
  pack_permutations(to, table);
}
inline void unpack(Unpacker& from, permutation::PermutationTable& table) {
  pack_permutations(from, table);
}
inline void pack(Packer& to, const std::vector<double>& values) {
  to(values);
}
inline void unpack(Unpacker& from, std::vector<double>& values) {
  from(values);
}

class LayerShare {
 public:
  explicit LayerShare(const activations::ActivationStore& store)
      : team_(store.team()),
        plan_(store.plan()),
        n_all_(plan_.taps.sites.size() * plan_.taps.layers.size()) {}

  [[nodiscard]] Share own() const { return team_.share(); }
  [[nodiscard]] std::size_t n_all() const { return n_all_; }
  [[nodiscard]] std::size_t n_own() const { return n_of(own()); }
  // [n_all()] columns of each layer.
  [[nodiscard]] std::vector<std::size_t> n_columns() const {
    std::vector<std::size_t> out;
    for (std::size_t m = 0; m < n_all_; ++m) out.push_back(plan_.matrices[m].n_cols);
    return out;
  }

  // mine: [n_own()] results of the own layers. Those of all layers, in the order of the store; called by all
  // processes. Errors: those of another process.
  template <class T>
  [[nodiscard]] Result<std::vector<T>> gather(std::vector<T> mine) const {
    if (team_.is_alone()) return mine;
    Packer packer;
    for (const T& result : mine) pack(packer, result);
    PENFIELD_TRY(const std::vector<std::string> messages, team_.exchange(packer.take()));
    std::vector<T> all(n_all_);
    for (std::uint32_t i = 0; i < messages.size(); ++i) {
      Unpacker unpacker(messages[i]);
      const auto n = static_cast<std::uint32_t>(messages.size());
      for (std::size_t layer = i; layer < n_all_; layer += n) unpack(unpacker, all[layer]);
      PENFIELD_CHECK(unpacker.is_at_end());
    }
    return all;
  }

 private:
  [[nodiscard]] std::size_t n_of(const Share& share) const {
    return n_all_ > share.index ? (n_all_ - share.index + share.n - 1) / share.n : 0;
  }

  const Team& team_;
  const activations::CapturePlan& plan_;
  std::size_t n_all_;
};

}  // namespace penfield::study
