#include "penfield/report/words/words.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <utility>

#include "penfield/findings/names.h"

namespace penfield::report {
namespace {

constexpr std::string_view kMinus = "−";

// "-1.5" -> "−1.5".
std::string with_minus_sign(std::string number) {
  if (!number.empty() && number.front() == '-') number.replace(0, 1, kMinus);
  return number;
}

std::string raised(int exponent) {
  static constexpr std::array<std::string_view, 10> kDigits = {"⁰", "¹", "²", "³", "⁴",
                                                               "⁵", "⁶", "⁷", "⁸", "⁹"};
  std::string out = exponent < 0 ? "⁻" : "";
  for (const char digit : fmt::format("{}", std::abs(exponent)))
    out += kDigits[static_cast<std::size_t>(digit - '0')];
  return out;
}

std::string power_of_ten(double value, int decimals) {
  const std::string scientific = fmt::format("{:.{}e}", value, decimals);
  const std::size_t at = scientific.find('e');
  return with_minus_sign(scientific.substr(0, at)) + "×10" + raised(std::stoi(scientific.substr(at + 1)));
}

// "-0.00" is not a number a reader should meet.
bool rounds_to_zero(double value, int decimals) {
  return std::abs(value) < 0.5 * std::pow(10.0, -decimals);
}

}  // namespace

std::string count_text(std::uint64_t count) {
  std::string digits = fmt::format("{}", count);
  for (std::ptrdiff_t at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3) {
    digits.insert(static_cast<std::size_t>(at), 1, ',');
  }
  return digits;
}

std::string counted(std::uint64_t count, std::string_view singular) {
  return fmt::format("{} {}{}", count_text(count), singular, count == 1 ? "" : "s");
}

std::string fixed_text(double value, int decimals) {
  if (std::isnan(value)) return "NA";
  if (std::isinf(value)) return value < 0 ? "−∞" : "∞";
  if (std::abs(value) >= 1e5) return power_of_ten(value, 2);
  if (rounds_to_zero(value, decimals)) value = 0;
  return with_minus_sign(fmt::format("{:.{}f}", value, decimals));
}

std::string signed_text(double value, int decimals) {
  const bool plus = value > 0 && !rounds_to_zero(value, decimals);
  return (plus ? "+" : "") + fixed_text(value, decimals);
}

std::string cell_text(double value, int decimals) {
  return std::isnan(value) ? "–" : fixed_text(value, decimals);
}

std::string significant_text(double value, int digits) {
  if (std::isnan(value) || std::isinf(value) || value == 0) return fixed_text(value, 0);
  const std::string scientific = fmt::format("{:.{}e}", value, digits - 1);
  const int exponent = std::stoi(scientific.substr(scientific.find('e') + 1));  // 0.0099999 is 0.0100
  if (exponent >= 5 || exponent < -4) return power_of_ten(value, digits - 1);
  const int decimals = std::max(0, digits - 1 - exponent);
  if (exponent >= 3 && decimals == 0) {
    return (value < 0 ? std::string(kMinus) : "") +
           count_text(static_cast<std::uint64_t>(std::llround(std::abs(value))));
  }
  return with_minus_sign(fmt::format("{:.{}f}", value, decimals));
}

std::string p_text(double neglog10_p) {
  if (std::isnan(neglog10_p)) return "NA";
  if (std::isinf(neglog10_p)) return neglog10_p > 0 ? "0" : "1";
  if (neglog10_p < 3) return fmt::format("{:.{}f}", std::pow(10.0, -neglog10_p), neglog10_p < 1 ? 2 : 4);
  // 10^-14.5 = 3.2 × 10^-15: whole and broken part apart, so that no p underflows.
  double exponent = -std::ceil(neglog10_p);
  double mantissa = std::pow(10.0, -neglog10_p - exponent);
  if (mantissa >= 9.95) {
    mantissa = 1;
    exponent += 1;
  }
  return fmt::format("{:.1f}×10{}", mantissa, raised(static_cast<int>(exponent)));
}

std::string p_equation(double neglog10_p) {
  return std::isnan(neglog10_p) ? "p not available" : "p = " + p_text(neglog10_p);
}

std::string interval_text(double lo, double hi, int decimals) {
  if (std::isnan(lo) || std::isnan(hi)) return "";
  return fmt::format("[{}, {}]", fixed_text(lo, decimals), fixed_text(hi, decimals));
}

std::string with_interval(std::string value, std::string_view interval) {
  if (!interval.empty()) value.append(" ").append(interval);
  return value;
}

std::string percent_text(double share) {
  if (std::isnan(share)) return "NA";
  // 99.6% is not "100%", 0.4% is not "0%".
  if ((share > 0.99 && share < 1) || (share > 0 && share < 0.01)) return fmt::format("{:.1f}%", 100 * share);
  return fmt::format("{:.0f}%", 100 * share);
}

std::string keep_equations_whole(std::string sentence) {
  constexpr std::string_view kNoBreak = "\u00a0";
  for (const std::string_view sign : {" = ", " < ", " / "}) {
    const std::string held = std::string(kNoBreak) + sign[1] + std::string(kNoBreak);
    for (std::size_t at = sentence.find(sign); at != std::string::npos; at = sentence.find(sign, at)) {
      sentence.replace(at, sign.size(), held);
      at += held.size();
    }
  }
  return sentence;
}

std::string specificity_label(findings::Specificity specificity) {
  switch (specificity) {
    case findings::Specificity::kNotKnown:
      return "–";
    case findings::Specificity::kSpecific:
      return "specific";
    case findings::Specificity::kCarrier:
      return "carrier";
    case findings::Specificity::kUndecided:
      return "undecided";
  }
  return "";
}

std::string_view test_words(findings::Test test) {
  return findings::test_label(test);
}

std::string test_subject(findings::Test test) {
  return fmt::format("The {}", test_words(test));
}

std::string_view correction_words(findings::Correction correction) {
  return findings::spec_of(correction).label;
}

std::string_view family_words(findings::Family family) {
  return family == findings::Family::kLayer ? "within each layer" : "over the whole model";
}

std::string_view status_label(association::FitStatus status) {
  switch (status) {
    case association::FitStatus::kOk:
      return "ok";
    case association::FitStatus::kConstant:
      return "constant";
    case association::FitStatus::kSeparated:
      return "separated";
    case association::FitStatus::kQuasiSeparated:
      return "quasi-sep.";
    case association::FitStatus::kNotConverged:
      return "no conv.";
    case association::FitStatus::kNonFinite:
      return "non-finite";
    case association::FitStatus::kTooFew:
      return "too few";
  }
  return "";
}

std::string_view status_sentence(association::FitStatus status) {
  switch (status) {
    case association::FitStatus::kOk:
      return "The fit converged.";
    case association::FitStatus::kConstant:
      return "All activations are equal, so there is nothing to fit.";
    case association::FitStatus::kSeparated:
      return "A threshold separates the two groups without error: β is Firth’s estimate, p its penalised "
             "likelihood ratio, and there is no Wald test.";
    case association::FitStatus::kQuasiSeparated:
      return "The two groups have only one value in common: β is Firth’s estimate, p its penalised likelihood "
             "ratio, and there is no Wald test.";
    case association::FitStatus::kNotConverged:
      return "The fit did not converge; do not rely on its numbers.";
    case association::FitStatus::kNonFinite:
      return "The activations contain NaN or infinite values.";
    case association::FitStatus::kTooFew:
      return "One group has too few tokens for a fit.";
  }
  return "";
}

std::string note_sentences(association::FitNote notes) {
  using association::FitNote;
  constexpr std::array<std::pair<FitNote, std::string_view>, association::kNoteNames.size()> kSentences = {
      {{FitNote::kBimodal, "Firth’s likelihood has two maxima; the higher one is reported."},
       {FitNote::kCollinear,
        "The activations are a linear combination of the covariates, so nothing is left to estimate."},
       {FitNote::kLimit,
        "The covariates alone determine the group of some tokens, so the likelihood has no maximum: β and p "
        "are its limits, which are those of the other tokens."},
       {FitNote::kOutlier,
        "One token holds more than a quarter of the sum of squares: β and its tests mostly reflect that token; the "
        "AUC and the rank test do not."},
       {FitNote::kDiscordant,
        "β disagrees with the ranks of the activations, in sign or on significance, or in sign with the means of the "
        "words that are tested: look at the activations before relying on either."},
       {FitNote::kFirth, "β is Firth’s estimate, which is used for all units where a group is small."}}};
  std::string out;
  for (const auto& [note, sentence] : kSentences) {
    if (has_note(notes, note)) out.append(out.empty() ? "" : " ").append(sentence);
  }
  return out;
}

}  // namespace penfield::report
