#include "penfield/model/families/rotary_parts.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "penfield/formats/message_text.h"

namespace penfield::model {
namespace {

// One set of frequencies in the making.
struct Rotary {
  const ConfigReader& parameters;
  const ConfigReader& top;
  double theta = 0;
  std::uint32_t n = 0;            // dimensions that turn
  std::uint32_t n_positions = 0;  // the context

  // theta^(2j/n) in float32, as the reference implementations round it.
  [[nodiscard]] double period(std::size_t j) const {
    const float exponent = static_cast<float>(2 * j) / static_cast<float>(n);
    return static_cast<double>(static_cast<float>(std::pow(theta, static_cast<double>(exponent))));
  }
  template <class Frequency>
  [[nodiscard]] RotarySpec spec(const Frequency& frequency) const {
    RotarySpec out;
    for (std::size_t j = 0; j < n / 2; ++j) out.frequencies.push_back(static_cast<float>(frequency(j)));
    return out;
  }
  // The context that the frequencies were trained with.
  [[nodiscard]] Result<std::uint32_t> original_positions() const {
    constexpr std::string_view kKey = "original_max_position_embeddings";
    const ConfigReader& holder = parameters.has(kKey) ? parameters : top;
    return holder.size_or(kKey, kMaxPositions, n_positions);
  }
  [[nodiscard]] Result<double> factor_or(double otherwise) const {
    if (!parameters.has("factor")) return otherwise;
    return parameters.positive_double("factor");
  }
};

RotarySpec plain(const Rotary& rotary) {
  return rotary.spec([&](std::size_t j) { return 1.0f / static_cast<float>(rotary.period(j)); });
}

Result<RotarySpec> linear(const Rotary& rotary) {
  PENFIELD_TRY(const double factor, rotary.parameters.positive_double("factor"));
  RotarySpec out = plain(rotary);
  for (float& frequency : out.frequencies) frequency = frequency / static_cast<float>(factor);
  return out;
}

Result<RotarySpec> llama3(const Rotary& rotary) {
  PENFIELD_TRY(const double factor, rotary.parameters.positive_double("factor"));
  PENFIELD_TRY(const double low, rotary.parameters.positive_double("low_freq_factor"));
  PENFIELD_TRY(const double high, rotary.parameters.positive_double("high_freq_factor"));
  PENFIELD_TRY(const std::uint32_t original, rotary.original_positions());
  if (low >= high) {
    return bad_input("{}: \"low_freq_factor\" {} must be below \"high_freq_factor\" {}",
                     rotary.parameters.name(), low, high);
  }
  RotarySpec out = plain(rotary);
  for (float& frequency : out.frequencies) {
    const auto f = static_cast<double>(frequency);
    const double turns = original * f / (2 * std::numbers::pi);  // within the original context
    if (turns > high) continue;
    const double smooth = turns < low ? 0 : (turns - low) / (high - low);
    frequency = static_cast<float>((1 - smooth) * f / factor + smooth * f);
  }
  return out;
}

// The growth of attention with the logarithm of the context's growth.
double yarn_scale(double factor, double share) {
  return factor <= 1 ? 1 : 0.1 * share * std::log(factor) + 1;
}

Result<float> yarn_amplitude(const ConfigReader& parameters, double factor) {
  if (parameters.has("attention_factor")) return parameters.positive("attention_factor");
  if (!parameters.has("mscale") || !parameters.has("mscale_all_dim"))
    return static_cast<float>(yarn_scale(factor, 1));
  PENFIELD_TRY(const double scale, parameters.positive_double("mscale"));
  PENFIELD_TRY(const double all, parameters.positive_double("mscale_all_dim"));
  return static_cast<float>(yarn_scale(factor, scale) / yarn_scale(factor, all));
}

// Dimensions that turn more than beta_fast times within the original context stay, those below beta_slow are
// divided by the factor, with a ramp between them.
Result<RotarySpec> yarn(const Rotary& rotary) {
  const ConfigReader& parameters = rotary.parameters;
  PENFIELD_TRY(const std::uint32_t original, rotary.original_positions());
  PENFIELD_TRY(const double factor, rotary.factor_or(static_cast<double>(rotary.n_positions) / original));
  PENFIELD_TRY(const float fast, parameters.positive_or("beta_fast", 32));
  PENFIELD_TRY(const float slow, parameters.positive_or("beta_slow", 1));
  PENFIELD_TRY(const bool truncates, parameters.flag("truncate", true));
  const auto dimension_of = [&](float turns) {
    return rotary.n * std::log(original / (static_cast<double>(turns) * 2 * std::numbers::pi)) /
           (2 * std::log(rotary.theta));
  };
  double first = dimension_of(fast), last = dimension_of(slow);
  if (truncates) first = std::floor(first), last = std::ceil(last);
  first = std::max(first, 0.0);
  last = std::min(last, rotary.n - 1.0);
  if (first == last) last += 0.001;
  RotarySpec out = rotary.spec([&](std::size_t j) {
    const double ramp = std::clamp((static_cast<double>(j) - first) / (last - first), 0.0, 1.0);
    const double period = rotary.period(j);
    return ramp / (factor * period) + (1 - ramp) / period;
  });
  PENFIELD_TRY(out.amplitude, yarn_amplitude(parameters, factor));
  return out;
}

// The factors for texts within the original context; longer ones would need another set for all of their
// positions.
Result<RotaryReading> longrope(const Rotary& rotary) {
  PENFIELD_TRY(const std::vector<float> factors, rotary.parameters.positive_numbers("short_factor"));
  if (factors.size() != rotary.n / 2) {
    return bad_input("{}: \"short_factor\" has {} entries, but {} pairs of dimensions turn",
                     rotary.parameters.name(), factors.size(), rotary.n / 2);
  }
  PENFIELD_TRY(const std::uint32_t original, rotary.original_positions());
  PENFIELD_TRY(const double factor, rotary.factor_or(static_cast<double>(rotary.n_positions) / original));
  RotaryReading out{.spec = rotary.spec([&](std::size_t j) {
                      return 1.0f / (factors[j] * static_cast<float>(rotary.period(j)));
                    }),
                    .n_positions = std::min(rotary.n_positions, original)};
  const double root = std::sqrt(1 + std::log(factor) / std::log(static_cast<double>(original)));
  PENFIELD_TRY(out.spec.amplitude, rotary.parameters.positive_or(
                                       "attention_factor", factor <= 1 ? 1.0f : static_cast<float>(root)));
  return out;
}

// "type" before 2024, "rope_type" since; "su" is longrope's first name.
Result<std::string> type_of(const ConfigReader& parameters) {
  PENFIELD_TRY(const std::string old, parameters.text_or("type", "default"));
  PENFIELD_TRY(const std::string type, parameters.text_or("rope_type", old));
  return type == "su" ? std::string("longrope") : type;
}

}  // namespace

Result<RotaryReading> read_rotary(const ConfigReader& config, const RotaryKeys& keys, std::uint32_t d_head,
                                  std::uint32_t n_positions) {
  for (const std::string_view key : {"rope_parameters", "rope_scaling"}) {
    if (!config.has(key)) continue;
    PENFIELD_TRY(const ConfigReader parameters, config.section(key));
    return read_rotary_parameters(parameters, config, keys, d_head, n_positions);
  }
  const ConfigReader none(nlohmann::json::object(), config.name());
  return read_rotary_parameters(none, config, keys, d_head, n_positions);
}

Result<RotaryReading> read_rotary_parameters(const ConfigReader& parameters, const ConfigReader& top,
                                             const RotaryKeys& keys, std::uint32_t d_head,
                                             std::uint32_t n_positions) {
  const auto number = [&](std::string_view in_parameters, std::string_view in_top,
                          double otherwise) -> Result<double> {
    if (parameters.has(in_parameters)) return parameters.positive_double(in_parameters);
    if (top.has(in_top)) return top.positive_double(in_top);
    return otherwise;
  };
  Rotary rotary{.parameters = parameters, .top = top, .n_positions = n_positions};
  PENFIELD_TRY(rotary.theta, number("rope_theta", keys.theta, keys.default_theta));
  PENFIELD_TRY(const double share, number("partial_rotary_factor", keys.share, keys.default_share));
  rotary.n = static_cast<std::uint32_t>(std::min(share, 1.0) * d_head);
  if (share > 1 || rotary.n < 2 || rotary.n % 2 != 0 || rotary.theta <= 1) {
    return bad_input(
        "{}: {} of {} dimensions of a head cannot turn with base {}: an even number must, with a base "
        "above 1",
        parameters.name(), share * d_head, d_head, rotary.theta);
  }
  PENFIELD_TRY(const std::string type, type_of(parameters));
  RotaryReading out{.spec = {}, .n_positions = n_positions};
  if (type == "default" || type == "dynamic") {
    out.spec = plain(rotary);
  } else if (type == "linear") {
    PENFIELD_TRY(out.spec, linear(rotary));
  } else if (type == "llama3") {
    PENFIELD_TRY(out.spec, llama3(rotary));
  } else if (type == "yarn") {
    PENFIELD_TRY(out.spec, yarn(rotary));
  } else if (type == "longrope") {
    return longrope(rotary);
  } else {
    return bad_input(
        "{}: \"rope_type\" is '{}'; Penfield computes default, linear, dynamic, llama3, yarn and longrope",
        parameters.name(), formats::message_text(type));
  }
  return out;
}

}  // namespace penfield::model
