// Maximum likelihood for the units of a panel beside shared columns, SIMD across units.
//
// A pass over the samples computes, for every lane, the probabilities (one exp), the gradient and the
// information of m shared columns and the unit's own: Σw·(products of two shared columns), Σwz·(shared
// columns), Σwz², which are multiplications with shared values, one broadcast each. Then every lane factors
// its own small information (Cholesky) and steps by Newton. The unit's column comes last, so that the last
// diagonal of the factor is √(information about β given all others), whatever the shared columns are.
//
// Stop: where the last step moved no sample's log-odds by more than kLastStep. As |w'| <= w for the logistic
// weight, the information, taken before that step, is right to kLastStep of itself; the estimate, by
// quadratic convergence, to rounding.
#include <algorithm>
#include <cmath>

#include "penfield/association/panel/adjusted.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "penfield/association/panel/newton.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h.
#include <hwy/highway.h>

#include "penfield/association/panel/products-inl.h"
#include "penfield/numeric/exp-inl.h"

HWY_BEFORE_NAMESPACE();
namespace penfield::association::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

constexpr int kMaxPasses = 14;
constexpr double kLastStep = 1e-9;
constexpr double kMaxLogOdds = 600.0;   // within the range of ExpBounded
constexpr double kLeastPivot = 1e-9;    // of the diagonal that it was
constexpr std::size_t kBlockRows = 16;  // also: factors multiplied before the exponent is taken off

using D = PanelTag;
using V = hn::Vec<D>;

constexpr std::size_t n_products(std::size_t m) {
  return m * (m + 1) / 2;
}

// Where the sums stand, in rows of a panel array.
struct SumRows {
  std::size_t m;
  [[nodiscard]] std::size_t w() const { return 0; }                     // products of shared columns
  [[nodiscard]] std::size_t wz() const { return n_products(m); }        // [m], then Σwz²
  [[nodiscard]] std::size_t slope() const { return wz() + m + 1; }      // [m], then the unit's
  [[nodiscard]] std::size_t factor() const { return slope() + m + 1; }  // lower triangle, p = m + 1
  [[nodiscard]] std::size_t step() const { return factor() + n_products(m + 1); }
  [[nodiscard]] std::size_t total() const { return step() + m + 1; }
};

// Products of two shared columns, a row each: first those with the column of ones, which are the columns
// themselves.
HWY_INLINE void FillProducts(const double* shared, std::size_t count, std::size_t m, double* out) {
  for (std::size_t i = 0; i < count; ++i) {
    const double* row = shared + i * m;
    double* to = out + i * n_products(m);
    for (std::size_t j = 0; j < m; ++j) *to++ = row[j];
    for (std::size_t j = 1; j < m; ++j) {
      for (std::size_t k = 1; k <= j; ++k) *to++ = row[j] * row[k];
    }
  }
}

struct Likelihood {
  V product, lowest;
  V furthest;  // log-odds, before they were cut to what exp takes
  hn::Vec<hn::RebindToUnsigned<D>> halvings;
};

// Takes the exponent off the running product.
HWY_INLINE void TakeExponent(Likelihood& likelihood) {
  const D d;
  const hn::RebindToUnsigned<D> du;
  likelihood.lowest = hn::Min(likelihood.lowest, likelihood.product);
  const auto bits = hn::BitCast(du, likelihood.product);
  likelihood.halvings = hn::Add(likelihood.halvings, hn::Sub(hn::Set(du, 1023u), hn::ShiftRight<52>(bits)));
  likelihood.product = hn::BitCast(
      d, hn::Or(hn::And(bits, hn::Set(du, 0x000fffffffffffffu)), hn::Set(du, 0x3ff0000000000000u)));
}

// Where a pass reads, and the coefficients at which; one vector of columns.
struct Pass {
  const double* shared;  // [n, m]
  const double* column;  // [n], kPanelUnits apart
  const double* theta;   // [m + 1], kPanelUnits apart
  std::size_t m;
  double* products;  // scratch [kBlockRows, n_products(m)]
};

// Adds the rows [begin, end), all of one group, to the sums; `sign` is +1 for targets.
HWY_INLINE void SumGroup(const Pass& pass, std::size_t begin_row, std::size_t end_row, double sign_value,
                         double* sums, Likelihood& likelihood) {
  const D d;
  const SumRows at{pass.m};
  const auto sign = hn::Set(d, sign_value);
  const auto limit = hn::Set(d, kMaxLogOdds);
  const auto one = hn::Set(d, 1.0);
  const auto beta = hn::Load(d, pass.theta + pass.m * kPanelUnits);
  double* wzz_at = sums + (at.wz() + pass.m) * kPanelUnits;
  double* slope_at = sums + (at.slope() + pass.m) * kPanelUnits;
  auto wzz = hn::Load(d, wzz_at), slope = hn::Load(d, slope_at);
  HWY_ALIGN double w[kBlockRows * kPanelUnits], wz[kBlockRows * kPanelUnits], r[kBlockRows * kPanelUnits];
  for (std::size_t begin = begin_row; begin < end_row; begin += kBlockRows) {
    const std::size_t count = HWY_MIN(kBlockRows, end_row - begin);
    const double* shared = pass.shared + begin * pass.m;
    FillProducts(shared, count, pass.m, pass.products);
    for (std::size_t i = 0; i < count; ++i) {
      const auto z = hn::Load(d, pass.column + (begin + i) * kPanelUnits);
      auto eta = hn::Mul(beta, z);
      for (std::size_t j = 0; j < pass.m; ++j)
        eta = hn::MulAdd(hn::Load(d, pass.theta + j * kPanelUnits), hn::Set(d, shared[i * pass.m + j]), eta);
      likelihood.furthest = hn::Max(likelihood.furthest, hn::Abs(eta));
      eta = hn::Max(hn::Neg(limit), hn::Min(limit, hn::Mul(sign, eta)));
      const auto e = numeric::HWY_NAMESPACE::ExpBounded(d, eta);
      const auto q = hn::Div(one, hn::Add(one, e));
      const auto right = hn::Mul(e, q);
      const auto wi = hn::Mul(q, right);
      const auto wzi = hn::Mul(wi, z);
      const auto ri = hn::Mul(sign, q);
      likelihood.product = hn::Mul(likelihood.product, right);
      wzz = hn::MulAdd(wzi, z, wzz);
      slope = hn::MulAdd(ri, z, slope);
      hn::Store(wi, d, w + i * kPanelUnits);
      hn::Store(wzi, d, wz + i * kPanelUnits);
      hn::Store(ri, d, r + i * kPanelUnits);
    }
    TakeExponent(likelihood);
    const std::size_t width = n_products(pass.m);
    AddProducts(w, kPanelUnits, pass.products, width, count, width, sums + at.w() * kPanelUnits);
    AddProducts(wz, kPanelUnits, shared, pass.m, count, pass.m, sums + at.wz() * kPanelUnits);
    AddProducts(r, kPanelUnits, shared, pass.m, count, pass.m, sums + at.slope() * kPanelUnits);
  }
  hn::Store(wzz, d, wzz_at);
  hn::Store(slope, d, slope_at);
}

// Factors the information of one vector of columns, L·L'; true where every pivot is sound.
HWY_INLINE hn::Mask<D> Factor(std::size_t m, double* sums) {
  const D d;
  const SumRows at{m};
  double* l = sums + at.factor() * kPanelUnits;
  const auto cell = [&](std::size_t j, std::size_t k) { return l + (n_products(j) + k) * kPanelUnits; };
  for (std::size_t j = 0; j < m; ++j) {
    for (std::size_t k = 0; k <= j; ++k) {
      const std::size_t row = k == 0 ? j : m + n_products(j - 1) + k - 1;
      hn::Store(hn::Load(d, sums + (at.w() + row) * kPanelUnits), d, cell(j, k));
    }
  }
  for (std::size_t k = 0; k <= m; ++k)
    hn::Store(hn::Load(d, sums + (at.wz() + k) * kPanelUnits), d, cell(m, k));
  auto sound = hn::MaskFromVec(hn::BitCast(d, hn::Set(hn::RebindToUnsigned<D>(), ~std::uint64_t{0})));
  for (std::size_t j = 0; j <= m; ++j) {
    for (std::size_t k = 0; k <= j; ++k) {
      auto value = hn::Load(d, cell(j, k));
      const auto before = value;
      for (std::size_t i = 0; i < k; ++i)
        value = hn::NegMulAdd(hn::Load(d, cell(j, i)), hn::Load(d, cell(k, i)), value);
      if (k < j) {
        value = hn::Div(value, hn::Load(d, cell(k, k)));
      } else {
        sound = hn::And(sound, hn::Gt(value, hn::Mul(hn::Set(d, kLeastPivot), before)));
        value = hn::Sqrt(value);
      }
      hn::Store(value, d, cell(j, k));
    }
  }
  return sound;
}

// The step into sums' rows step() …; returns what Newton's parabola gains by it.
HWY_INLINE V Solve(std::size_t m, double* sums) {
  const D d;
  const SumRows at{m};
  const double* l = sums + at.factor() * kPanelUnits;
  const auto cell = [&](std::size_t j, std::size_t k) { return l + (n_products(j) + k) * kPanelUnits; };
  double* step = sums + at.step() * kPanelUnits;
  auto gain = hn::Zero(d);
  for (std::size_t k = 0; k <= m; ++k) {
    auto value = hn::Load(d, sums + (at.slope() + k) * kPanelUnits);
    for (std::size_t j = 0; j < k; ++j)
      value = hn::NegMulAdd(hn::Load(d, cell(k, j)), hn::Load(d, step + j * kPanelUnits), value);
    value = hn::Div(value, hn::Load(d, cell(k, k)));
    gain = hn::MulAdd(value, value, gain);
    hn::Store(value, d, step + k * kPanelUnits);
  }
  for (std::size_t k = m + 1; k-- > 0;) {
    auto value = hn::Load(d, step + k * kPanelUnits);
    for (std::size_t j = k + 1; j <= m; ++j)
      value = hn::NegMulAdd(hn::Load(d, cell(j, k)), hn::Load(d, step + j * kPanelUnits), value);
    hn::Store(hn::Div(value, hn::Load(d, cell(k, k))), d, step + k * kPanelUnits);
  }
  return hn::Mul(hn::Set(d, 0.5), gain);
}

HWY_INLINE Likelihood SumAll(const Pass& pass, std::size_t n, std::size_t n_target, double* sums) {
  const D d;
  const SumRows at{pass.m};
  for (std::size_t j = 0; j < at.factor(); ++j) hn::Store(hn::Zero(d), d, sums + j * kPanelUnits);
  Likelihood likelihood{hn::Set(d, 1.0), hn::Set(d, 1.0), hn::Zero(d), hn::Zero(hn::RebindToUnsigned<D>())};
  SumGroup(pass, 0, n_target, 1.0, sums, likelihood);
  SumGroup(pass, n_target, n, -1.0, sums, likelihood);
  return likelihood;
}

// All passes for one vector of columns, which begins at column c.
HWY_INLINE void FitColumns(const Covariates& covariates, const PanelResiduals& residuals, std::size_t c,
                           PanelNewton& newton) {
  const D d;
  const std::size_t m = covariates.m();
  const SumRows at{m};
  double* sums = newton.sums.data() + c;
  double* theta = newton.theta.data() + c;
  const Pass pass{covariates.columns().data(), residuals.column.data() + c, theta, m,
                  newton.sums.data() + at.total() * kPanelUnits};
  const auto zero = hn::Zero(d);
  const auto z_max = hn::Load(d, residuals.largest + c);
  auto open = hn::Load(d, newton.open + c);
  auto spread = zero, mantissa = zero, exponent = zero, gain = zero;
  for (int count = 0; count < kMaxPasses && !hn::AllFalse(d, hn::Gt(open, zero)); ++count) {
    const Likelihood likelihood = SumAll(pass, covariates.n(), covariates.n_target(), sums);
    const auto is_open = hn::And(hn::Gt(open, zero), Factor(m, sums));
    const auto step_gain = Solve(m, sums);
    const double* step = sums + at.step() * kPanelUnits;
    auto change = hn::Mul(hn::Abs(hn::Load(d, step + m * kPanelUnits)), z_max);
    for (std::size_t j = 0; j < m; ++j)
      change = hn::MulAdd(hn::Abs(hn::Load(d, step + j * kPanelUnits)), hn::Set(d, covariates.largest()[j]),
                          change);
    for (std::size_t j = 0; j <= m; ++j) {
      const auto old = hn::Load(d, theta + j * kPanelUnits);
      const auto next = hn::Add(old, hn::Load(d, step + j * kPanelUnits));
      hn::Store(hn::IfThenElse(is_open, next, old), d, theta + j * kPanelUnits);
    }
    const auto done = hn::And(is_open, hn::Lt(change, hn::Set(d, kLastStep)));
    const auto root = hn::Load(d, sums + (at.factor() + n_products(m) + m) * kPanelUnits);
    const auto is_sound = hn::And(hn::Gt(likelihood.lowest, hn::Set(d, 1e-290)),
                                  hn::Lt(likelihood.furthest, hn::Set(d, kMaxLogOdds)));
    // The count of halvings, below 2^52, to double through the bits of 2^52 + count.
    const auto magic = hn::Set(d, 0x1p52);
    const hn::RebindToUnsigned<D> du;
    const auto halvings = hn::Sub(hn::BitCast(d, hn::Or(likelihood.halvings, hn::BitCast(du, magic))), magic);
    spread = hn::IfThenElse(done, hn::Mul(root, root), spread);
    mantissa = hn::IfThenElse(done, hn::IfThenElseZero(is_sound, likelihood.product), mantissa);
    exponent = hn::IfThenElse(done, hn::Neg(halvings), exponent);
    gain = hn::IfThenElse(done, step_gain, gain);
    open = hn::IfThenElseZero(hn::AndNot(done, is_open), open);
  }
  hn::Store(spread, d, newton.spread + c);
  hn::Store(mantissa, d, newton.mantissa + c);
  hn::Store(exponent, d, newton.exponent + c);
  hn::Store(gain, d, newton.gain + c);
}

void FitPanel(const Covariates& covariates, const PanelResiduals& residuals, PanelNewton& newton) {
  for (std::size_t c = 0; c < kPanelUnits; c += hn::Lanes(D())) FitColumns(covariates, residuals, c, newton);
}

std::size_t ScratchRows(std::size_t m) {
  return SumRows{m}.total() + (kBlockRows * n_products(m) + kPanelUnits - 1) / kPanelUnits;
}

}  // namespace penfield::association::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace penfield::association {
namespace {

HWY_EXPORT(FitPanel);
HWY_EXPORT(ScratchRows);

}  // namespace

void panel_newton(const Covariates& covariates, const PanelResiduals& residuals, PanelNewton& newton) {
  newton.sums.resize(HWY_DYNAMIC_DISPATCH(ScratchRows)(covariates.m()));
  HWY_DYNAMIC_DISPATCH(FitPanel)(covariates, residuals, newton);
}

}  // namespace penfield::association
#endif
