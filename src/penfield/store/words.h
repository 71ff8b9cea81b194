// The words for enumerations in the files of a result folder. They are part of schema_version 2 and must not
// change, even if an option is renamed. Names of options (findings/names.h, sample/sample_plan.h) are words
// of files with _ for -.
#pragma once

#include <concepts>
#include <optional>
#include <string_view>

#include "penfield/association/scalar/fit_table.h"
#include "penfield/findings/finding.h"
#include "penfield/findings/names.h"
#include "penfield/sample/sample_plan.h"
#include "penfield/store/control_record.h"

namespace penfield::store {

[[nodiscard]] std::string_view word_of(association::FitStatus status);  // "ok", "constant", "separated", …
[[nodiscard]] std::string_view word_of(findings::Test test);  // "lrt", "wald", "score", "words", "rank"
[[nodiscard]] std::string_view word_of(findings::Correction correction);  // names of findings/correction.h
[[nodiscard]] std::string_view word_of(findings::Family family);          // "layer", "model"
[[nodiscard]] std::string_view word_of(sample::Split split);              // "discovery", "held_out"
[[nodiscard]] std::string_view word_of(sample::Trait trait);  // "leading_space", "length", …, "word_initial"
[[nodiscard]] std::string_view word_of(NullKind kind);        // "labels", "types", …, "rotation"
[[nodiscard]] std::string_view word_of(findings::Answer answer);  // "NA", "0", "1"
[[nodiscard]] std::string_view word_of(findings::Effect effect);  // "NA", "none", "moderate", "strong"
[[nodiscard]] std::string_view word_of(
    findings::Specificity specificity);  // "NA", "specific", "carrier", "undecided"

// Words of which the first means "no value".
template <class Enum>
concept OptionalWord = std::same_as<Enum, findings::Effect> || std::same_as<Enum, findings::Specificity>;

// The inverse; std::nullopt for any other word. Defined for the enumerations above.
template <class Enum>
[[nodiscard]] std::optional<Enum> parse_word(std::string_view text);

}  // namespace penfield::store
