// The names of tests, corrections and families: one list each for options, files and the page. Result files
// contain these words, so they must not change.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "penfield/base/unit.h"
#include "penfield/findings/correction.h"
#include "penfield/findings/finding.h"

namespace penfield::findings {

struct TestSpec {
  std::string_view name;   // of --test and in result files
  std::string_view label;  // in sentences
};

// In the order of the enumerators.
inline constexpr std::array<TestSpec, 5> kTests = {{{"lrt", "likelihood-ratio test"},
                                                    {"wald", "Wald test"},
                                                    {"score", "score test"},
                                                    {"words", "Welch test of word means"},
                                                    {"rank", "rank test"}}};

// The names in a table of rows.
template <class Spec, std::size_t N>
constexpr std::array<std::string_view, N> names_in(const std::array<Spec, N>& specs) {
  std::array<std::string_view, N> names;
  for (std::size_t i = 0; i < N; ++i) names[i] = specs[i].name;
  return names;
}

inline constexpr auto kTestNames = names_in(kTests);
inline constexpr auto kCorrectionNames = names_in(kCorrections);
inline constexpr std::array<std::string_view, 2> kFamilyNames = {"layer", "model"};
inline constexpr std::array<std::string_view, 2> kMaxTNames = {"step-down", "single-step"};

[[nodiscard]] std::string_view test_name(Test test);
[[nodiscard]] std::string_view test_label(Test test);
[[nodiscard]] std::string_view correction_name(Correction correction);
[[nodiscard]] std::string_view family_name(Family family);
[[nodiscard]] std::string_view max_t_name(MaxT max_t);
// Of a family that is one layer: "L18"; with a site other than the default, "L18.attn.q".
[[nodiscard]] std::string layer_name(Site site, std::uint32_t layer);

[[nodiscard]] std::optional<Test> parse_test(std::string_view name);
[[nodiscard]] std::optional<Correction> parse_correction(std::string_view name);
[[nodiscard]] std::optional<Family> parse_family(std::string_view name);
[[nodiscard]] std::optional<MaxT> parse_max_t(std::string_view name);

}  // namespace penfield::findings
