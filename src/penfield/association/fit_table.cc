#include "penfield/association/fit_table.h"

#include "penfield/base/check.h"

namespace penfield::association {

std::string_view status_name(FitStatus status) {
  switch (status) {
    case FitStatus::kOk:
      return "ok";
    case FitStatus::kConstant:
      return "constant";
    case FitStatus::kSeparated:
      return "separated";
    case FitStatus::kQuasiSeparated:
      return "quasi_separated";
    case FitStatus::kNotConverged:
      return "not_converged";
    case FitStatus::kNonFinite:
      return "non_finite";
    case FitStatus::kTooFew:
      return "too_few";
  }
  PENFIELD_CHECK(false);
}

}  // namespace penfield::association
