// Every token of a text once, in windows: what `penfield activations` and `penfield loss` run.
#pragma once

#include <cstdint>
#include <vector>

#include "penfield/sample/sample_plan.h"
#include "penfield/tokens/token_stream.h"

namespace penfield::activations {

// Windows of at most `length` tokens, in order. They end with their document, unless documents are joined, as
// in a scan with --profile study.
[[nodiscard]] std::vector<sample::Window> cover_windows(const tokens::TokenStream& stream,
                                                        std::uint32_t length, bool joined);

}  // namespace penfield::activations
