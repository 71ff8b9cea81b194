// PENFIELD_UNROLL before a loop of few, constant turns: the compiler unrolls it whole.
#pragma once

#if defined(__clang__)
#define PENFIELD_UNROLL _Pragma("unroll")
#else
#define PENFIELD_UNROLL _Pragma("GCC unroll 16")
#endif
