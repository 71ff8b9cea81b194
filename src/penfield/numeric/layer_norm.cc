#include "penfield/numeric/layer_norm.h"

#include <cmath>
#include <cstddef>

#include "penfield/base/check.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "penfield/numeric/layer_norm.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace penfield::numeric::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;
using D64 = hn::ScalableTag<double>;
using D32 = hn::Rebind<float, D64>;  // as many lanes as D64

void LayerNorm(const float* in, const float* gain, const float* shift, double epsilon, float* out,
               std::size_t n) {
  const D64 d;
  const D32 d32;
  const std::size_t lanes = hn::Lanes(d);
  const std::size_t whole = n / lanes * lanes;
  const double count = static_cast<double>(n);

  auto sums = hn::Zero(d);
  for (std::size_t i = 0; i < whole; i += lanes)
    sums = hn::Add(sums, hn::PromoteTo(d, hn::LoadU(d32, in + i)));
  double sum = hn::GetLane(hn::SumOfLanes(d, sums));
  for (std::size_t i = whole; i < n; ++i) sum += static_cast<double>(in[i]);
  const double mean = sum / count;

  auto squares = hn::Zero(d);
  for (std::size_t i = 0; i < whole; i += lanes) {
    const auto away = hn::Sub(hn::PromoteTo(d, hn::LoadU(d32, in + i)), hn::Set(d, mean));
    squares = hn::MulAdd(away, away, squares);
  }
  double square = hn::GetLane(hn::SumOfLanes(d, squares));
  for (std::size_t i = whole; i < n; ++i)
    square += (static_cast<double>(in[i]) - mean) * (static_cast<double>(in[i]) - mean);
  const double scale = 1.0 / std::sqrt(square / count + epsilon);

  for (std::size_t i = 0; i < whole; i += lanes) {
    const auto away = hn::Sub(hn::PromoteTo(d, hn::LoadU(d32, in + i)), hn::Set(d, mean));
    const auto unit = hn::DemoteTo(d32, hn::Mul(away, hn::Set(d, scale)));
    hn::StoreU(hn::MulAdd(unit, hn::LoadU(d32, gain + i), hn::LoadU(d32, shift + i)), d32, out + i);
  }
  for (std::size_t i = whole; i < n; ++i) {
    const auto unit = static_cast<float>((static_cast<double>(in[i]) - mean) * scale);
    out[i] = std::fma(unit, gain[i], shift[i]);
  }
}

}  // namespace penfield::numeric::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace penfield::numeric {
HWY_EXPORT(LayerNorm);

void layer_norm(std::span<const float> in, std::span<const float> gain, std::span<const float> shift,
                float epsilon, std::span<float> out) {
  PENFIELD_CHECK(!in.empty() && in.size() == gain.size() && in.size() == shift.size() &&
                 in.size() == out.size());
  HWY_DYNAMIC_DISPATCH(LayerNorm)
  (in.data(), gain.data(), shift.data(), static_cast<double>(epsilon), out.data(), in.size());
}

void layer_norm_scalar(std::span<const float> in, std::span<const float> gain, std::span<const float> shift,
                       double epsilon, std::span<double> out) {
  const auto n = static_cast<double>(in.size());
  double mean = 0;
  for (const float x : in) mean += static_cast<double>(x) / n;
  double variance = 0;
  for (const float x : in) variance += (static_cast<double>(x) - mean) * (static_cast<double>(x) - mean) / n;
  for (std::size_t i = 0; i < in.size(); ++i) {
    const double unit = (static_cast<double>(in[i]) - mean) / std::sqrt(variance + epsilon);
    out[i] = unit * static_cast<double>(gain[i]) + static_cast<double>(shift[i]);
  }
}

}  // namespace penfield::numeric
#endif
