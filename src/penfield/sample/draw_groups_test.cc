// What holds for every draw: partners are equal in class, caps hold, further draws change nothing of the
// first.
#include "penfield/sample/draw_groups.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>
#include <string>
#include <utility>

#include "penfield/sample/balance.h"
#include "penfield/sample/plan_samples.h"

namespace penfield::sample {
namespace {

using labels::Label;
using testing::ElementsAre;
using testing::HasSubstr;

// Two documents of made-up words, the k-th of 120 with odds 1/k; long words and those with a space before
// them are more often targets, and more so late in the text.
struct Text {
  explicit Text(std::uint64_t seed, std::size_t n_tokens_of_one = 1500) {
    Random random(seed);
    stream.document_first = {0};
    for (int d = 0; d < 2; ++d) {
      text::Document document;
      for (std::size_t i = 0; i < n_tokens_of_one; ++i) {
        const auto k = static_cast<std::uint32_t>(std::exp(random.uniform() * std::log(120.0)));
        const bool has_space = k % 3 != 0;
        const std::size_t length = 1 + k * 7 % 11;
        stream.ids.push_back(TokenId{k});
        stream.begin_bytes.push_back(document.text.size());
        document.text += (has_space ? " " : "") + std::string(length, static_cast<char>('a' + k % 26));
        stream.end_bytes.push_back(document.text.size());
        const double odds = 0.02 + 0.02 * static_cast<double>(length) + (has_space ? 0.25 : 0) +
                            0.1 * static_cast<double>(i) / static_cast<double>(n_tokens_of_one);
        track.labels.push_back(random.uniform() < odds ? Label::kTarget : Label::kOther);
      }
      stream.document_first.push_back(stream.ids.size());
      documents.push_back(std::move(document));
    }
    track.concept_name = "made-up";
  }

  [[nodiscard]] SamplePlan plan(const SampleOptions& options) const {
    const TokenTraits traits(stream, documents);
    auto made = plan_samples(stream, track, options, &traits);
    EXPECT_TRUE(made.has_value()) << made.error().message;
    return made ? *std::move(made) : SamplePlan{};
  }
  [[nodiscard]] TokenId type_of(const SamplePlan& plan, const Sample& sample) const {
    return stream.ids[plan.windows[sample.window].first_token + sample.position];
  }

  tokens::TokenStream stream;
  std::vector<text::Document> documents;
  labels::LabelTrack track;
};

SampleOptions three_windows() {
  return {.window_length = 500, .n_discovery = 3, .n_held_out = 3, .seed = 11};
}

using Places = std::vector<std::pair<std::uint32_t, std::uint32_t>>;

Places places_of(const std::vector<Sample>& samples, bool is_target) {
  Places out;
  for (const Sample& s : samples) {
    if (s.is_target == is_target) out.emplace_back(s.window, s.position);
  }
  return out;
}

TEST(Matching, GroupsBecomeAlikeInWhatIsMatched) {
  for (std::uint64_t seed = 0; seed < 8; ++seed) {
    const Text text(seed);
    SampleOptions options = three_windows();
    options.match = {Trait::kLeadingSpace, Trait::kLength, Trait::kLogFrequency, Trait::kPosition};
    const SamplePlan plan = text.plan(options);
    const TokenTraits traits(text.stream, text.documents);
    for (const std::size_t split : {0u, 1u}) {
      const SplitCounts& counts = plan.counts[split];
      EXPECT_GT(counts.n_target, 50u);
      EXPECT_EQ(counts.n_target + counts.n_target_unmatched, counts.n_target_available);
      ASSERT_EQ(plan.balance[split].size(), kTraits.size());
      for (std::size_t i = 0; i < options.match.size(); ++i) {
        const TraitBalance& balance = plan.balance[split][i];
        EXPECT_LT(std::abs(balance.after), 0.12) << seed << ' ' << trait_name(balance.trait);
        if (std::abs(balance.before) > 0.2) {
          EXPECT_LT(std::abs(balance.after), std::abs(balance.before) / 2) << trait_name(balance.trait);
        }
      }
      EXPECT_GT(std::abs(plan.balance[split][0].before), 0.2) << "or the test shows nothing";
      EXPECT_NEAR(plan.balance[split][0].after, 0, 1e-12) << "leading-space is matched exactly";
    }
  }
}

// Every target has a partner of its own in its own cell: the two groups fill the cells equally.
TEST(Matching, CellByCellTheGroupsAreEquallyMany) {
  const Text text(3);
  SampleOptions options = three_windows();
  options.match = {Trait::kLeadingSpace, Trait::kLength};
  const SamplePlan plan = text.plan(options);
  const TokenTraits traits(text.stream, text.documents);
  std::vector<Sample> all_targets;  // of discovery: the cells are cut at their quantiles
  for (std::uint32_t w = 0; w < plan.windows.size(); ++w) {
    if (plan.windows[w].split != Split::kDiscovery) continue;
    for (std::uint32_t p = 1; p < plan.windows[w].n_tokens; ++p) {
      if (text.track.labels[plan.windows[w].first_token + p] == Label::kTarget)
        all_targets.push_back({.window = w, .position = p, .is_target = true});
    }
  }
  const MatchCells cells(&traits, options.match, plan.windows, all_targets);
  std::map<std::uint32_t, int> surplus;
  for (std::size_t i = 0; i < plan.n_discovery_samples; ++i) {
    const auto cell = cells.cell_of(plan.samples[i]);
    ASSERT_TRUE(cell.has_value());
    surplus[*cell] += plan.samples[i].is_target ? 1 : -1;
  }
  EXPECT_GT(surplus.size(), 4u);
  for (const auto& [cell, n] : surplus) EXPECT_EQ(n, 0) << cell;
}

TEST(Matching, WithoutItNothingIsLeftOutAndTheDrawIsTheOldOne) {
  const Text text(5);
  const SamplePlan plain = text.plan(three_windows());
  const auto without_traits = plan_samples(text.stream, text.track, three_windows());
  EXPECT_EQ(places_of(plain.samples, false), places_of(without_traits->samples, false));
  EXPECT_TRUE(without_traits->balance[0].empty());
  EXPECT_EQ(plain.counts[0].n_target, plain.counts[0].n_target_available);
  EXPECT_EQ(plain.counts[0].n_target_unmatched + plain.counts[0].n_target_capped, 0u);
  EXPECT_GT(std::abs(plain.balance[0][0].after), 0.2) << "a random draw does not balance";
}

TEST(Matching, TargetsLikeNothingElseAreRefused) {
  Text text(1);
  for (std::size_t t = 0; t < text.track.labels.size(); ++t) {
    const bool has_space = static_cast<std::uint32_t>(text.stream.ids[t]) % 3 != 0;
    text.track.labels[t] = has_space ? Label::kTarget : Label::kOther;
  }
  SampleOptions options = three_windows();
  options.match = {Trait::kLeadingSpace};
  const TokenTraits traits(text.stream, text.documents);
  const auto plan = plan_samples(text.stream, text.track, options, &traits);
  ASSERT_FALSE(plan.has_value());
  EXPECT_EQ(plan.error().kind, ErrorKind::kBadInput);
  EXPECT_THAT(plan.error().message, HasSubstr("0 of the"));
}

TEST(CapPerType, HoldsInEveryGroupOfEverySplit) {
  for (const bool matched : {false, true}) {
    const Text text(7);
    SampleOptions options = three_windows();
    options.cap_per_type = 3;
    if (matched) options.match = {Trait::kLeadingSpace, Trait::kPosition};
    const SamplePlan plan = text.plan(options);
    std::map<std::pair<bool, bool>, std::map<TokenId, std::uint64_t>> n_of_type;
    for (std::size_t i = 0; i < plan.samples.size(); ++i) {
      const Sample& sample = plan.samples[i];
      ++n_of_type[{i < plan.n_discovery_samples, sample.is_target}][text.type_of(plan, sample)];
    }
    EXPECT_EQ(n_of_type.size(), 4u);
    std::uint64_t most = 0;
    for (const auto& [group, types] : n_of_type) {
      for (const auto& [type, n] : types) most = std::max(most, n);
    }
    EXPECT_EQ(most, 3u);
    for (const SplitCounts& counts : plan.counts) {
      EXPECT_GT(counts.n_target_capped, 0u);
      EXPECT_EQ(counts.n_target + counts.n_target_capped + counts.n_target_unmatched,
                counts.n_target_available);
    }
  }
}

TEST(Draws, TheFirstIsTheSingleOneAndNoneDependsOnTheirNumber) {
  const Text text(2);
  SampleOptions options = three_windows();
  options.match = {Trait::kLeadingSpace};
  const SamplePlan one = text.plan(options);
  options.n_draws = 3;
  const SamplePlan three = text.plan(options);
  options.n_draws = 6;
  const SamplePlan six = text.plan(options);
  EXPECT_TRUE(one.further_draws.empty());
  ASSERT_EQ(three.further_draws.size(), 2u);
  ASSERT_EQ(six.further_draws.size(), 5u);
  for (const bool is_target : {false, true}) {
    EXPECT_EQ(places_of(one.samples, is_target), places_of(three.samples, is_target));
    EXPECT_EQ(places_of(one.samples, is_target), places_of(six.samples, is_target));
  }
  std::set<Places> different;
  for (std::size_t k = 0; k < 5; ++k) {
    const Places places = places_of(six.further_draws[k], false);
    if (k < 2) {
      EXPECT_EQ(places, places_of(three.further_draws[k], false));
    }
    EXPECT_EQ(places.size(), one.counts[0].n_target);
    EXPECT_TRUE(std::is_sorted(places.begin(), places.end()));
    EXPECT_EQ(std::set(places.begin(), places.end()).size(), places.size());
    for (const auto& [window, position] : places) {
      EXPECT_EQ(six.windows[window].split, Split::kDiscovery);
      EXPECT_EQ(text.track.labels[six.windows[window].first_token + position], Label::kOther);
    }
    different.insert(places);
  }
  EXPECT_EQ(different.size(), 5u);
}

TEST(TraitClasses, AreCutAtTheQuantilesOfTheTargets) {
  std::vector<double> values(100);
  std::iota(values.rbegin(), values.rend(), 0.0);
  const TraitClasses classes(Trait::kPosition, values);
  EXPECT_EQ(classes.class_of(-1), std::nullopt);
  EXPECT_EQ(classes.class_of(100), std::nullopt);
  std::map<std::uint32_t, int> n_of_class;
  for (const double value : values) ++n_of_class[*classes.class_of(value)];
  EXPECT_THAT(n_of_class, ElementsAre(std::pair(0u, 20), std::pair(1u, 20), std::pair(2u, 20),
                                      std::pair(3u, 20), std::pair(4u, 20)));
  const TraitClasses equal(Trait::kLength, {4, 4, 4, 4, 4});
  EXPECT_EQ(equal.class_of(4), 0u);
  EXPECT_EQ(equal.class_of(5), std::nullopt);
  const TraitClasses mostly_short(Trait::kLength, {1, 1, 1, 1, 1, 1, 1, 1, 2, 9});
  EXPECT_EQ(mostly_short.class_of(1), 0u);
  EXPECT_EQ(mostly_short.class_of(2), mostly_short.class_of(9));
  const TraitClasses spaces(Trait::kLeadingSpace, {1, 1, 1, 0});
  EXPECT_NE(spaces.class_of(0), spaces.class_of(1));
}

// A trait of few values is matched exactly, however often each occurs.
TEST(TraitClasses, AreTheValuesWhereThereAreFew) {
  const TraitClasses capital(Trait::kCapital, {1, 1, 1, 1, 1, 1, 1, 1, 2, 0});
  EXPECT_EQ(capital.n_classes(), 3u);
  for (const std::uint32_t value : {0u, 1u, 2u}) EXPECT_EQ(capital.class_of(value), value);
  const TraitClasses capitals(Trait::kCapital, {1, 2});
  EXPECT_EQ(capitals.class_of(0), std::nullopt) << "no target without a capital";
  for (const Trait trait : {Trait::kSentenceInitial, Trait::kPunctuation, Trait::kWordInitial}) {
    EXPECT_EQ(TraitClasses(trait, {0, 1, 1}).n_classes(), 2u);
    EXPECT_EQ(TraitClasses(trait, {0, 1, 1}).class_of(1), 1u);
  }
}

// By hand: positions 1, 2, 3 against 2, 4, 6 have variances 1 and 4, and (2 − 4) / √2.5 between them.
TEST(Balance, IsTheStandardisedMeanDifference) {
  const Text text(1);
  const TokenTraits traits(text.stream, text.documents);
  const std::vector<Window> windows = {{.n_tokens = 100}};
  Candidates candidates;
  for (const std::uint32_t p : {1u, 2u, 3u})
    candidates.targets.push_back({.window = 0, .position = p, .is_target = true});
  for (const std::uint32_t p : {2u, 4u, 6u}) candidates.others.push_back({.window = 0, .position = p});
  const auto balance = measure_balance(traits, windows, candidates, std::vector{candidates.targets[1]},
                                       std::vector{candidates.others[0]});
  ASSERT_EQ(balance.size(), kTraits.size());
  EXPECT_EQ(balance[3].trait, Trait::kPosition);
  EXPECT_NEAR(balance[3].before, -2 / std::sqrt(2.5), 1e-15);
  EXPECT_EQ(balance[3].after, 0);
}

// Ten times a tenth of a value is not always the value: no variance may be left of that rounding.
TEST(Balance, IsNotGivenWhereNeitherGroupVaries) {
  const Text text(1);
  const TokenTraits traits(text.stream, text.documents);
  const std::vector<Window> windows = {{.n_tokens = 100}};
  Candidates candidates;
  candidates.targets.assign(10, {.window = 0, .position = 1, .is_target = true});
  candidates.others.assign(10, {.window = 0, .position = 3});
  const auto balance = measure_balance(traits, windows, candidates, candidates.targets, candidates.others);
  EXPECT_TRUE(std::isnan(balance[3].before));
  EXPECT_TRUE(std::isnan(balance[3].after));
}

}  // namespace
}  // namespace penfield::sample
