// What is left of a panel's columns beside the shared ones, and the score test, SIMD across units.
//
// The shared columns are orthogonal with mean square one, so a unit's coefficients are plain means of
// products, taken twice (Giraud, Langou & Rozložník 2005): the second time takes what rounding left. It costs
// some additions a sample and pass, less than one pass of exp with four covariates.
#include <algorithm>
#include <cmath>

#include "penfield/association/panel/adjusted.h"
#include "penfield/base/check.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "penfield/association/panel/residuals.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h.
#include <hwy/highway.h>

#include "penfield/association/panel/products-inl.h"

HWY_BEFORE_NAMESPACE();
namespace penfield::association::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using D = PanelTag;

template <class T>
HWY_INLINE void Standardise(const T* rows, std::size_t n, PanelResiduals& residuals) {
  const D d;
  double* out = residuals.column.data();
  for (std::size_t c = 0; c < kPanelUnits; c += hn::Lanes(d)) {
    const auto centre = hn::Load(d, residuals.centre + c);
    const auto inv_sd = hn::Load(d, residuals.inv_sd + c);
    for (std::size_t i = 0; i < n; ++i) {
      const std::size_t at = i * kPanelUnits + c;
      hn::Store(hn::Mul(hn::Sub(LoadAsDouble(d, rows + at), centre), inv_sd), d, out + at);
    }
  }
}

// Takes the parts along the shared columns off, and adds them to residuals.parts.
HWY_INLINE void TakeParts(const double* shared, std::size_t n, std::size_t m, PanelResiduals& residuals) {
  const D d;
  const auto inverse_n = hn::Set(d, 1.0 / static_cast<double>(n));
  double* sums = residuals.sums.data();
  double* parts = residuals.parts.data();
  for (std::size_t c = 0; c < kPanelUnits; c += hn::Lanes(d)) {
    double* column = residuals.column.data() + c;
    for (std::size_t j = 0; j < m; ++j) hn::Store(hn::Zero(d), d, sums + j * kPanelUnits + c);
    AddProducts(column, kPanelUnits, shared, m, n, m, sums + c);
    for (std::size_t j = 0; j < m; ++j) {
      const std::size_t at = j * kPanelUnits + c;
      const auto part = hn::Mul(hn::Load(d, sums + at), inverse_n);
      hn::Store(part, d, sums + at);
      hn::Store(hn::Add(hn::Load(d, parts + at), part), d, parts + at);
    }
    for (std::size_t i = 0; i < n; ++i) {
      auto left = hn::Load(d, column + i * kPanelUnits);
      for (std::size_t j = 0; j < m; ++j)
        left = hn::NegMulAdd(hn::Load(d, sums + j * kPanelUnits + c), hn::Set(d, shared[i * m + j]), left);
      hn::Store(left, d, column + i * kPanelUnits);
    }
  }
}

// Brings the columns to mean square one; largest and target_sum.
HWY_INLINE void Normalise(std::size_t n, std::size_t n_target, PanelResiduals& residuals) {
  const D d;
  for (std::size_t c = 0; c < kPanelUnits; c += hn::Lanes(d)) {
    double* column = residuals.column.data() + c;
    auto ss = hn::Zero(d);
    for (std::size_t i = 0; i < n; ++i) {
      const auto value = hn::Load(d, column + i * kPanelUnits);
      ss = hn::MulAdd(value, value, ss);
    }
    auto scale = hn::Sqrt(hn::Div(ss, hn::Set(d, static_cast<double>(n))));
    const auto is_left = hn::Gt(scale, hn::Set(d, kCollinearUnit));
    scale = hn::IfThenElseZero(is_left, scale);
    const auto inverse = hn::IfThenElseZero(is_left, hn::Div(hn::Set(d, 1.0), scale));
    auto largest = hn::Zero(d), target_sum = hn::Zero(d);
    for (std::size_t i = 0; i < n; ++i) {
      const auto value = hn::Mul(hn::Load(d, column + i * kPanelUnits), inverse);
      hn::Store(value, d, column + i * kPanelUnits);
      largest = hn::Max(largest, hn::Abs(value));
      if (i < n_target) target_sum = hn::Add(target_sum, value);
    }
    hn::Store(scale, d, residuals.scale + c);
    hn::Store(largest, d, residuals.largest + c);
    hn::Store(target_sum, d, residuals.target_sum + c);
  }
}

// Sums at the null: Σ residual·z into row m, Σ w·z² into row m + 1, Σ w·z·(shared column j) into row j of
// `sums`.
HWY_INLINE void SumAtNull(const double* shared, const double* wrong, std::size_t n, std::size_t n_target,
                          std::size_t m, PanelResiduals& residuals) {
  constexpr std::size_t kBlockRows = 16;
  const D d;
  HWY_ALIGN double weighted[kBlockRows * kPanelUnits];
  double* sums = residuals.sums.data();
  for (std::size_t c = 0; c < kPanelUnits; c += hn::Lanes(d)) {
    const double* column = residuals.column.data() + c;
    for (std::size_t j = 0; j < m; ++j) hn::Store(hn::Zero(d), d, sums + j * kPanelUnits + c);
    auto slope = hn::Zero(d), spread = hn::Zero(d);
    for (std::size_t begin = 0; begin < n; begin += kBlockRows) {
      const std::size_t count = HWY_MIN(kBlockRows, n - begin);
      for (std::size_t i = 0; i < count; ++i) {
        const double q = wrong[begin + i];
        const auto z = hn::Load(d, column + (begin + i) * kPanelUnits);
        const auto wz = hn::Mul(hn::Set(d, q * (1.0 - q)), z);
        slope = hn::MulAdd(hn::Set(d, begin + i < n_target ? q : -q), z, slope);
        spread = hn::MulAdd(wz, z, spread);
        hn::Store(wz, d, weighted + i * kPanelUnits);
      }
      AddProducts(weighted, kPanelUnits, shared + begin * m, m, count, m, sums + c);
    }
    hn::Store(slope, d, sums + m * kPanelUnits + c);
    hn::Store(spread, d, sums + (m + 1) * kPanelUnits + c);
  }
}

template <class T>
HWY_INLINE void Residuals(const T* rows, const Covariates& covariates, PanelResiduals& residuals) {
  const double* shared = covariates.columns().data();
  const std::size_t n = covariates.n();
  const std::size_t m = covariates.m();
  Standardise(rows, n, residuals);
  std::fill_n(residuals.parts.data(), m * kPanelUnits, 0.0);
  TakeParts(shared, n, m, residuals);
  TakeParts(shared, n, m, residuals);
  Normalise(n, covariates.n_target(), residuals);
  SumAtNull(shared, covariates.null_wrong().data(), n, covariates.n_target(), m, residuals);
}

void ResidualsFloat(const float* rows, const Covariates& covariates, PanelResiduals& residuals) {
  Residuals(rows, covariates, residuals);
}
void ResidualsDouble(const double* rows, const Covariates& covariates, PanelResiduals& residuals) {
  Residuals(rows, covariates, residuals);
}

}  // namespace penfield::association::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace penfield::association {
namespace {

HWY_EXPORT(ResidualsFloat);
HWY_EXPORT(ResidualsDouble);

void fill_residuals(const float* rows, const Covariates& covariates, PanelResiduals& residuals) {
  HWY_DYNAMIC_DISPATCH(ResidualsFloat)(rows, covariates, residuals);
}
void fill_residuals(const double* rows, const Covariates& covariates, PanelResiduals& residuals) {
  HWY_DYNAMIC_DISPATCH(ResidualsDouble)(rows, covariates, residuals);
}

// U²/V of one column, V = Σwz² less what the shared columns take of it.
double score_chi2(const Covariates& covariates, const double* sums) {
  const std::size_t m = covariates.m();
  const std::span<const double> r = covariates.null_root();
  std::vector<double> y(m);
  double variance = sums[(m + 1) * kPanelUnits];
  for (std::size_t k = 0; k < m; ++k) {
    double value = sums[k * kPanelUnits];
    for (std::size_t j = 0; j < k; ++j) value -= r[j * (m + 1) + k] * y[j];
    y[k] = value / r[k * (m + 1) + k];
    variance -= y[k] * y[k];
  }
  const double slope = sums[m * kPanelUnits];
  return variance > 0 ? slope / variance * slope : 0.0;
}

}  // namespace

template <class T>
void panel_residuals(PanelView<T> panel, const Covariates& covariates, PanelResiduals& residuals) {
  PENFIELD_CHECK(panel.n() == covariates.n() && panel.n_target == covariates.n_target());
  residuals.column.resize(covariates.n());
  residuals.parts.resize(covariates.m());
  residuals.sums.resize(covariates.m() + 2);
  fill_residuals(panel.data, covariates, residuals);
  for (std::size_t c = 0; c < kPanelUnits; ++c)
    residuals.score_chi2[c] =
        residuals.scale[c] > 0 ? score_chi2(covariates, residuals.sums.data() + c) : 0.0;
}

template void panel_residuals<float>(PanelView<float>, const Covariates&, PanelResiduals&);
template void panel_residuals<double>(PanelView<double>, const Covariates&, PanelResiduals&);

}  // namespace penfield::association
#endif
