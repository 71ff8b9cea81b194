// The sums over samples that Newton's steps in a slope and an intercept need, one of each a lane: over
// q = σ(−s·η), w = q(1 − q) and v = w(2q − 1), each with powers of z' = s·z. Included once a target, after
// foreach_target.h.
#if defined(PENFIELD_ASSOCIATION_PANEL_WEIGHTED_SUMS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef PENFIELD_ASSOCIATION_PANEL_WEIGHTED_SUMS_INL_H_
#undef PENFIELD_ASSOCIATION_PANEL_WEIGHTED_SUMS_INL_H_
#else
#define PENFIELD_ASSOCIATION_PANEL_WEIGHTED_SUMS_INL_H_
#endif

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace penfield::association::HWY_NAMESPACE {

template <class D>
struct WeightedSums {
  using V = hwy::HWY_NAMESPACE::Vec<D>;
  V q, qz, w, wz, wzz, v, vz, vzz, vzzz;
};

template <class D>
HWY_INLINE WeightedSums<D> ZeroSums(D d) {
  const auto zero = hwy::HWY_NAMESPACE::Zero(d);
  return {zero, zero, zero, zero, zero, zero, zero, zero, zero};
}

// Adds a sample: q, and right = 1 − q.
template <class D, class V>
HWY_INLINE void AddSample(V z, V q, V right, WeightedSums<D>& sums) {
  namespace hn = hwy::HWY_NAMESPACE;
  const auto zz = hn::Mul(z, z);
  const auto w = hn::Mul(q, right);
  const auto v = hn::Mul(w, hn::Sub(q, right));
  sums.q = hn::Add(sums.q, q);
  sums.qz = hn::MulAdd(q, z, sums.qz);
  sums.w = hn::Add(sums.w, w);
  sums.wz = hn::MulAdd(w, z, sums.wz);
  sums.wzz = hn::MulAdd(w, zz, sums.wzz);
  sums.v = hn::Add(sums.v, v);
  sums.vz = hn::MulAdd(v, z, sums.vz);
  sums.vzz = hn::MulAdd(v, zz, sums.vzz);
  sums.vzzz = hn::MulAdd(hn::Mul(v, z), zz, sums.vzzz);
}

}  // namespace penfield::association::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
