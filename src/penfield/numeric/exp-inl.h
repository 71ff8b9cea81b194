// exp for double lanes, for sums of logistic terms: the caller bounds the argument; no table, no
// division.
//
// x = n·ln 2 + r, |r| <= ln 2 / 2 (Cody & Waite 1980, ln 2 in two parts); exp(r) = 1 + r + r²·P(r) with P of
// degree 9, interpolated at Chebyshev nodes, relative error 1.6e-17; the factor 2^n goes into the exponent
// bits; n is taken from the low bits of the sum with the rounding constant. exp_test.cc measures the error
// against arithmetic with a 64-bit mantissa.
//
// Include once for each target, after foreach_target.h.
#if defined(PENFIELD_NUMERIC_EXP_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef PENFIELD_NUMERIC_EXP_INL_H_
#undef PENFIELD_NUMERIC_EXP_INL_H_
#else
#define PENFIELD_NUMERIC_EXP_INL_H_
#endif

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace penfield::numeric::HWY_NAMESPACE {

// exp(x), |x| <= 700. Max error 1.13 ULP (measured, all targets).
template <class D, class V>
HWY_INLINE V ExpBounded(D d, V x) {
  namespace hn = hwy::HWY_NAMESPACE;
  const hn::RebindToUnsigned<D> du;
  const auto rounder = hn::Set(d, 0x1.8p52);
  const auto shifted = hn::MulAdd(x, hn::Set(d, 1.4426950408889634), rounder);  // n in the low bits
  const auto n = hn::Sub(shifted, rounder);
  auto r = hn::NegMulAdd(n, hn::Set(d, 0x1.62e42fefa3000p-1), x);
  r = hn::NegMulAdd(n, hn::Set(d, 0x1.3de6af278ece6p-42), r);
  const auto r2 = hn::Mul(r, r);
  const auto r4 = hn::Mul(r2, r2);
  const auto c01 = hn::MulAdd(r, hn::Set(d, 0x1.5555555555556p-3), hn::Set(d, 0.5));
  const auto c23 = hn::MulAdd(r, hn::Set(d, 0x1.11111111109b5p-7), hn::Set(d, 0x1.5555555553d68p-5));
  const auto c45 = hn::MulAdd(r, hn::Set(d, 0x1.a01a01a7c2f2ep-13), hn::Set(d, 0x1.6c16c17889f40p-10));
  const auto c67 = hn::MulAdd(r, hn::Set(d, 0x1.71de0db2eafc6p-19), hn::Set(d, 0x1.a019b9148739fp-16));
  const auto c89 = hn::MulAdd(r, hn::Set(d, 0x1.af389eeb9e5e9p-26), hn::Set(d, 0x1.28917ca046b86p-22));
  const auto c03 = hn::MulAdd(r2, c23, c01);
  const auto c47 = hn::MulAdd(r2, c67, c45);
  const auto p = hn::MulAdd(r4, hn::MulAdd(r4, c89, c47), c03);
  const auto exp_r = hn::Add(hn::Set(d, 1.0), hn::MulAdd(r2, p, r));
  const auto exponent = hn::ShiftLeft<52>(hn::BitCast(du, shifted));
  return hn::BitCast(d, hn::Add(hn::BitCast(du, exp_r), exponent));
}

// exp(x) for float lanes, |x| <= 80, relative error 2e-7: the same reduction, and the polynomial of degree 7
// of Moshier's Cephes expf.
template <class D, class V>
HWY_INLINE V ExpRough(D d, V x) {
  namespace hn = hwy::HWY_NAMESPACE;
  const hn::RebindToUnsigned<D> du;
  const auto rounder = hn::Set(d, 0x1.8p23f);
  const auto shifted = hn::MulAdd(x, hn::Set(d, 1.44269504f), rounder);
  const auto n = hn::Sub(shifted, rounder);
  auto r = hn::NegMulAdd(n, hn::Set(d, 0.693359375f), x);
  r = hn::NegMulAdd(n, hn::Set(d, -2.12194440e-4f), r);
  const auto r2 = hn::Mul(r, r);
  const auto c01 = hn::MulAdd(r, hn::Set(d, 1.6666665459e-1f), hn::Set(d, 5.0000001201e-1f));
  const auto c23 = hn::MulAdd(r, hn::Set(d, 8.3334519073e-3f), hn::Set(d, 4.1665795894e-2f));
  const auto c45 = hn::MulAdd(r, hn::Set(d, 1.9875691500e-4f), hn::Set(d, 1.3981999507e-3f));
  const auto p = hn::MulAdd(r2, hn::MulAdd(r2, c45, c23), c01);
  const auto exp_r = hn::Add(hn::Set(d, 1.0f), hn::MulAdd(r2, p, r));
  const auto exponent = hn::ShiftLeft<23>(hn::BitCast(du, shifted));
  return hn::BitCast(d, hn::Add(hn::BitCast(du, exp_r), exponent));
}

}  // namespace penfield::numeric::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // PENFIELD_NUMERIC_EXP_INL_H_
