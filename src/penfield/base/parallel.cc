#include "penfield/base/parallel.h"

#include <omp.h>

#include <atomic>
#include <exception>
#include <latch>
#include <thread>
#include <vector>

namespace penfield {
namespace {

// Whether n more threads can run at the same time. OpenMP's runtime ends the program where it cannot start
// one, and has no way to ask before.
bool can_start(int n) {
  std::latch all_tried(1);
  std::vector<std::jthread> threads;
  bool started = true;
  try {
    threads.reserve(static_cast<std::size_t>(n));
    for (int i = 0; i < n; ++i) threads.emplace_back([&] { all_tried.wait(); });
  } catch (const std::exception&) {
    started = false;
  }
  all_tried.count_down();
  return started;
}

}  // namespace

bool set_threads(int n_threads) {
  const int wanted = n_threads > 0 ? n_threads : omp_get_num_procs();
  const bool can = can_start(wanted - 1);
  omp_set_dynamic(0);
  omp_set_max_active_levels(1);
  omp_set_num_threads(can ? wanted : 1);
  return can;
}

int n_threads() {
  return omp_get_max_threads();
}

void parallel_for(std::size_t n, const std::function<void(std::size_t, int)>& body) {
  if (omp_in_parallel() != 0 || n <= 1) {
    for (std::size_t i = 0; i < n; ++i) body(i, 0);
    return;
  }
  // No exception may leave the region, such as that of a failed allocation. After one no body begins: what
  // the thread keeps between bodies may be half made.
  std::exception_ptr first;
  std::atomic<bool> failed = false;
#pragma omp parallel for schedule(dynamic, 1)
  for (std::size_t i = 0; i < n; ++i) {
    if (failed) continue;
    try {
      body(i, omp_get_thread_num());
    } catch (...) {
#pragma omp critical(penfield_parallel_for)
      if (!first) first = std::current_exception();
      failed = true;
    }
  }
  if (first) std::rethrow_exception(first);
}

}  // namespace penfield
