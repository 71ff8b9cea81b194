#include "penfield/numeric/rms_norm.h"

#include <cmath>
#include <cstddef>

#include "penfield/base/check.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "penfield/numeric/rms_norm.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace penfield::numeric::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;
using D64 = hn::ScalableTag<double>;
using D32 = hn::Rebind<float, D64>;  // as many lanes as D64

void RmsNorm(const float* in, const float* gain, float gain_offset, double epsilon, float* out,
             std::size_t n) {
  const D64 d;
  const D32 d32;
  const std::size_t lanes = hn::Lanes(d);
  const std::size_t whole = n / lanes * lanes;
  auto squares = hn::Zero(d);
  for (std::size_t i = 0; i < whole; i += lanes) {
    const auto x = hn::PromoteTo(d, hn::LoadU(d32, in + i));
    squares = hn::MulAdd(x, x, squares);
  }
  double square = hn::GetLane(hn::SumOfLanes(d, squares));
  for (std::size_t i = whole; i < n; ++i) square += static_cast<double>(in[i]) * static_cast<double>(in[i]);
  const double scale = 1.0 / std::sqrt(square / static_cast<double>(n) + epsilon);

  const auto offset = hn::Set(d32, gain_offset);
  for (std::size_t i = 0; i < whole; i += lanes) {
    const auto x = hn::PromoteTo(d, hn::LoadU(d32, in + i));
    const auto unit = hn::DemoteTo(d32, hn::Mul(x, hn::Set(d, scale)));
    hn::StoreU(hn::Mul(unit, hn::Add(offset, hn::LoadU(d32, gain + i))), d32, out + i);
  }
  for (std::size_t i = whole; i < n; ++i)
    out[i] = static_cast<float>(static_cast<double>(in[i]) * scale) * (gain_offset + gain[i]);
}

}  // namespace penfield::numeric::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace penfield::numeric {
HWY_EXPORT(RmsNorm);

void rms_norm(std::span<const float> in, std::span<const float> gain, float gain_offset, float epsilon,
              std::span<float> out) {
  PENFIELD_CHECK(!in.empty() && in.size() == gain.size() && in.size() == out.size());
  HWY_DYNAMIC_DISPATCH(RmsNorm)
  (in.data(), gain.data(), gain_offset, static_cast<double>(epsilon), out.data(), in.size());
}

void rms_norm_scalar(std::span<const float> in, std::span<const float> gain, double gain_offset,
                     double epsilon, std::span<double> out) {
  double mean = 0;
  for (const float x : in)
    mean += static_cast<double>(x) * static_cast<double>(x) / static_cast<double>(in.size());
  for (std::size_t i = 0; i < in.size(); ++i) {
    out[i] =
        static_cast<double>(in[i]) / std::sqrt(mean + epsilon) * (gain_offset + static_cast<double>(gain[i]));
  }
}

}  // namespace penfield::numeric
#endif
