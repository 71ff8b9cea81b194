// Amounts as people write them on a command line.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "penfield/base/result.h"

namespace penfield {

// "8G", "512M", "1.5GiB", "4096": bytes, powers of 1024. kUsage otherwise.
[[nodiscard]] Result<std::uint64_t> parse_bytes(std::string_view text);

// "1.4 GiB", "8 GiB": powers of 1024, as parse_bytes reads them.
[[nodiscard]] std::string format_bytes(std::uint64_t n_bytes);

// "0.4 s", "12 s", "3 min 20 s", "2 h 05 min", for people.
[[nodiscard]] std::string format_seconds(double seconds);

// "all", "18", "0-5,23" -> layers in rising order, each once. kUsage: not of this form, or not below n_layer.
[[nodiscard]] Result<std::vector<std::uint32_t>> parse_layers(std::string_view text, std::uint32_t n_layer);

}  // namespace penfield
