// How many threads a piece of work is worth. While one stands, later loops of the calling thread take that
// many.
//
// A forward pass ends a parallel loop a few dozen times a layer, and every time all threads must have come.
// For a short text on a small model the waiting is most of the time, and on a machine that is busy otherwise
// it is nearly all: 28 tokens through the demo's model took 1.7 ms on one thread, and 4 to 740 ms on two of
// two processors that compiled something else meanwhile. Results do not depend on it (base/parallel.h).
#pragma once

#include "penfield/base/parallel.h"

namespace penfield::server {

class ThreadsFor {
 public:
  // flop: of the work; some 10^11 are done in a second on one thread.
  explicit ThreadsFor(double flop) : before_(n_threads()) {
    constexpr double kWorthSharing = 3e9;
    if (flop < kWorthSharing) set_threads(1);
  }
  ThreadsFor(const ThreadsFor&) = delete;
  ThreadsFor& operator=(const ThreadsFor&) = delete;
  ~ThreadsFor() { set_threads(before_); }

 private:
  int before_;
};

}  // namespace penfield::server
