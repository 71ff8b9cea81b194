#include "penfield/permutation/studentise.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "penfield/permutation/studentise.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace penfield::permutation::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Multiplications and additions stay apart, as fused ones would round differently where a processor has them.
void Studentise(const StudentisedGroups& groups, float* sums, const float* squares, std::size_t n) {
  const hn::ScalableTag<float> d;
  const float n1 = groups.n_target, n0 = groups.n_comparison;
  const float per_item = 1 / n1 + 1 / n0;
  const auto scale = hn::Set(d, per_item);
  const auto least = hn::Set(d, 1e-6f * per_item);
  const auto total = hn::Set(d, n1 + n0 - 1);
  const auto per_n1 = hn::Set(d, 1 / n1), per_n0 = hn::Set(d, 1 / n0);
  const auto weight1 = hn::Set(d, 1 / (n1 * (n1 - 1))), weight0 = hn::Set(d, 1 / (n0 * (n0 - 1)));
  const auto make = [&](auto s, auto q) {
    const auto s2 = hn::Mul(s, s);
    const auto within1 = hn::Sub(q, hn::Mul(s2, per_n1));
    const auto within0 = hn::Sub(hn::Sub(total, q), hn::Mul(s2, per_n0));
    const auto error = hn::Add(hn::Mul(within1, weight1), hn::Mul(within0, weight0));
    return hn::Div(hn::Mul(s, scale), hn::Sqrt(hn::Max(error, least)));
  };
  const std::size_t lanes = hn::Lanes(d);
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes)
    hn::StoreU(make(hn::LoadU(d, sums + i), hn::LoadU(d, squares + i)), d, sums + i);
  if (i < n) {
    const std::size_t rest = n - i;
    HWY_ALIGN float s[HWY_MAX_BYTES / sizeof(float)] = {};
    HWY_ALIGN float q[HWY_MAX_BYTES / sizeof(float)] = {};
    for (std::size_t k = 0; k < rest; ++k) {
      s[k] = sums[i + k];
      q[k] = squares[i + k];
    }
    hn::Store(make(hn::Load(d, s), hn::Load(d, q)), d, s);
    for (std::size_t k = 0; k < rest; ++k) sums[i + k] = s[k];
  }
}

}  // namespace penfield::permutation::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace penfield::permutation {

HWY_EXPORT(Studentise);

void studentise(const StudentisedGroups& groups, float* sums, const float* squares, std::size_t n) {
  HWY_DYNAMIC_DISPATCH(Studentise)(groups, sums, squares, n);
}

}  // namespace penfield::permutation
#endif
