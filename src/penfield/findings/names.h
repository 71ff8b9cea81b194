// The names of tests, corrections and families, in options and in files.
#pragma once

#include <optional>
#include <string_view>

#include "penfield/findings/finding.h"

namespace penfield::findings {

[[nodiscard]] std::string_view test_name(Test test);  // "lrt", "wald", "score"
[[nodiscard]] std::string_view correction_name(
    Correction correction);  // "bonferroni", "holm", "bh", "by", "maxt", "none"
[[nodiscard]] std::string_view family_name(Family family);  // "layer", "model"
[[nodiscard]] std::string_view max_t_name(MaxT max_t);      // "step-down", "single-step"

[[nodiscard]] std::optional<Test> parse_test(std::string_view name);
[[nodiscard]] std::optional<Correction> parse_correction(std::string_view name);
[[nodiscard]] std::optional<Family> parse_family(std::string_view name);
[[nodiscard]] std::optional<MaxT> parse_max_t(std::string_view name);

}  // namespace penfield::findings
