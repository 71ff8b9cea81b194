#include "penfield/numeric/student_t_quantile.h"

#include <boost/math/distributions/students_t.hpp>

#include "penfield/base/check.h"

namespace penfield::numeric {
namespace {

// Computed in double: long double gives the same digits at twice the time.
using InDouble = boost::math::policies::policy<boost::math::policies::promote_double<false>>;

}  // namespace

double student_t_quantile(double p, double df) {
  PENFIELD_CHECK(p > 0 && p < 1 && df > 0);
  return boost::math::quantile(boost::math::students_t_distribution<double, InDouble>(df), p);
}

}  // namespace penfield::numeric
