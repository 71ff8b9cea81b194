// The transposition of squares of 4 values: the inside of kernels that pack matrices stored the other way
// round. For the room's own .cc files, behind foreach_target.h.

#if defined(PENFIELD_NUMERIC_TRANSPOSE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef PENFIELD_NUMERIC_TRANSPOSE_INL_H_
#undef PENFIELD_NUMERIC_TRANSPOSE_INL_H_
#else
#define PENFIELD_NUMERIC_TRANSPOSE_INL_H_
#endif

#include <hwy/highway.h>
#include <cstddef>

HWY_BEFORE_NAMESPACE();
namespace penfield::numeric::HWY_NAMESPACE {

#if HWY_TARGET == HWY_SCALAR
constexpr std::size_t kSquare = 0;  // there are no vectors of 4
#else
constexpr std::size_t kSquare = 4;

// a, b, c, e: four rows of four; to[i * stride + 0 … 3] = value i of each.
template <class D4, class T = hwy::HWY_NAMESPACE::TFromD<D4>, class V4 = hwy::HWY_NAMESPACE::Vec<D4> >
HWY_INLINE void StoreTransposed(D4 d, V4 a, V4 b, V4 c, V4 e, T* HWY_RESTRICT to, std::size_t stride) {
  namespace hn = hwy::HWY_NAMESPACE;
  const auto low_ab = hn::InterleaveLower(d, a, b), high_ab = hn::InterleaveUpper(d, a, b);
  const auto low_ce = hn::InterleaveLower(d, c, e), high_ce = hn::InterleaveUpper(d, c, e);
  hn::StoreU(hn::ConcatLowerLower(d, low_ce, low_ab), d, to);
  hn::StoreU(hn::ConcatUpperUpper(d, low_ce, low_ab), d, to + stride);
  hn::StoreU(hn::ConcatLowerLower(d, high_ce, high_ab), d, to + 2 * stride);
  hn::StoreU(hn::ConcatUpperUpper(d, high_ce, high_ab), d, to + 3 * stride);
}
#endif

}  // namespace penfield::numeric::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
