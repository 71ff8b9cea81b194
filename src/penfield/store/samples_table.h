// samples.tsv: every sampled position, discovery first, then by window and position.
//   split document window position token_id token group token_index
// split: discovery, held_out. group: target, comparison. token_index: position in the whole text, which is
// the row of `label` and of `activations`. Tokens are as tokens::show_token gives them, in a field of
// token_field.h.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "penfield/base/result.h"
#include "penfield/store/run_record.h"

namespace penfield::store {

[[nodiscard]] std::string format_samples(std::span<const SampleRow> samples);
// kBadInput with `name` and line.
[[nodiscard]] Result<std::vector<SampleRow>> parse_samples(std::string_view bytes, std::string_view name);

}  // namespace penfield::store
