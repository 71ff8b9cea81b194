#include "mpi_team.h"

#include <mpi.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <utility>

#include "penfield/base/check.h"
#include "signals.h"

namespace penfield::mpi {
namespace {

constexpr int kFailed = 1;  // the tag of the note that a rank waits in an exchange with an error

// A rank's message: its bytes, or the kind of its error (from 1) and its text; and the signal that it got.
struct Head {
  std::uint64_t n_bytes = 0;
  std::uint64_t error = 0;
  std::uint64_t signal = 0;
};

// MPI counts in ints.
constexpr std::size_t kPiece = std::size_t{1} << 30;

void broadcast(std::string& bytes, int from) {
  for (std::size_t at = 0; at < bytes.size(); at += kPiece)
    MPI_Bcast(bytes.data() + at, static_cast<int>(std::min(kPiece, bytes.size() - at)), MPI_BYTE, from,
              MPI_COMM_WORLD);
}

// The others wait for what this rank cannot hold, and would for ever.
[[noreturn]] void end_without_memory() {
  constexpr int kMemory = 5;
  std::fputs("penfield: error: not enough memory for what the processes exchange\n", stderr);
  MPI_Abort(MPI_COMM_WORLD, kMemory);
  std::abort();
}

}  // namespace

MpiTeam::MpiTeam() {
  int rank = 0, n = 1;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &n);
  share_ = {static_cast<std::uint32_t>(rank), static_cast<std::uint32_t>(n)};
}

Result<std::vector<std::string>> MpiTeam::exchange(Result<std::string> mine) const {
  PENFIELD_CHECK(!has_ended_);
  if (!mine && !was_told_) tell_others();
  const Head head = {.n_bytes = mine ? mine->size() : mine.error().message.size(),
                     .error = mine ? 0 : static_cast<std::uint64_t>(mine.error().kind) + 1,
                     .signal = static_cast<std::uint64_t>(app::received_signal())};
  std::vector<Head> heads(share_.n);
  MPI_Allgather(&head, sizeof head, MPI_BYTE, heads.data(), sizeof head, MPI_BYTE, MPI_COMM_WORLD);
  const auto is_error = [](const Head& of_rank) { return of_rank.error != 0; };
  const bool fails = std::ranges::any_of(heads, is_error);
  std::vector<std::string> all;
  try {
    all.resize(share_.n);
    all[share_.index] = mine ? *std::move(mine) : mine.error().message;
    for (std::uint32_t i = 0; i < share_.n; ++i) {
      if (fails && !is_error(heads[i])) continue;  // nobody needs it
      if (i == share_.index) n_bytes_sent_ += all[i].size();
      all[i].resize(heads[i].n_bytes);
      broadcast(all[i], static_cast<int>(i));
    }
  } catch (const std::bad_alloc&) {
    end_without_memory();
  }
  if (!fails) return all;
  has_ended_ = true;
  const auto signalled = std::ranges::find_if(heads, [](const Head& of_rank) { return of_rank.signal != 0; });
  if (signalled != heads.end()) app::end_as_by(static_cast<int>(signalled->signal));
  // The first that says something: the others were only told that one failed.
  std::uint32_t first = 0;
  while (first + 1 < share_.n && (!is_error(heads[first]) || all[first].empty())) ++first;
  return tl::unexpected<Error>(Error{static_cast<ErrorKind>(heads[first].error - 1), std::move(all[first])});
}

// The others look for this note while they work, so that they need not work in vain until their next
// exchange.
void MpiTeam::tell_others() const {
  for (std::uint32_t i = 0; i < share_.n; ++i) {
    if (i == share_.index) continue;
    MPI_Request request = MPI_REQUEST_NULL;
    // NOLINTNEXTLINE(clang-analyzer-optin.mpi.MPI-Checker): nobody waits until a note is read
    MPI_Isend(nullptr, 0, MPI_BYTE, static_cast<int>(i), kFailed, MPI_COMM_WORLD, &request);
    MPI_Request_free(&request);
  }
}

Result<void> MpiTeam::check() const {
  int is_there = 0;
  if (!was_told_) MPI_Iprobe(MPI_ANY_SOURCE, kFailed, MPI_COMM_WORLD, &is_there, MPI_STATUS_IGNORE);
  if (is_there == 0) return {};
  was_told_ = true;
  return tl::unexpected<Error>(Error{ErrorKind::kInterrupted, ""});
}

}  // namespace penfield::mpi
