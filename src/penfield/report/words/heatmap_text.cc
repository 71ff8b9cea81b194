#include "penfield/report/words/heatmap_text.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>
#include <string_view>
#include <utility>

#include "penfield/report/words/lookup.h"
#include "penfield/report/words/visible_text.h"

namespace penfield::report {
namespace {

constexpr double kLimitQuantile = 0.995;
constexpr std::string_view kSpace = "·", kLineBreak = "↵";

// The unit's values that set the scale: of both splits, finite, and not of a window's first token.
std::vector<double> scale_values(const store::Heatmaps& heatmaps, std::span<const float> values) {
  std::vector<double> out;
  out.reserve(values.size());
  for (std::size_t t = 0; t < values.size(); ++t) {
    if (heatmaps.tokens[t].position != 0 && std::isfinite(values[t])) out.push_back(values[t]);
  }
  return out;
}

double symmetric_limit(std::vector<double> values) {
  if (values.empty()) return 0;
  for (double& value : values) value = std::abs(value);
  const auto rank =
      static_cast<std::ptrdiff_t>(std::ceil(kLimitQuantile * static_cast<double>(values.size()))) - 1;
  std::nth_element(values.begin(), values.begin() + rank, values.end());
  const double limit = values[static_cast<std::size_t>(rank)];
  if (limit == 0) return 0;
  const double unit = std::pow(10.0, std::floor(std::log10(limit)) - 1);
  return std::ceil(limit / unit - 1e-9) * unit;
}

double standardised(double activation, const HeatText& text) {
  return text.sd > 0 ? (activation - text.mean) / text.sd : 0;
}

void set_scale(HeatText& text, std::vector<double> values) {
  if (values.size() < 2) return;
  const double n = static_cast<double>(values.size());
  text.mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
  double squares = 0;
  for (const double value : values) squares += (value - text.mean) * (value - text.mean);
  text.sd = std::sqrt(squares / (n - 1));
  for (double& value : values) value = standardised(value, text);
  text.limit = symmetric_limit(std::move(values));
}

HeatToken make_token(const store::WindowToken& token, double value) {
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
void join(HeatToken& shown, const store::WindowToken& rest, double value) {
  if (std::abs(value) > std::abs(shown.value)) shown.value = value;
  shown.is_target = shown.is_target || rest.is_target;
}

}  // namespace

HeatText make_heat_text(const store::Heatmaps& heatmaps, const UnitId& unit, sample::Split split) {
  HeatText out;
  const std::span<const float> values = heatmap_values(heatmaps, unit);
  set_scale(out, scale_values(heatmaps, values));
  for (std::size_t t = 0; t < values.size(); ++t) {
    const store::WindowToken& token = heatmaps.tokens[t];
    if (token.split != split) continue;
    if (out.windows.empty() || out.windows.back().window != token.window) {
      out.windows.push_back({token.window, token.document, {}});
    }
    std::vector<HeatToken>& tokens = out.windows.back().tokens;
    if (token.token.empty() && !tokens.empty()) {
      join(tokens.back(), token, standardised(values[t], out));
    } else {
      tokens.push_back(make_token(token, standardised(values[t], out)));
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

int heat_mark(double value) {
  return std::isnan(value) ? 0 : static_cast<int>(std::trunc(std::clamp(value, -3.0, 3.0)));
}

}  // namespace penfield::report
