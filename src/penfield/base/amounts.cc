#include "penfield/base/amounts.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <set>
#include <utility>

namespace penfield {

Result<std::uint64_t> parse_bytes(std::string_view text) {
  double amount = 0;
  const auto [at, error] = std::from_chars(text.data(), text.data() + text.size(), amount);
  std::string_view suffix = text.substr(static_cast<std::size_t>(at - text.data()));
  constexpr std::array<std::pair<std::string_view, int>, 14> kSuffixes = {{{"", 0},
                                                                           {"B", 0},
                                                                           {"K", 1},
                                                                           {"KB", 1},
                                                                           {"KiB", 1},
                                                                           {"M", 2},
                                                                           {"MB", 2},
                                                                           {"MiB", 2},
                                                                           {"G", 3},
                                                                           {"GB", 3},
                                                                           {"GiB", 3},
                                                                           {"T", 4},
                                                                           {"TB", 4},
                                                                           {"TiB", 4}}};
  const auto* const known = std::find_if(kSuffixes.begin(), kSuffixes.end(),
                                         [&](const auto& entry) { return entry.first == suffix; });
  if (error != std::errc{} || known == kSuffixes.end() || !(amount > 0) || !std::isfinite(amount) ||
      std::ldexp(amount, 10 * known->second) >= 0x1p63) {
    return usage_error("'{}' is not an amount of memory: write 8G, 512M or a number of bytes", text);
  }
  return static_cast<std::uint64_t>(std::ldexp(amount, 10 * known->second));
}

std::string format_bytes(std::uint64_t n_bytes) {
  constexpr std::array<const char*, 5> kUnits = {"B", "KiB", "MiB", "GiB", "TiB"};
  double amount = static_cast<double>(n_bytes);
  std::size_t unit = 0;
  while (amount >= 1023.5 && unit + 1 < kUnits.size()) {
    amount /= 1024;
    ++unit;
  }
  const bool is_whole = unit == 0 || amount >= 99.95 || amount == std::floor(amount);
  return fmt::format("{:.{}f} {}", amount, is_whole ? 0 : 1, kUnits[unit]);
}

std::string format_seconds(double seconds) {
  if (seconds < 9.95) return fmt::format("{:.1f} s", seconds);
  const auto whole = static_cast<std::uint64_t>(std::llround(seconds));
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {:02d} s", whole / 60, whole % 60);
  return fmt::format("{} h {:02d} min", whole / 3600, whole % 3600 / 60);
}

Result<std::vector<std::uint32_t>> parse_layers(std::string_view text, std::uint32_t n_layer) {
  const auto number = [](std::string_view digits) -> std::optional<std::uint32_t> {
    std::uint32_t value = 0;
    const auto [at, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc{} || at != digits.data() + digits.size() || digits.empty()) return std::nullopt;
    return value;
  };
  std::set<std::uint32_t> layers;
  if (text == "all") {
    for (std::uint32_t layer = 0; layer < n_layer; ++layer) layers.insert(layer);
    return std::vector<std::uint32_t>(layers.begin(), layers.end());
  }
  std::string_view rest = text;
  while (true) {
    const std::size_t comma = rest.find(',');
    const std::string_view part = rest.substr(0, comma);
    const std::size_t dash = part.find('-');
    const auto first = number(part.substr(0, dash));
    const auto last = dash == std::string_view::npos ? first : number(part.substr(dash + 1));
    if (!first || !last || *first > *last) return usage_error("--layers {}: write all, 18 or 0-5,23", text);
    if (*last >= n_layer) {
      return usage_error("--layers {}: the model has layers 0 to {}", text, n_layer - 1);
    }
    for (std::uint32_t layer = *first; layer <= *last; ++layer) layers.insert(layer);
    if (comma == std::string_view::npos) break;
    rest.remove_prefix(comma + 1);
  }
  return std::vector<std::uint32_t>(layers.begin(), layers.end());
}

}  // namespace penfield
