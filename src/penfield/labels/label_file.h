// The user's own labels: one 0 or 1 a token.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "penfield/base/result.h"
#include "penfield/labels/label_track.h"

namespace penfield::labels {

// path: text with 0 and 1 separated by white space, or a .npy file with one axis of any number type or bool.
// kBadInput: anything but 0 and 1 (line or index named), or a count other than n_tokens (both named). kIo:
// cannot be read.
[[nodiscard]] Result<std::vector<Label>> read_label_file(const std::string& path, std::uint64_t n_tokens);

}  // namespace penfield::labels
