// penfield-mpi: the same program for several processes, which share the passes and fits of a scan.
#include <mpi.h>

#include "command_line.h"
#include "last_resort.h"
#include "mpi_team.h"
#include "penfield/formats/mapped_file.h"
#include "signals.h"

int main(int argc, char** argv) {
  penfield::app::install_last_resort();
  const std::stop_token stop = penfield::app::watch_signals();
  int provided = 0;
  MPI_Init_thread(&argc, &argv, MPI_THREAD_FUNNELED, &provided);
  penfield::formats::install_mapping_guard();
  int code = 1;
  {
    const penfield::mpi::MpiTeam team;
    code = penfield::app::run_command_line(argc, argv, stop, team);
  }
  // The work is over. Where the first rank has an error, the launcher ends the others by a signal, of which
  // they say nothing.
  static const penfield::app::StopAtSafeEdge kOver(penfield::app::StopAtSafeEdge::Announce::kNo);
  MPI_Finalize();
  return code;
}
