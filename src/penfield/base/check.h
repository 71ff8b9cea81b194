// Aborts with the failed condition and its place, in every build type: for bugs, not for bad input.
#pragma once

#include <cstdio>
#include <cstdlib>

#define PENFIELD_CHECK(condition)                                                                      \
  do {                                                                                                 \
    if (!(condition)) [[unlikely]] {                                                                   \
      std::fprintf(stderr, "penfield: internal error: %s at %s:%d\n", #condition, __FILE__, __LINE__); \
      std::abort();                                                                                    \
    }                                                                                                  \
  } while (false)
