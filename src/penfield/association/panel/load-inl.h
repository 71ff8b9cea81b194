// Columns of a panel as double lanes. Included once a target, after foreach_target.h.
#if defined(PENFIELD_ASSOCIATION_PANEL_LOAD_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef PENFIELD_ASSOCIATION_PANEL_LOAD_INL_H_
#undef PENFIELD_ASSOCIATION_PANEL_LOAD_INL_H_
#else
#define PENFIELD_ASSOCIATION_PANEL_LOAD_INL_H_
#endif

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace penfield::association::HWY_NAMESPACE {

template <class D>
HWY_INLINE hwy::HWY_NAMESPACE::Vec<D> LoadAsDouble(D d, const float* p) {
  namespace hn = hwy::HWY_NAMESPACE;
  return hn::PromoteTo(d, hn::Load(hn::Rebind<float, D>(), p));
}
template <class D>
HWY_INLINE hwy::HWY_NAMESPACE::Vec<D> LoadAsDouble(D d, const double* p) {
  return hwy::HWY_NAMESPACE::Load(d, p);
}

}  // namespace penfield::association::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
