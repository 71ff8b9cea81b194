// What a configuration says about rotary positions, in the form of every year.
#pragma once

#include <cstdint>
#include <string_view>

#include "penfield/base/result.h"
#include "penfield/model/architecture.h"
#include "penfield/model/families/config_reader.h"

namespace penfield::model {

// Where a family differs from rope_theta 10000 and all of a head turning.
struct RotaryKeys {
  std::string_view theta = "rope_theta";
  std::string_view share = "partial_rotary_factor";
  double default_theta = 10000, default_share = 1;
};

struct RotaryReading {
  RotarySpec spec;
  std::uint32_t n_positions = 0;  // for which these frequencies hold: "max_position_embeddings", or fewer
};

// "rope_parameters" (transformers 5), or "rope_scaling" and fields of the top level before. Types: default,
// linear, dynamic (within the context the same as default), llama3, yarn, longrope with its factors for short
// texts; others are refused by name. d_head: of the heads that turn. n_positions: the context. Source:
// transformers, modeling_rope_utils.py; Peng et al. 2023 (YaRN); Ding et al. 2024 (LongRoPE).
[[nodiscard]] Result<RotaryReading> read_rotary(const ConfigReader& config, const RotaryKeys& keys,
                                                std::uint32_t d_head, std::uint32_t n_positions);
// The same from the object that "rope_parameters" would be; top: the configuration around it.
[[nodiscard]] Result<RotaryReading> read_rotary_parameters(const ConfigReader& parameters,
                                                           const ConfigReader& top, const RotaryKeys& keys,
                                                           std::uint32_t d_head, std::uint32_t n_positions);

}  // namespace penfield::model
