// --test, --alpha, --correction, --family: what counts as a finding.
#pragma once

#include <optional>

#include "command.h"
#include "penfield/findings/judge.h"

namespace penfield::app {

struct SignificanceFlags {
  std::optional<findings::Test> test;
  std::optional<findings::Correction> correction;
  std::optional<findings::Family> family;
  double alpha = 0.05;

  // What was given, over `defaults`.
  [[nodiscard]] findings::FindingOptions options(findings::FindingOptions defaults) const;
};

void add_significance_flags(CLI::App& command, SignificanceFlags& flags, bool with_family);

}  // namespace penfield::app
