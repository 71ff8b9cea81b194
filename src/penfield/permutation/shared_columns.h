// The columns of one family, divided among processes: those of run i belong to share i modulo their number.
#pragma once

#include <cstddef>
#include <vector>

#include "penfield/base/share.h"
#include "penfield/base/team.h"

namespace penfield::permutation {

struct SharedColumns {
  const Team* team = &alone();
  std::vector<std::size_t> run_lengths = {};  // of all runs; not needed of one process

  // Calls visit(first column, length) for each run of a share.
  template <class Visit>
  void for_each_run(const Share& share, const Visit& visit) const {
    std::size_t first = 0;
    for (std::size_t run = 0; run < run_lengths.size(); ++run) {
      if (share.has(run)) visit(first, run_lengths[run]);
      first += run_lengths[run];
    }
  }
};

}  // namespace penfield::permutation
