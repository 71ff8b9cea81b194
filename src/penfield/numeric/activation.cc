#include "penfield/numeric/activation.h"

#include <algorithm>
#include <array>
#include <cmath>
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
struct ReluSquare {
  HWY_INLINE V operator()(V x) const {
    const V positive = hn::Max(x, hn::Zero(D()));
    return hn::Mul(positive, positive);
  }
};
struct Relu6 {
  HWY_INLINE V operator()(V x) const { return hn::Min(hn::Max(x, hn::Zero(D())), hn::Set(D(), 6.0f)); }
};

// numerator / (1 + exp(−slope·x)): exp stays finite at 80; beyond it the value is 0 to 34 digits.
HWY_INLINE V OverSigmoid(V numerator, V x, float slope) {
  const D d;
  const V exponent = hn::Min(hn::Mul(hn::Set(d, -slope), x), hn::Set(d, 80.0f));
  return hn::Div(numerator, hn::Add(hn::Set(d, 1.0f), hn::Exp(d, exponent)));
}
struct Silu {
  HWY_INLINE V operator()(V x) const { return OverSigmoid(x, x, 1.0f); }
};
struct QuickGelu {
  HWY_INLINE V operator()(V x) const { return OverSigmoid(x, x, 1.702f); }
};
struct Sigmoid {
  HWY_INLINE V operator()(V x) const { return OverSigmoid(hn::Set(D(), 1.0f), x, 1.0f); }
};
struct Tanh {
  HWY_INLINE V operator()(V x) const { return hn::Tanh(D(), x); }
};
struct Linear {
  HWY_INLINE V operator()(V x) const { return x; }
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

void Activate(Activation activation, const float* in, float* out, std::size_t n) {
  switch (activation) {
    case Activation::kGeluNew:
      return Map(in, out, n, GeluNew());
    case Activation::kGeluErf:
      return Map(in, out, n, GeluErf());
    case Activation::kRelu:
      return Map(in, out, n, Relu());
    case Activation::kReluSquare:
      return Map(in, out, n, ReluSquare());
    case Activation::kRelu6:
      return Map(in, out, n, Relu6());
    case Activation::kSilu:
      return Map(in, out, n, Silu());
    case Activation::kQuickGelu:
      return Map(in, out, n, QuickGelu());
    case Activation::kTanh:
      return Map(in, out, n, Tanh());
    case Activation::kSigmoid:
      return Map(in, out, n, Sigmoid());
    case Activation::kLinear:
      return Map(in, out, n, Linear());
  }
}

}  // namespace penfield::numeric::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace penfield::numeric {
HWY_EXPORT(Activate);

namespace {

struct Name {
  std::string_view name;
  Activation activation;
};

// The first name of a function is the one that is written.
constexpr std::array kNames = {Name{"gelu_new", Activation::kGeluNew},
                               Name{"gelu_pytorch_tanh", Activation::kGeluNew},
                               Name{"gelu_fast", Activation::kGeluNew},
                               Name{"gelu_accurate", Activation::kGeluNew},
                               Name{"gelu_python_tanh", Activation::kGeluNew},
                               Name{"gelu", Activation::kGeluErf},
                               Name{"gelu_python", Activation::kGeluErf},
                               Name{"relu", Activation::kRelu},
                               Name{"relu2", Activation::kReluSquare},
                               Name{"relu6", Activation::kRelu6},
                               Name{"silu", Activation::kSilu},
                               Name{"swish", Activation::kSilu},
                               Name{"quick_gelu", Activation::kQuickGelu},
                               Name{"tanh", Activation::kTanh},
                               Name{"sigmoid", Activation::kSigmoid},
                               Name{"linear", Activation::kLinear}};

double sigmoid(double x) {
  return 1.0 / (1.0 + std::exp(-x));
}

}  // namespace

std::string_view activation_name(Activation activation) {
  return std::ranges::find(kNames, activation, &Name::activation)->name;
}

std::optional<Activation> parse_activation(std::string_view name) {
  const auto found = std::ranges::find(kNames, name, &Name::name);
  return found == kNames.end() ? std::nullopt : std::optional(found->activation);
}

std::string known_activations() {
  std::string out;
  for (const Name& name : kNames) out.append(out.empty() ? "" : ", ").append(name.name);
  return out;
}

void activate(Activation activation, std::span<const float> in, std::span<float> out) {
  PENFIELD_CHECK(in.size() == out.size());
  HWY_DYNAMIC_DISPATCH(Activate)(activation, in.data(), out.data(), in.size());
}

double activate_scalar(Activation activation, double x) {
  constexpr double kSqrt2OverPi = 0.79788456080286535588;
  constexpr double kSqrtHalf = 0.70710678118654752440;
  switch (activation) {
    case Activation::kGeluNew:
      return 0.5 * x * (1.0 + std::tanh(kSqrt2OverPi * (x + 0.044715 * x * x * x)));
    case Activation::kGeluErf:
      return 0.5 * x * std::erfc(-x * kSqrtHalf);
    case Activation::kRelu:
      return std::max(x, 0.0);
    case Activation::kReluSquare:
      return std::max(x, 0.0) * std::max(x, 0.0);
    case Activation::kRelu6:
      return std::clamp(x, 0.0, 6.0);
    case Activation::kSilu:
      return x * sigmoid(x);
    case Activation::kQuickGelu:
      return x * sigmoid(1.702 * x);
    case Activation::kTanh:
      return std::tanh(x);
    case Activation::kSigmoid:
      return sigmoid(x);
    case Activation::kLinear:
      return x;
  }
  return x;
}

}  // namespace penfield::numeric
#endif
