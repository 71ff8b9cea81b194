#include "penfield/findings/names.h"

#include <fmt/format.h>

#include <cstddef>

namespace penfield::findings {
namespace {

template <class Enum, std::size_t N>
std::optional<Enum> find(const std::array<std::string_view, N>& names, std::string_view name) {
  for (std::size_t i = 0; i < N; ++i) {
    if (names[i] == name) return static_cast<Enum>(i);
  }
  return std::nullopt;
}

}  // namespace

std::string_view test_name(Test test) {
  return kTests.at(static_cast<std::size_t>(test)).name;
}
std::string_view test_label(Test test) {
  return kTests.at(static_cast<std::size_t>(test)).label;
}
std::string_view correction_name(Correction correction) {
  return spec_of(correction).name;
}
std::string_view family_name(Family family) {
  return kFamilyNames.at(static_cast<std::size_t>(family));
}
std::string_view max_t_name(MaxT max_t) {
  return kMaxTNames.at(static_cast<std::size_t>(max_t));
}

std::string layer_name(Site site, std::uint32_t layer) {
  return site == Site::kMlpPre || site == Site::kColumn ? fmt::format("L{}", layer)
                                                        : fmt::format("L{}.{}", layer, site_name(site));
}

std::optional<Test> parse_test(std::string_view name) {
  if (name == "maxt") return Test::kWords;  // what --correction maxt permutes by default
  return find<Test>(kTestNames, name);
}
std::optional<Correction> parse_correction(std::string_view name) {
  return find<Correction>(kCorrectionNames, name);
}
std::optional<Family> parse_family(std::string_view name) {
  return find<Family>(kFamilyNames, name);
}
std::optional<MaxT> parse_max_t(std::string_view name) {
  return find<MaxT>(kMaxTNames, name);
}

}  // namespace penfield::findings
