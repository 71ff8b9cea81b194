// The names of tests, corrections and families: one list each for options, files and the page. Result files
// contain these words, so they must not change.
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "penfield/findings/finding.h"

namespace penfield::findings {

// In the order of the enumerators.
inline constexpr std::array<std::string_view, 5> kTestNames = {"lrt", "wald", "score", "words", "rank"};
inline constexpr std::array<std::string_view, 6> kCorrectionNames = {"bonferroni", "holm", "bh",
                                                                     "by",         "maxt", "none"};
inline constexpr std::array<std::string_view, 2> kFamilyNames = {"layer", "model"};
inline constexpr std::array<std::string_view, 2> kMaxTNames = {"step-down", "single-step"};

[[nodiscard]] std::string_view test_name(Test test);
[[nodiscard]] std::string_view correction_name(Correction correction);
[[nodiscard]] std::string_view family_name(Family family);
[[nodiscard]] std::string_view max_t_name(MaxT max_t);

[[nodiscard]] std::optional<Test> parse_test(std::string_view name);
[[nodiscard]] std::optional<Correction> parse_correction(std::string_view name);
[[nodiscard]] std::optional<Family> parse_family(std::string_view name);
[[nodiscard]] std::optional<MaxT> parse_max_t(std::string_view name);

}  // namespace penfield::findings
