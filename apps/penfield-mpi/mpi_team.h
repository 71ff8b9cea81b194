// The ranks of an MPI job as a team.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "penfield/base/team.h"

namespace penfield::mpi {

// One at a time, between MPI_Init_thread and MPI_Finalize. Only the thread that made it may call it.
class MpiTeam final : public Team {
 public:
  MpiTeam();

  [[nodiscard]] Share share() const override { return share_; }
  [[nodiscard]] Result<std::vector<std::string>> exchange(Result<std::string> mine) const override;
  [[nodiscard]] bool has_ended() const override { return has_ended_; }
  [[nodiscard]] Result<void> check() const override;

  [[nodiscard]] std::uint64_t n_bytes_sent() const override { return n_bytes_sent_; }

 private:
  void tell_others() const;

  Share share_;
  mutable bool has_ended_ = false, was_told_ = false;
  mutable std::uint64_t n_bytes_sent_ = 0;
};

}  // namespace penfield::mpi
