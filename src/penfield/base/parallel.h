// Parallel loops whose result does not depend on the number of threads.
//
// Work is cut into pieces whose borders depend on the problem alone; threads only choose who takes which
// piece. Nothing is summed across threads: a reduction is done over the pieces, in order, by one thread.
#pragma once

#include <cstddef>
#include <functional>

namespace penfield {

// Sets the number of threads of every later loop; 0: as many as the machine has. Called once, by the program.
void set_threads(int n_threads);
[[nodiscard]] int n_threads();

// body(i, thread) for i in 0 … n-1, each once, in any order; thread in 0 … n_threads()-1.
// Nested calls run their inner loop on the calling thread (thread = 0). If bodies throw, one of the
// exceptions is thrown again when the loop has ended.
void parallel_for(std::size_t n, const std::function<void(std::size_t i, int thread)>& body);

}  // namespace penfield
