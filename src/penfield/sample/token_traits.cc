#include "penfield/sample/token_traits.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <string>

#include "penfield/base/check.h"
#include "penfield/base/nearest.h"

namespace penfield::sample {
namespace {

constexpr std::array<std::string_view, kTraits.size()> kNames = {"leading-space", "length", "log-frequency",
                                                                 "position"};  // in the order of kTraits

// Characters that begin in `bytes`: every byte but those that continue one (10xxxxxx).
std::size_t n_beginning(std::string_view bytes) {
  return static_cast<std::size_t>(std::count_if(
      bytes.begin(), bytes.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

}  // namespace

std::string_view trait_name(Trait trait) {
  return kNames.at(static_cast<std::size_t>(trait));
}

Result<std::vector<Trait>> parse_traits(std::string_view list, std::string_view flag) {
  std::array<bool, kTraits.size()> asked{};
  for (std::size_t begin = 0; begin <= list.size();) {
    const std::size_t end = std::min(list.find(',', begin), list.size());
    const std::string_view name = list.substr(begin, end - begin);
    const auto* const at = std::find(kNames.begin(), kNames.end(), name);
    if (at == kNames.end()) {
      const std::string near = nearest_name(name, std::vector<std::string>(kNames.begin(), kNames.end()));
      return usage_error("{} {}: '{}' is no trait of a token{}; give some of {}, with a comma between", flag,
                         list, name, near.empty() ? "" : fmt::format(" (did you mean {}?)", near),
                         fmt::join(kNames, ", "));
    }
    asked.at(static_cast<std::size_t>(at - kNames.begin())) = true;
    begin = end + 1;
  }
  std::vector<Trait> traits;
  std::copy_if(kTraits.begin(), kTraits.end(), std::back_inserter(traits),
               [&](Trait trait) { return asked.at(static_cast<std::size_t>(trait)); });
  return traits;
}

TokenTraits::TokenTraits(const tokens::TokenStream& stream, std::span<const text::Document> documents)
    : stream_(stream) {
  PENFIELD_CHECK(stream.n_documents() == documents.size());
  std::uint64_t n_types = 0;
  for (std::size_t d = 0; d < documents.size(); ++d) {
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
    }
  }
  const auto n_all = static_cast<double>(stream.n_tokens() + n_types);
  for (Type& type : types_) type.log_frequency = std::log(static_cast<double>(type.n_uses + 1) / n_all);
}

double TokenTraits::value(Trait trait, const Window& window, std::uint32_t position) const {
  const Type& type = types_[static_cast<std::size_t>(stream_.ids[window.first_token + position])];
  switch (trait) {
    case Trait::kLeadingSpace:
      return type.leading_space;
    case Trait::kLength:
      return type.length;
    case Trait::kLogFrequency:
      return type.log_frequency;
    case Trait::kPosition:
      return position;
  }
  PENFIELD_CHECK(false);
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
