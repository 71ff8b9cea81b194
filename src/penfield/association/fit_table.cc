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

std::string_view note_name(FitNote note) {
  switch (note) {
    case FitNote::kNone:
      return "NA";
    case FitNote::kBimodal:
      return "bimodal";
    case FitNote::kCollinear:
      return "collinear";
  }
  PENFIELD_CHECK(false);
}

}  // namespace penfield::association
