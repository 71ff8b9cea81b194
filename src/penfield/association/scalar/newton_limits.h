// Limits that the two scalar Newton solvers share (logistic.h, adjusted_logistic.h).
#pragma once

#include <cstdint>

namespace penfield::association {

enum class Penalty : std::uint8_t { kNone, kFirth };

// Steps after which an attempt ends without convergence. Newton needs 5 to 10 on ordinary columns; Firth's
// penalised likelihood, whose steps are capped, can need hundreds if one sample lies far from all others.
inline constexpr int kMaxIterations = 200;
inline constexpr int kMaxFirthIterations = 2000;

// An attempt has converged if the step's change of the log-odds, relative to the largest coefficient, is
// below this: near the rounding of the likelihood itself, and tighter for Firth, whose convergence is linear.
inline constexpr double kStepTolerance = 1e-10;
inline constexpr double kFirthStepTolerance = 1e-13;

// Longest step of Firth's iterations, in log-odds: logistf's maxstep (Heinze & Ploner 2003).
inline constexpr double kMaxStep = 5;

}  // namespace penfield::association
