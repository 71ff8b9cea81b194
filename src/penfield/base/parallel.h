// Parallel loops whose result does not depend on the number of threads.
//
// Work is split into pieces whose boundaries depend only on the problem; the number of threads decides only
// who processes which piece. Nothing is summed across threads: one thread reduces over the pieces, in order.
#pragma once

#include <cstddef>
#include <functional>

namespace penfield {

// Sets the number of threads of all later loops; 0: one for each processor. Call once, at the start. Where
// the system does not let so many be started, all loops run on the calling thread, and false is returned.
bool set_threads(int n_threads);
[[nodiscard]] int n_threads();

// Calls body(i, thread) once for each i in 0 … n-1, in any order; thread is in 0 … n_threads()-1.
// A nested call runs its loop on the calling thread (thread = 0). Once a body has thrown none begins,
// and one of the exceptions is rethrown after the loop.
void parallel_for(std::size_t n, const std::function<void(std::size_t i, int thread)>& body);

}  // namespace penfield
