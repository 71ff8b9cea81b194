// The heatmaps: heatmaps.npy, float32 [units, tokens], and windows.tsv, with one row for each token:
//   split document window position token_id token label sampled
// label: 1 for a target. sampled: 1 if the position is in samples.tsv. run.json names the units.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "penfield/base/result.h"
#include "penfield/formats/atomic_file.h"
#include "penfield/store/run_record.h"

namespace penfield::store {

[[nodiscard]] std::string format_windows(std::span<const WindowToken> tokens);
// kBadInput with `name` and line.
[[nodiscard]] Result<std::vector<WindowToken>> parse_windows(std::string_view bytes, std::string_view name);

// All of heatmaps.npy; heatmaps.values must have units × tokens values.
[[nodiscard]] Result<void> write_heatmap_values(formats::AtomicFile& file, const Heatmaps& heatmaps);
// kBadInput if it is not float32 [n_units, n_tokens].
[[nodiscard]] Result<std::vector<float>> read_heatmap_values(const std::string& path, std::size_t n_units,
                                                             std::size_t n_tokens);

}  // namespace penfield::store
