#include "penfield/numeric/activation.h"

#include <algorithm>
#include <cstddef>

#include "penfield/base/check.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "penfield/numeric/activation.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h.
#include <hwy/contrib/math/math-inl.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace penfield::numeric::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;
using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;

struct GeluNew {
  // exp stays finite at 80; beyond it the value is 0 to 34 digits.
  HWY_INLINE V operator()(V x) const {
    const D d;
    const V minus_two_c = hn::Set(d, -1.5957691216057308f);  // −2√(2/π)
    const V cubic = hn::Set(d, 0.044715f);
    const V inner = hn::MulAdd(hn::Mul(cubic, hn::Mul(x, x)), x, x);
    const V exponent = hn::Min(hn::Mul(minus_two_c, inner), hn::Set(d, 80.0f));
    return hn::Div(x, hn::Add(hn::Set(d, 1.0f), hn::Exp(d, exponent)));
  }
};

struct GeluErf {
  // erfc(z) = t·exp(−z² + p(t)), t = 1/(1 + z/2), z >= 0: the form of Press et al., Numerical Recipes,
  // `erfcc`. p: least squares at Chebyshev nodes over 0 <= z <= 12, relative error of erfc 1.2e-7 in float32.
  HWY_INLINE V operator()(V x) const {
    const D d;
    const V one = hn::Set(d, 1.0f);
    const V z = hn::Min(hn::Mul(hn::Abs(x), hn::Set(d, 0.70710678118654752f)), hn::Set(d, 9.0f));
    const V t = hn::Div(one, hn::MulAdd(z, hn::Set(d, 0.5f), one));
    V p = hn::Set(d, 0.165509894490242f);
    for (const float c : {-0.7914630770683289f, 1.4132031202316284f, -1.0316574573516846f,
                          0.19146230816841125f, -0.1396314799785614f, 0.08116460591554642f,
                          0.377223402261734f, 0.9996863603591919f, -1.2654975652694702f}) {
      p = hn::MulAdd(p, t, hn::Set(d, c));
    }
    const V half_erfc = hn::Mul(hn::Mul(hn::Set(d, 0.5f), t), hn::Exp(d, hn::NegMulAdd(z, z, p)));
    // x·Φ(x): Φ(−|x|) = ½ erfc(z), Φ(|x|) = 1 − ½ erfc(z).
    return hn::Mul(x, hn::IfThenElse(hn::Lt(x, hn::Zero(d)), half_erfc, hn::Sub(one, half_erfc)));
  }
};

struct Relu {
  HWY_INLINE V operator()(V x) const { return hn::Max(x, hn::Zero(D())); }
};

template <class F>
HWY_INLINE void Map(const float* in, float* out, std::size_t n, F function) {
  const D d;
  const std::size_t lanes = hn::Lanes(d);
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes) hn::StoreU(function(hn::LoadU(d, in + i)), d, out + i);
  if (i < n) {  // by way of a whole vector: a masked load may read beyond the row on targets without masks
    HWY_ALIGN float rest[HWY_MAX_BYTES / sizeof(float)] = {};
    std::copy(in + i, in + n, rest);
    hn::Store(function(hn::Load(d, rest)), d, rest);
    std::copy_n(rest, n - i, out + i);
  }
}

void MapGeluNew(const float* in, float* out, std::size_t n) {
  Map(in, out, n, GeluNew());
}
void MapGeluErf(const float* in, float* out, std::size_t n) {
  Map(in, out, n, GeluErf());
}
void MapRelu(const float* in, float* out, std::size_t n) {
  Map(in, out, n, Relu());
}

}  // namespace penfield::numeric::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace penfield::numeric {
HWY_EXPORT(MapGeluNew);
HWY_EXPORT(MapGeluErf);
HWY_EXPORT(MapRelu);

void gelu_new(std::span<const float> in, std::span<float> out) {
  PENFIELD_CHECK(in.size() == out.size());
  HWY_DYNAMIC_DISPATCH(MapGeluNew)(in.data(), out.data(), in.size());
}

void gelu_erf(std::span<const float> in, std::span<float> out) {
  PENFIELD_CHECK(in.size() == out.size());
  HWY_DYNAMIC_DISPATCH(MapGeluErf)(in.data(), out.data(), in.size());
}

void relu(std::span<const float> in, std::span<float> out) {
  PENFIELD_CHECK(in.size() == out.size());
  HWY_DYNAMIC_DISPATCH(MapRelu)(in.data(), out.data(), in.size());
}

std::string_view activation_name(Activation activation) {
  switch (activation) {
    case Activation::kGeluNew:
      return "gelu_new";
    case Activation::kGeluErf:
      return "gelu";
    case Activation::kRelu:
      return "relu";
  }
  return "";
}

std::optional<Activation> parse_activation(std::string_view name) {
  if (name == "gelu_new" || name == "gelu_pytorch_tanh") return Activation::kGeluNew;
  if (name == "gelu") return Activation::kGeluErf;
  if (name == "relu") return Activation::kRelu;
  return std::nullopt;
}

void activate(Activation activation, std::span<const float> in, std::span<float> out) {
  switch (activation) {
    case Activation::kGeluNew:
      return gelu_new(in, out);
    case Activation::kGeluErf:
      return gelu_erf(in, out);
    case Activation::kRelu:
      return relu(in, out);
  }
}

double activate_scalar(Activation activation, double x) {
  switch (activation) {
    case Activation::kGeluNew:
      return gelu_new_scalar(x);
    case Activation::kGeluErf:
      return gelu_erf_scalar(x);
    case Activation::kRelu:
      return std::max(x, 0.0);
  }
  return x;
}

}  // namespace penfield::numeric
#endif
