#include "penfield/base/unit.h"

#include <charconv>

namespace penfield {

std::optional<Site> parse_site(std::string_view name) {
  for (std::size_t i = 0; i < kSiteNames.size(); ++i) {
    if (kSiteNames[i] == name) return static_cast<Site>(i);
  }
  return std::nullopt;
}

std::string to_string(const UnitId& unit) {
  if (unit.site == Site::kMlpPre || unit.site == Site::kColumn)
    return fmt::format("L{}.{}", unit.layer, unit.index);
  return fmt::format("L{}.{}.{}", unit.layer, site_name(unit.site), unit.index);
}

Result<UnitId> parse_unit(std::string_view text) {
  const auto wrong = [&] {
    return usage_error("'{}' is not a unit: write L18.1234, or L18.attn.q.77 for a site other than mlp.pre",
                       text);
  };
  const auto number = [](std::string_view digits) -> std::optional<std::uint32_t> {
    std::uint32_t value = 0;
    const char* end = digits.data() + digits.size();
    const auto [at, error] = std::from_chars(digits.data(), end, value);
    if (error != std::errc{} || at != end || digits.empty()) return std::nullopt;
    return value;
  };
  if (text.size() < 4 || (text[0] != 'L' && text[0] != 'l')) return wrong();
  const std::size_t first_dot = text.find('.');
  const std::size_t last_dot = text.rfind('.');
  if (first_dot == std::string_view::npos) return wrong();
  const auto layer = number(text.substr(1, first_dot - 1));
  const auto index = number(text.substr(last_dot + 1));
  if (!layer || !index) return wrong();
  UnitId unit{Site::kMlpPre, *layer, *index};
  if (first_dot != last_dot) {
    const auto site = parse_site(text.substr(first_dot + 1, last_dot - first_dot - 1));
    if (!site) return wrong();
    unit.site = *site;
  }
  return unit;
}

}  // namespace penfield
