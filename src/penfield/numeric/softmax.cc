#include "penfield/numeric/softmax.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "penfield/base/check.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "penfield/numeric/softmax.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h.
#include <hwy/contrib/math/math-inl.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace penfield::numeric::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;
using D = hn::ScalableTag<float>;

// The last n % lanes scores come as a whole vector, filled up with the lowest number, whose weight is 0; a
// masked load may read beyond the row on targets without masks.
void Softmax(float* row, std::size_t n, float scale) {
  const D d;
  const std::size_t lanes = hn::Lanes(d);
  const std::size_t whole = n / lanes * lanes;
  HWY_ALIGN float rest[HWY_MAX_BYTES / sizeof(float)];
  hn::Store(hn::Set(d, hwy::LowestValue<float>()), d, rest);
  std::copy(row + whole, row + n, rest);

  auto largest = hn::Load(d, rest);
  for (std::size_t i = 0; i < whole; i += lanes) largest = hn::Max(largest, hn::LoadU(d, row + i));
  largest = hn::MaxOfLanes(d, largest);

  // Exp is 0 below −104, also for the −∞ that the filling may become.
  const auto factor = hn::Set(d, scale);
  const auto weigh = [&](auto x) HWY_ATTR { return hn::Exp(d, hn::Mul(factor, hn::Sub(x, largest))); };
  auto sums = weigh(hn::Load(d, rest));
  hn::Store(sums, d, rest);
  for (std::size_t i = 0; i < whole; i += lanes) {
    const auto weight = weigh(hn::LoadU(d, row + i));
    hn::StoreU(weight, d, row + i);
    sums = hn::Add(sums, weight);
  }
  const auto share = hn::Div(hn::Set(d, 1.0f), hn::SumOfLanes(d, sums));
  for (std::size_t i = 0; i < whole; i += lanes)
    hn::StoreU(hn::Mul(share, hn::LoadU(d, row + i)), d, row + i);
  hn::Store(hn::Mul(share, hn::Load(d, rest)), d, rest);
  std::copy_n(rest, n - whole, row + whole);
}

void SoftCap(float* row, std::size_t n, float scale, float cap) {
  const D d;
  const std::size_t lanes = hn::Lanes(d);
  const auto factor = hn::Set(d, scale / cap), most = hn::Set(d, cap);
  const auto capped = [&](auto x) HWY_ATTR { return hn::Mul(most, hn::Tanh(d, hn::Mul(factor, x))); };
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes) hn::StoreU(capped(hn::LoadU(d, row + i)), d, row + i);
  HWY_ALIGN float rest[HWY_MAX_BYTES / sizeof(float)] = {};
  std::copy(row + i, row + n, rest);
  hn::Store(capped(hn::Load(d, rest)), d, rest);
  std::copy_n(rest, n - i, row + i);
}

}  // namespace penfield::numeric::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace penfield::numeric {
HWY_EXPORT(Softmax);
HWY_EXPORT(SoftCap);

void softmax(std::span<float> row, float scale) {
  PENFIELD_CHECK(!row.empty());
  HWY_DYNAMIC_DISPATCH(Softmax)(row.data(), row.size(), scale);
}

void soft_cap(std::span<float> row, float scale, float cap) {
  PENFIELD_CHECK(scale > 0 && cap > 0);
  HWY_DYNAMIC_DISPATCH(SoftCap)(row.data(), row.size(), scale, cap);
}

void softmax_scalar(std::span<const float> row, double scale, std::span<double> out) {
  const double largest = static_cast<double>(*std::max_element(row.begin(), row.end()));
  double sum = 0;
  for (std::size_t i = 0; i < row.size(); ++i)
    sum += out[i] = std::exp(scale * (static_cast<double>(row[i]) - largest));
  for (double& weight : out) weight /= sum;
}

}  // namespace penfield::numeric
#endif
