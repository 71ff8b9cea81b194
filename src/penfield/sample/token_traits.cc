#include "penfield/sample/token_traits.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <string>

#include "penfield/base/check.h"
#include "penfield/base/nearest.h"
#include "penfield/spelling/characters.h"
#include "penfield/spelling/words.h"

namespace penfield::sample {
namespace {

static_assert(kTraits.size() == kTraitNames.size());

// Characters that begin in `bytes`.
std::size_t n_beginning(std::string_view bytes) {
  return static_cast<std::size_t>(
      std::count_if(bytes.begin(), bytes.end(), [](char c) { return !spelling::continues_a_character(c); }));
}

// The trait capital of a token: 0, 1 or 2.
double capital_of(std::string_view bytes) {
  std::size_t n_letters = 0;
  std::size_t n_upper = 0;
  bool begins_upper = false;
  while (!bytes.empty()) {
    const spelling::Character c = spelling::first_character(bytes);
    bytes.remove_prefix(c.n_bytes);
    if (!spelling::is_letter(c.code_point)) continue;
    const bool is_upper = spelling::is_upper_case(c.code_point);
    begins_upper = begins_upper || (n_letters == 0 && is_upper);
    ++n_letters;
    n_upper += is_upper ? 1 : 0;
  }
  if (!begins_upper) return 0;
  return n_letters > 1 && n_upper == n_letters ? 2 : 1;
}

constexpr std::array kLastLengths = {1.0, 2.0, 3.0, 4.0, 5.0, 7.0, 10.0};
constexpr std::uint32_t kLengthClasses = kLastLengths.size() + 1;

std::uint32_t length_class(double length) {
  const auto* const at = std::lower_bound(kLastLengths.begin(), kLastLengths.end(), length);
  return static_cast<std::uint32_t>(at - kLastLengths.begin());
}

std::uint32_t uses_class(std::uint64_t n_uses) {
  if (n_uses <= 4) return static_cast<std::uint32_t>(n_uses);
  return 5 + static_cast<std::uint32_t>(std::log(static_cast<double>(n_uses) / 5.0) / std::log(1.5));
}

}  // namespace

std::string_view trait_name(Trait trait) {
  return kTraitNames.at(static_cast<std::size_t>(trait));
}

std::uint32_t n_values(Trait trait) {
  switch (trait) {
    case Trait::kLeadingSpace:
    case Trait::kSentenceInitial:
    case Trait::kPunctuation:
    case Trait::kWordInitial:
      return 2;
    case Trait::kCapital:
      return 3;
    case Trait::kLength:
    case Trait::kLogFrequency:
    case Trait::kPosition:
      return 0;
  }
  PENFIELD_CHECK(false);
}

Result<std::vector<Trait>> parse_traits(std::string_view list, std::string_view flag) {
  std::array<bool, kTraits.size()> asked{};
  for (std::size_t begin = 0; begin <= list.size();) {
    const std::size_t end = std::min(list.find(',', begin), list.size());
    const std::string_view name = list.substr(begin, end - begin);
    const auto* const at = std::find(kTraitNames.begin(), kTraitNames.end(), name);
    if (at == kTraitNames.end()) {
      const std::string near =
          nearest_name(name, std::vector<std::string>(kTraitNames.begin(), kTraitNames.end()));
      return usage_error("{} {}: '{}' is not a trait{}; give one or more of {}, separated by commas", flag,
                         list, name, near.empty() ? "" : fmt::format(" (did you mean {}?)", near),
                         fmt::join(kTraitNames, ", "));
    }
    asked.at(static_cast<std::size_t>(at - kTraitNames.begin())) = true;
    begin = end + 1;
  }
  std::vector<Trait> traits;
  std::copy_if(kTraits.begin(), kTraits.end(), std::back_inserter(traits),
               [&](Trait trait) { return asked.at(static_cast<std::size_t>(trait)); });
  return traits;
}

TokenTraits::TokenTraits(const tokens::TokenStream& stream, std::span<const text::Document> documents)
    : stream_(stream),
      has_word_part_(stream.n_tokens()),
      begins_word_(stream.n_tokens()),
      begins_sentence_(stream.n_tokens()) {
  PENFIELD_CHECK(stream.n_documents() == documents.size());
  std::uint64_t n_types = 0;
  for (std::size_t d = 0; d < documents.size(); ++d) {
    mark_words(documents[d], stream.document_first[d], stream.document_first[d + 1]);
    for (std::size_t t = stream.document_first[d]; t < stream.document_first[d + 1]; ++t) {
      const auto id = static_cast<std::size_t>(stream.ids[t]);
      if (id >= types_.size()) types_.resize(id + 1);
      Type& type = types_[id];
      if (type.n_uses++ > 0) continue;
      ++n_types;
      const std::string_view bytes = tokens::token_bytes(stream, documents[d], t);
      const bool has_space = bytes.starts_with(' ');
      type.leading_space = has_space ? 1 : 0;
      type.length = static_cast<double>(n_beginning(bytes.substr(has_space ? 1 : 0)));
      type.capital = capital_of(bytes);
    }
  }
  const auto n_all = static_cast<double>(stream.n_tokens() + n_types);
  for (Type& type : types_) type.log_frequency = std::log(static_cast<double>(type.n_uses + 1) / n_all);
}

// Tokens first … end − 1 are those of `document`.
void TokenTraits::mark_words(const text::Document& document, std::uint64_t first, std::uint64_t end) {
  const std::string_view text = document.text;
  std::uint64_t t = first;  // the first token that ends behind `at`
  for (const spelling::Word& word : spelling::words_of(text)) {
    std::uint64_t at = word.whole.begin_bytes;
    while (t < end && stream_.end_bytes[t] <= at) ++t;
    if (t < end) {
      begins_word_[t] = true;
      begins_sentence_[t] = begins_sentence_[t] || spelling::begins_sentence(text, at);
    }
    while (at < word.whole.end_bytes) {
      const spelling::Character c = spelling::first_character(text.substr(at));
      while (t < end && stream_.end_bytes[t] <= at) ++t;
      at += c.n_bytes;
      if (!spelling::is_word_part(c.code_point)) continue;
      for (std::uint64_t part = t; part < end && stream_.begin_bytes[part] < at; ++part)
        has_word_part_[part] = true;
    }
  }
}

double TokenTraits::value(Trait trait, const Window& window, std::uint32_t position) const {
  const std::uint64_t t = window.first_token + position;
  const Type& type = types_[static_cast<std::size_t>(stream_.ids[t])];
  switch (trait) {
    case Trait::kLeadingSpace:
      return type.leading_space;
    case Trait::kLength:
      return type.length;
    case Trait::kLogFrequency:
      return type.log_frequency;
    case Trait::kPosition:
      return position;
    case Trait::kCapital:
      return type.capital;
    case Trait::kSentenceInitial:
      return begins_sentence_[t] ? 1 : 0;
    case Trait::kPunctuation:
      return has_word_part_[t] ? 0 : 1;
    case Trait::kWordInitial:
      return begins_word_[t] ? 1 : 0;
  }
  PENFIELD_CHECK(false);
}

std::vector<std::uint32_t> TokenTraits::word_strata(std::span<const Trait> traits) const {
  const auto has = [&](Trait trait) {
    return std::find(traits.begin(), traits.end(), trait) != traits.end();
  };
  const bool by_space = has(Trait::kLeadingSpace), by_length = has(Trait::kLength),
             by_uses = has(Trait::kLogFrequency);
  if (!by_space && !by_length && !by_uses) return {};
  std::vector<std::uint32_t> out;
  for (const Type& type : types_) {
    std::uint32_t stratum = 0;
    if (by_uses) stratum = uses_class(type.n_uses);
    if (by_length) stratum = stratum * kLengthClasses + length_class(type.length);
    if (by_space) stratum = stratum * 2 + (type.leading_space > 0 ? 1 : 0);
    out.push_back(stratum);
  }
  return out;
}

std::vector<double> TokenTraits::table(const SamplePlan& plan, std::span<const Trait> traits) const {
  std::vector<double> out;
  out.reserve(plan.samples.size() * traits.size());
  for (const Sample& sample : plan.samples) {
    for (const Trait trait : traits)
      out.push_back(value(trait, plan.windows[sample.window], sample.position));
  }
  return out;
}

}  // namespace penfield::sample
