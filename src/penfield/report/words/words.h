// Numbers and names as text, the same in the terminal, on the page and in the figures.
//
// Text is UTF-8 with typographic signs (− × ⁻¹⁵); a terminal without them passes it through to_ascii().
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "penfield/findings/finding.h"

namespace penfield::report {

// 98304 -> "98,304".
[[nodiscard]] std::string count_text(std::uint64_t count);
// "1 token", "2 tokens".
[[nodiscard]] std::string counted(std::uint64_t count, std::string_view singular);
// With a number of decimals; as powers of ten from 1e5 on. NaN: "NA"; infinite: "∞".
[[nodiscard]] std::string fixed_text(double value, int decimals);
// As fixed_text, with "+" before positive values.
[[nodiscard]] std::string signed_text(double value, int decimals);
// As fixed_text; NaN: "–".
[[nodiscard]] std::string cell_text(double value, int decimals);
// With a number of significant digits: 0.00123, 12.3, 4.1×10⁷.
[[nodiscard]] std::string significant_text(double value, int digits);
// A probability from its −log10: "0.031", "3.2×10⁻¹⁵"; finite at any size. NaN: "NA".
[[nodiscard]] std::string p_text(double neglog10_p);
// "p = 0.031", "p not available".
[[nodiscard]] std::string p_equation(double neglog10_p);
// "0.931 [0.902, 0.960]"; without the interval if it is empty.
[[nodiscard]] std::string with_interval(std::string value, std::string_view interval);
// "[0.902, 0.960]"; empty if either bound is missing.
[[nodiscard]] std::string interval_text(double lo, double hi, int decimals);
// "90%"; NaN: "NA".
[[nodiscard]] std::string percent_text(double share);

// Replaces the spaces around = < / by no-break spaces, so that equations ("p = 0.03", "p < 0.05 / 512") are
// not broken across lines.
[[nodiscard]] std::string keep_equations_whole(std::string sentence);

// "specific", "carrier", "undecided"; "–" where it is not known.
[[nodiscard]] std::string specificity_label(findings::Specificity specificity);
// "likelihood-ratio test", "Wald test", "score test".
[[nodiscard]] std::string_view test_words(findings::Test test);
[[nodiscard]] std::string test_subject(findings::Test test);  // "The Wald test"
// "Bonferroni", "Benjamini–Hochberg", "no correction".
[[nodiscard]] std::string_view correction_words(findings::Correction correction);
// "within each layer", "over the whole model".
[[nodiscard]] std::string_view family_words(findings::Family family);
// At most ten letters, for a table column: "ok", "constant", "separated", "quasi-sep.", …
[[nodiscard]] std::string_view status_label(association::FitStatus status);
// One sentence on what the status means for the numbers.
[[nodiscard]] std::string_view status_sentence(association::FitStatus status);
// A sentence on each note that is set; empty without one.
[[nodiscard]] std::string note_sentences(association::FitNote notes);

}  // namespace penfield::report
