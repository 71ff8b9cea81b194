// An exchange of three ranks, of which the second has no memory for what the first gives.
#include <mpi.h>
#include <sys/resource.h>

#include <cstdint>
#include <fstream>
#include <string>

#include "mpi_team.h"

int main(int argc, char** argv) {
  int provided = 0;
  MPI_Init_thread(&argc, &argv, MPI_THREAD_FUNNELED, &provided);
  {
    constexpr std::uint64_t kMessageBytes = std::uint64_t{256} << 20, kRoomBytes = kMessageBytes / 4;
    const penfield::mpi::MpiTeam team;
    if (team.share().index == 1) {
      std::uint64_t n_pages = 0;
      std::ifstream("/proc/self/statm") >> n_pages;
      const rlimit room = {.rlim_cur = n_pages * 4096 + kRoomBytes, .rlim_max = RLIM_INFINITY};
      if (::setrlimit(RLIMIT_AS, &room) != 0) return 1;
    }
    static_cast<void>(team.exchange(std::string(team.is_first() ? kMessageBytes : 1, 'x')));
  }
  MPI_Finalize();
  return 0;
}
