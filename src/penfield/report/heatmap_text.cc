#include "penfield/report/heatmap_text.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <string_view>

#include "penfield/report/lookup.h"
#include "penfield/report/visible_text.h"

namespace penfield::report {
namespace {

constexpr double kLimitQuantile = 0.995;
constexpr std::string_view kSpace = "·", kLineBreak = "↵";

double symmetric_limit(const store::Heatmaps& heatmaps, std::span<const float> values) {
  std::vector<double> magnitudes;
  magnitudes.reserve(values.size());
  for (std::size_t t = 0; t < values.size(); ++t) {
    if (heatmaps.tokens[t].position == 0 || !std::isfinite(values[t])) continue;
    magnitudes.push_back(std::abs(static_cast<double>(values[t])));
  }
  if (magnitudes.empty()) return 0;
  const auto rank =
      static_cast<std::size_t>(std::ceil(kLimitQuantile * static_cast<double>(magnitudes.size()))) - 1;
  const auto at = magnitudes.begin() + static_cast<std::ptrdiff_t>(rank);
  std::nth_element(magnitudes.begin(), at, magnitudes.end());
  if (*at == 0) return 0;
  const double unit = std::pow(10.0, std::floor(std::log10(*at)) - 1);
  return std::ceil(*at / unit - 1e-9) * unit;
}

HeatToken make_token(const store::WindowToken& token, float value) {
  HeatToken out;
  out.text = visible(token.token);
  out.value = value;
  out.is_target = token.is_target;
  const bool word_after_space = out.text.starts_with(kSpace) && out.text.size() > kSpace.size() &&
                                !std::string_view(out.text).substr(kSpace.size()).starts_with(kSpace);
  if (word_after_space) {
    out.has_leading_space = true;
    out.text.erase(0, kSpace.size());
  }
  out.ends_line = out.text.ends_with(kLineBreak);
  return out;
}

// A token without text is the rest of the character that the token before it shows.
void join(HeatToken& shown, const store::WindowToken& rest, float value) {
  if (std::abs(value) > std::abs(shown.value)) shown.value = value;
  shown.is_target = shown.is_target || rest.is_target;
}

}  // namespace

HeatText make_heat_text(const store::Heatmaps& heatmaps, const UnitId& unit, sample::Split split) {
  HeatText out;
  const std::span<const float> values = heatmap_values(heatmaps, unit);
  out.limit = symmetric_limit(heatmaps, values);
  for (std::size_t t = 0; t < values.size(); ++t) {
    const store::WindowToken& token = heatmaps.tokens[t];
    if (token.split != split) continue;
    if (out.windows.empty() || out.windows.back().window != token.window) {
      out.windows.push_back({token.window, token.document, {}});
    }
    std::vector<HeatToken>& tokens = out.windows.back().tokens;
    if (token.token.empty() && !tokens.empty()) {
      join(tokens.back(), token, values[t]);
    } else {
      tokens.push_back(make_token(token, values[t]));
    }
  }
  for (const HeatWindow& window : out.windows) {
    for (const HeatToken& token : window.tokens) {
      out.n_targets += token.is_target ? 1 : 0;
      out.n_beyond += std::abs(token.value) > out.limit ? 1 : 0;
    }
  }
  return out;
}

int heat_mark(double value, double limit) {
  if (std::isnan(value) || !(limit > 0)) return 0;
  const int strength = static_cast<int>(std::floor(3 * std::min(1.0, std::abs(value) / limit)));
  return value < 0 ? -strength : strength;
}

}  // namespace penfield::report
