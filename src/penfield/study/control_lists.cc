#include "penfield/study/control_lists.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

#include "penfield/base/check.h"
#include "penfield/base/random.h"
#include "penfield/labels/control_list.h"
#include "penfield/study/null_scans.h"

namespace penfield::study {
namespace {

constexpr std::uint64_t kListPurpose = 0x6c69737473000000;  // "lists", and the number of the draw
constexpr std::uint64_t kAttempts = 5;

double strength(const findings::Finding& unit) {
  return std::abs(unit.held_out.auc - 0.5);
}

// S = |A − ½| − mean over lists of |A_c − ½|, and the share of the lists, with the scan itself, that reach |A
// − ½|.
class Selectivity {
 public:
  explicit Selectivity(std::size_t n_units) : sum_(n_units, 0.0), n_reached_(n_units, 0) {}

  void add(const findings::FindingTable& list, const findings::FindingTable& found) {
    PENFIELD_CHECK(list.units.size() == sum_.size() && found.units.size() == sum_.size());
    ++n_lists_;
    for (std::size_t i = 0; i < sum_.size(); ++i) {
      const double of_list = strength(list.units[i]);
      sum_[i] += of_list;
      n_reached_[i] += of_list >= strength(found.units[i]) ? 1 : 0;
    }
  }
  void set(findings::FindingTable& found) const {
    if (n_lists_ == 0) return;
    const auto n = static_cast<double>(n_lists_);
    for (std::size_t i = 0; i < sum_.size(); ++i) {
      const double selectivity = strength(found.units[i]) - sum_[i] / n;
      if (std::isnan(selectivity)) continue;
      found.units[i].selectivity = selectivity;
      found.units[i].p_selectivity = static_cast<double>(n_reached_[i] + 1) / (n + 1);
    }
  }

 private:
  std::vector<double> sum_;
  std::vector<std::uint64_t> n_reached_;
  std::uint64_t n_lists_ = 0;
};

}  // namespace

std::uint64_t list_permutations(std::uint64_t n, double alpha) {
  // p is a multiple of 1/(1 + B) below alpha: of ten multiples, nine are at least.
  constexpr double kMultiples = 10, kFewest = 199;
  const double enough = std::max(kFewest, std::ceil(kMultiples / alpha) - 1);
  return enough < static_cast<double>(n) ? static_cast<std::uint64_t>(enough) : n;
}

Result<std::vector<sample::SamplePlan>> plan_control_lists(const LabelledText& labelled,
                                                           const sample::SampleOptions& options,
                                                           const sample::TokenTraits& traits, std::uint64_t n,
                                                           const CheckOfList& check, const Watch& watch) {
  sample::SampleOptions once = options;
  once.n_draws = 1;
  std::vector<sample::SamplePlan> plans;
  for (std::uint64_t draw = 0; plans.size() < n; ++draw) {
    PENFIELD_TRY_VOID(watch.check());
    Random random = Random::stream(options.seed, kListPurpose + draw);
    const labels::LabelTrack track = labels::control_list(labelled.stream, labelled.track, random);
    auto plan = sample::plan_samples(labelled.stream, track, once, &traits);
    const Result<void> checked = plan ? check(*plan) : tl::unexpected<Error>(plan.error());
    if (checked) {
      plans.push_back(*std::move(plan));
    } else if (draw >= n * kAttempts) {
      return bad_input("--null lists: {}; --null none scans without control lists", checked.error().message);
    }
  }
  return plans;
}

Result<store::NullRecord> scan_control_lists(const activations::ActivationStore& store,
                                             const std::vector<SplitRows>& lists, const ScanTest& test,
                                             const Watch& watch, findings::FindingTable& found) {
  store::NullRecord out{.kind = store::NullKind::kLists};
  Selectivity selectivity(found.units.size());
  ScanTest of_lists = test;
  of_lists.permutation.n_permutations =
      list_permutations(test.permutation.n_permutations, test.findings.alpha);
  for (std::size_t run = 0; run < lists.size(); ++run) {
    PENFIELD_TRY_VOID(watch.step("null", run, lists.size(), "control lists"));
    PENFIELD_TRY(const findings::FindingTable of_list, find_units_again(store, lists[run], of_lists, watch));
    add_run(of_list, test.findings, out);
    selectivity.add(of_list, found);
  }
  selectivity.set(found);
  return out;
}

}  // namespace penfield::study
