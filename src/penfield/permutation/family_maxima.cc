#include "penfield/permutation/family_maxima.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>
#include <utility>

#include "penfield/base/check.h"
#include "penfield/base/pack.h"
#include "penfield/base/parallel.h"
#include "penfield/numeric/constants.h"
#include "penfield/numeric/distributions.h"
#include "penfield/numeric/matmul.h"

namespace penfield::permutation {
namespace {

// The first permutations, on which the bands of the inflation and of the ranks rest. Their ends are the 5th
// smallest and the 5th greatest.
constexpr std::size_t kBandPermutations = 200, kBandTail = kBandPermutations / 40;
// What a column of this level or above must exceed is asked first, in one comparison. Columns of lower levels
// are few: 512.
constexpr std::size_t kFewLevels = 10;

double square(float statistic) {
  return static_cast<double>(statistic) * static_cast<double>(statistic);
}

// 1, 2, 3, 5, 7, 10, 15, 20, 30 … n.
std::vector<std::uint64_t> ranks_up_to(std::uint64_t n) {
  std::vector<std::uint64_t> out;
  for (std::uint64_t power = 1; power <= n; power *= 10) {
    for (const double step : {1.0, 1.5, 2.0, 3.0, 5.0, 7.0}) {
      const auto rank = static_cast<std::uint64_t>(step * static_cast<double>(power));
      if (rank < n && (out.empty() || rank > out.back())) out.push_back(rank);
    }
  }
  out.push_back(n);
  return out;
}

std::size_t n_panels(std::size_t n_columns, std::size_t width) {
  return (n_columns + width - 1) / width;
}

}  // namespace

FamilyMaxima::FamilyMaxima(const Exchange& exchange, std::span<ScorePanel> panels, SharedColumns shared)
    : exchange_(exchange), panels_(panels), shared_(std::move(shared)), width_(panel_width(exchange)) {
  PENFIELD_CHECK(panels.size() == static_cast<std::size_t>(n_threads()));
  const std::size_t n_chains = exchange.n_items() / numeric::kSumBlock;
  const std::size_t chain = std::min(exchange.n_items(), numeric::kSumBlock);
  // First-order bound of the error of a chain of so many sums, each of partial sums about 1; where
  // targets are rare they grow as large as the statistic, and the margin with it.
  margin_ = 0x1p-24f * static_cast<float>(chain + n_chains);
}

template <class T>
void FamilyMaxima::observe(MatrixView<const T> x) {
  const std::vector<float> labels(exchange_.label_of_item.begin(), exchange_.label_of_item.end());
  const MatrixView<const float> row(labels.data(), 1, labels.size());
  const std::size_t first = statistic_.size();
  statistic_.resize(first + x.cols, -1.0f);
  PENFIELD_CHECK(statistic_.size() < kNoRank);
  parallel_for(n_panels(x.cols, width_), [&](std::size_t p, int thread) {
    ScorePanel& panel = panels_[static_cast<std::size_t>(thread)];
    const std::size_t at = p * width_;
    const std::vector<bool> usable = panel.load<T>(x.block(0, x.rows, at, std::min(width_, x.cols - at)));
    panel.for_each_row(row, [&](std::size_t, const float* statistics) {
      for (std::size_t c = 0; c < usable.size(); ++c) {
        if (usable[c]) statistic_[first + at + c] = std::fabs(statistics[c]);
      }
    });
  });
}

// The statistics of all columns in place of those of this process.
Result<void> FamilyMaxima::gather_statistics() {
  if (shared_.team->is_alone()) return {};
  Packer packer;
  packer(statistic_);
  PENFIELD_TRY(const std::vector<std::string> messages, shared_.team->exchange(packer.take()));
  statistic_.resize(std::accumulate(shared_.run_lengths.begin(), shared_.run_lengths.end(), std::size_t{0}));
  for (std::uint32_t i = 0; i < messages.size(); ++i) {
    std::vector<float> theirs;
    Unpacker unpacker(messages[i]);
    unpacker(theirs);
    auto next = theirs.begin();
    shared_.for_each_run({i, static_cast<std::uint32_t>(messages.size())},
                         [&](std::size_t first, std::size_t n) {
                           std::copy_n(next, n, statistic_.begin() + static_cast<std::ptrdiff_t>(first));
                           next += static_cast<std::ptrdiff_t>(n);
                         });
    PENFIELD_CHECK(next == theirs.end());
  }
  return {};
}

Result<void> FamilyMaxima::rank(std::size_t n_trivial) {
  PENFIELD_TRY_VOID(gather_statistics());
  rank_.assign(statistic_.size(), kNoRank);
  for (std::uint32_t c = 0; c < statistic_.size(); ++c) {
    if (statistic_[c] >= 0) order_.push_back(c);
  }
  std::stable_sort(order_.begin(), order_.end(),
                   [&](auto a, auto b) { return statistic_[a] > statistic_[b]; });
  for (std::uint32_t r = 0; r < order_.size(); ++r) {
    rank_[order_[r]] = r;
    sorted_.push_back(statistic_[order_[r]]);
  }
  if (!shared_.team->is_alone()) {
    std::vector<std::uint32_t> own;
    shared_.for_each_run(shared_.team->share(), [&](std::size_t first, std::size_t n) {
      const auto begin = rank_.begin() + static_cast<std::ptrdiff_t>(first);
      own.insert(own.end(), begin, begin + static_cast<std::ptrdiff_t>(n));
    });
    rank_ = std::move(own);
  }
  n_permutations_ = n_trivial;
  single_.assign(order_.size() + 1, 0);
  step_down_.assign(order_.size() + 1, 0);
  single_[0] = step_down_[0] = static_cast<std::int64_t>(n_trivial);
  if (order_.empty()) return {};
  greatest_.assign(n_trivial, sorted_.front());
  medians_.assign(std::min(n_trivial, kBandPermutations), median_of_sorted());
  band_ranks_ = ranks_up_to(order_.size());
  for (const std::uint64_t rank : band_ranks_) at_ranks_.emplace_back(medians_.size(), sorted_[rank - 1]);
  return {};
}

std::size_t FamilyMaxima::level_of(std::uint32_t rank) const {
  return static_cast<std::size_t>(std::bit_width(order_.size() - 1 - rank));
}

void FamilyMaxima::begin_group(MatrixView<const float> labels) {
  labels_ = labels;
  next_column_ = 0;
  n_permutations_ += labels.rows;
  Seen nothing;
  nothing.below.fill(-1.0f);
  threads_.assign(
      panels_.size(),
      {.seen = std::vector<Seen>(labels.rows, nothing),
       .counts = std::vector<StatisticCounts>(std::min(labels.rows, kBandPermutations - medians_.size()))});
}

template <class T>
void FamilyMaxima::climb(MatrixView<const T> x) {
  const std::span<const std::uint32_t> ranks = std::span(rank_).subspan(next_column_, x.cols);
  next_column_ += x.cols;
  parallel_for(n_panels(x.cols, width_), [&](std::size_t p, int thread) {
    ScorePanel& panel = panels_[static_cast<std::size_t>(thread)];
    const std::size_t at = p * width_;
    const std::size_t n = std::min(width_, x.cols - at);
    panel.load<T>(x.block(0, x.rows, at, n));
    climb_panel(panel, ranks.subspan(at, n), threads_[static_cast<std::size_t>(thread)]);
  });
}

// A column that stands out among those of higher rank gets a step.
void FamilyMaxima::meet(std::uint32_t rank, float statistic, Seen& seen) const {
  if (rank == kNoRank) return;
  const std::size_t level = level_of(rank);
  if (statistic <= seen.below[level]) return;
  seen.stairs.add(rank, statistic);
  for (std::size_t above = level + 1; above < kLevels; ++above)
    seen.below[above] = std::max(seen.below[above], statistic);
}

void FamilyMaxima::climb_panel(ScorePanel& panel, std::span<const std::uint32_t> ranks,
                               ThreadState& state) const {
  std::vector<std::size_t> of_low_level;
  for (std::size_t c = 0; c < ranks.size(); ++c) {
    if (ranks[c] != kNoRank && level_of(ranks[c]) < kFewLevels) of_low_level.push_back(c);
  }
  panel.for_each_row(labels_, [&](std::size_t p, const float* statistics) {
    Seen& seen = state.seen[p];
    for (const std::size_t c : of_low_level) meet(ranks[c], std::fabs(statistics[c]), seen);
    for (std::size_t c = 0; c < ranks.size(); ++c) {
      const float statistic = std::fabs(statistics[c]);
      if (statistic > seen.below[kFewLevels]) meet(ranks[c], statistic, seen);
    }
    if (p >= state.counts.size()) return;
    for (std::size_t c = 0; c < ranks.size(); ++c) {
      if (ranks[c] != kNoRank) state.counts[p].add(std::fabs(statistics[c]));
    }
  });
}

FamilyMaxima::GroupSums FamilyMaxima::sum_threads() const {
  GroupSums sums{.stairs = std::vector<Staircase>(labels_.rows),
                 .counts = std::vector<StatisticCounts>(threads_[0].counts.size())};
  for (const ThreadState& state : threads_) {
    for (std::size_t p = 0; p < sums.stairs.size(); ++p) sums.stairs[p].add(state.seen[p].stairs);
    for (std::size_t p = 0; p < sums.counts.size(); ++p) sums.counts[p].add(state.counts[p]);
  }
  return sums;
}

Result<void> FamilyMaxima::add_other_processes(GroupSums& sums) const {
  if (shared_.team->is_alone()) return {};
  Packer packer;
  for (Staircase& stairs : sums.stairs) {
    const std::span<const Staircase::Step> steps = stairs.steps();
    packer(std::vector(steps.begin(), steps.end()));
  }
  packer(sums.counts);
  PENFIELD_TRY(const std::vector<std::string> messages, shared_.team->exchange(packer.take()));
  for (std::size_t i = 0; i < messages.size(); ++i) {
    if (i == shared_.team->share().index) continue;
    Unpacker unpacker(messages[i]);
    for (Staircase& stairs : sums.stairs) {
      std::vector<Staircase::Step> steps;
      unpacker(steps);
      for (const Staircase::Step& step : steps) stairs.add(step.rank, step.statistic);
    }
    std::vector<StatisticCounts> counts;
    unpacker(counts);
    PENFIELD_CHECK(counts.size() == sums.counts.size() && unpacker.is_at_end());
    for (std::size_t p = 0; p < counts.size(); ++p) sums.counts[p].add(counts[p]);
  }
  return {};
}

Result<void> FamilyMaxima::end_group() {
  PENFIELD_CHECK(next_column_ == rank_.size());
  if (order_.empty()) return {};
  GroupSums sums = sum_threads();
  PENFIELD_TRY_VOID(add_other_processes(sums));
  for (Staircase& stairs : sums.stairs) count_reached(stairs);
  std::vector<float> at_ranks(band_ranks_.size());
  for (const StatisticCounts& counts : sums.counts) {
    medians_.push_back(counts.median());
    counts.at_ranks(band_ranks_, at_ranks);
    for (std::size_t i = 0; i < at_ranks.size(); ++i) at_ranks_[i].push_back(at_ranks[i]);
  }
  threads_.clear();
  return {};
}

double FamilyMaxima::least_reaching(float statistic) const {
  if (exchange_.statistic != Statistic::kStudentisedMeans)
    return static_cast<double>(statistic - margin_ * std::max(1.0f, statistic));
  // The error of a sum of squares weighs 1 + T²/df times as much once the squared error has become so small.
  // To first order T(1 − ε(1 + T²/df)); the root keeps rising where T is so large that this falls again, as
  // of a column that is the label itself.
  const auto t = static_cast<double>(statistic);
  const double df = static_cast<double>(exchange_.n_items()) - 2;
  const double error = static_cast<double>(margin_) * (1 + t * t / df);
  return t < 1 ? t - error : t / std::sqrt(1 + 2 * error);
}

// First rank whose statistic `greatest` reaches; ranks are ordered by statistic, downwards.
std::size_t FamilyMaxima::first_reached(float greatest) const {
  const auto at = std::lower_bound(
      sorted_.begin(), sorted_.end(), greatest,
      [&](float statistic, float most) { return least_reaching(statistic) > static_cast<double>(most); });
  return static_cast<std::size_t>(at - sorted_.begin());
}

void FamilyMaxima::count_reached(Staircase& stairs) {
  greatest_.push_back(stairs.greatest());
  ++single_[first_reached(stairs.greatest())];
  --single_[order_.size()];
  const std::span<const Staircase::Step> steps = stairs.steps();
  for (std::size_t k = 0; k < steps.size(); ++k) {
    const std::size_t end = steps[k].rank + 1;
    const std::size_t begin = k + 1 < steps.size() ? steps[k + 1].rank + 1 : 0;
    const std::size_t first = std::max(begin, first_reached(steps[k].statistic));
    if (first >= end) continue;
    ++step_down_[first];
    --step_down_[end];
  }
}

PermutationTable FamilyMaxima::table() && {
  PermutationTable table;
  table.n_permutations = n_permutations_;
  table.n_tests = order_.size();
  table.statistic.assign(statistic_.size(), PermutationTable::kNone);
  table.n_single_step.assign(statistic_.size(), 0);
  table.n_step_down.assign(statistic_.size(), 0);
  std::int64_t single = 0;
  std::int64_t step_down = 0;
  std::int64_t most = 0;
  for (std::size_t r = 0; r < order_.size(); ++r) {
    single += single_[r];
    step_down += step_down_[r];
    most = std::max(most, step_down);
    table.statistic[order_[r]] = square(sorted_[r]);
    table.n_single_step[order_[r]] = static_cast<std::uint32_t>(single);
    table.n_step_down[order_[r]] = static_cast<std::uint32_t>(most);
  }
  table.degrees_of_freedom =
      static_cast<double>(exchange_.n_items()) - static_cast<double>(exchange_.n_strata()) - 1;
  table.is_studentised = exchange_.statistic == Statistic::kStudentisedMeans;
  if (order_.empty()) return table;
  std::sort(greatest_.begin(), greatest_.end());
  for (const float value : greatest_) table.greatest.push_back(square(value));
  fill_inflation(table);
  fill_rank_bands(table);
  fill_effective(table);
  return table;
}

double FamilyMaxima::median_of_sorted() const {
  const std::size_t n = sorted_.size();
  return 0.5 * (static_cast<double>(sorted_[(n - 1) / 2]) + static_cast<double>(sorted_[n / 2]));
}

// λ: Devlin & Roeder 1999, Biometrics 55:997.
void FamilyMaxima::fill_inflation(PermutationTable& table) {
  const auto lambda = [](double median) { return median * median / numeric::kMedianChi2; };
  table.inflation = lambda(median_of_sorted());
  if (medians_.size() < kBandPermutations) return;
  std::sort(medians_.begin(), medians_.end());
  table.inflation_lo = lambda(medians_[kBandTail - 1]);
  table.inflation_hi = lambda(medians_[medians_.size() - kBandTail]);
}

// p is that of Student's t: of T itself where it is studentised, else of M² under the beta approximation of
// Pitman 1937, in which M²/(items − strata) is the square of a correlation.
double FamilyMaxima::neglog10_p_of(double squared) const {
  const double df = static_cast<double>(exchange_.n_items()) - static_cast<double>(exchange_.n_strata()) - 1;
  const double r2 = std::min(squared / (df + 1), 1.0);
  const bool is_studentised = exchange_.statistic == Statistic::kStudentisedMeans;
  const double t2 = is_studentised ? squared : df * r2 / (1 - r2);
  return numeric::neglog10_p_student_t(std::sqrt(t2), df);
}

void FamilyMaxima::fill_rank_bands(PermutationTable& table) {
  if (medians_.size() < kBandPermutations || table.degrees_of_freedom < 1) return;
  const auto p_of = [&](float statistic) { return neglog10_p_of(square(statistic)); };
  for (std::size_t i = 0; i < band_ranks_.size(); ++i) {
    std::vector<float>& values = at_ranks_[i];
    std::sort(values.begin(), values.end());
    const std::size_t n = values.size();
    table.rank_bands.push_back({.rank = band_ranks_[i],
                                .lo = p_of(values[kBandTail - 1]),
                                .median = 0.5 * (p_of(values[(n - 1) / 2]) + p_of(values[n / 2])),
                                .hi = p_of(values[n - kBandTail])});
  }
}

// The least p of m independent tests is Beta(1, m); the estimate of m by maximum likelihood is −B / Σ ln(1 −
// p) (Dudbridge & Gusnanto 2008, Genet. Epidemiol. 32:227).
void FamilyMaxima::fill_effective(PermutationTable& table) const {
  if (table.degrees_of_freedom < 1 || table.greatest.empty()) return;
  double sum = 0;
  for (const double statistic : table.greatest) sum += std::log1p(-std::pow(10.0, -neglog10_p_of(statistic)));
  table.n_effective = -static_cast<double>(table.greatest.size()) / sum;
}

template void FamilyMaxima::observe<float>(MatrixView<const float>);
template void FamilyMaxima::observe<double>(MatrixView<const double>);
template void FamilyMaxima::climb<float>(MatrixView<const float>);
template void FamilyMaxima::climb<double>(MatrixView<const double>);

}  // namespace penfield::permutation
