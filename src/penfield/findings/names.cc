#include "penfield/findings/names.h"

#include <array>
#include <cstddef>

namespace penfield::findings {
namespace {

// In the order of the enumerators.
constexpr std::array<std::string_view, 4> kTests = {"lrt", "wald", "score", "words"};
constexpr std::array<std::string_view, 6> kCorrections = {"bonferroni", "holm", "bh", "by", "maxt", "none"};
constexpr std::array<std::string_view, 2> kMaxTs = {"step-down", "single-step"};
constexpr std::array<std::string_view, 2> kFamilies = {"layer", "model"};

template <class Enum, std::size_t N>
std::optional<Enum> find(const std::array<std::string_view, N>& names, std::string_view name) {
  for (std::size_t i = 0; i < N; ++i) {
    if (names[i] == name) return static_cast<Enum>(i);
  }
  return std::nullopt;
}

}  // namespace

std::string_view test_name(Test test) {
  return kTests.at(static_cast<std::size_t>(test));
}
std::string_view correction_name(Correction c) {
  return kCorrections.at(static_cast<std::size_t>(c));
}
std::string_view family_name(Family family) {
  return kFamilies.at(static_cast<std::size_t>(family));
}
std::string_view max_t_name(MaxT max_t) {
  return kMaxTs.at(static_cast<std::size_t>(max_t));
}

std::optional<Test> parse_test(std::string_view name) {
  if (name == "maxt") return Test::kWords;  // what --correction maxt permutes by default
  return find<Test>(kTests, name);
}
std::optional<Correction> parse_correction(std::string_view name) {
  return find<Correction>(kCorrections, name);
}
std::optional<Family> parse_family(std::string_view name) {
  return find<Family>(kFamilies, name);
}
std::optional<MaxT> parse_max_t(std::string_view name) {
  return find<MaxT>(kMaxTs, name);
}

}  // namespace penfield::findings
