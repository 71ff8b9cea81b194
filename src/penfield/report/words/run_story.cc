#include "penfield/report/words/run_story.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <set>

#include "penfield/report/words/control_sentences.h"
#include "penfield/report/words/headline.h"
#include "penfield/report/words/lookup.h"
#include "penfield/report/words/permutation_words.h"
#include "penfield/report/words/visible_text.h"
#include "penfield/report/words/words.h"

namespace penfield::report {
namespace {

using findings::Correction;
using findings::Finding;

std::string split_phrase(const sample::SplitCounts& counts) {
  return fmt::format("{} and {} from {} ({} of {})", counted(counts.n_target, "target token"),
                     counted(counts.n_comparison, "comparison token"), counted(counts.n_windows, "window"),
                     counted(counts.n_tokens, "token"), counted(counts.n_documents, "document"));
}

std::string text_phrase(const store::RunRecord& run) {
  std::vector<std::string> names;
  for (const text::TextFile& file : run.text_files) {
    names.push_back(visible(file.path.substr(file.path.find_last_of('/') + 1)));
  }
  constexpr std::size_t kNamed = 3;
  const std::size_t n_more = names.size() > kNamed ? names.size() - kNamed : 0;
  names.resize(names.size() - n_more);
  std::string out = names.empty() ? "the text" : fmt::format("{}", fmt::join(names, ", "));
  if (n_more > 0) out += fmt::format(" and {}", counted(n_more, "further file"));
  return out;
}

std::string strongest_sentence(const Finding& unit, std::string_view what) {
  std::string out = fmt::format("The unit most clearly {} is {}: AUC {} in discovery", what,
                                to_string(unit.unit), fixed_text(unit.fit.auc, 3));
  if (!std::isnan(unit.held_out.auc)) {
    out += fmt::format(", {} {} on held-out text", fixed_text(unit.held_out.auc, 3),
                       interval_text(unit.held_out.auc_lo, unit.held_out.auc_hi, 3));
  }
  return out + ".";
}

std::string significant_sentence(const ReportData& data, const DirectionCounts& significant) {
  const store::RunRecord& run = data.run;
  const std::string correction =
      run.correction == Correction::kNone
          ? std::string(correction_words(run.correction))
          : fmt::format("{} {}", correction_words(run.correction), family_words(run.family));
  const std::string rule = fmt::format("{}, {}, α = {}: {}", test_words(run.test), correction,
                                       significant_text(run.alpha, 1), threshold_phrase(data));
  if (significant.total() == 0) {
    return fmt::format("No unit of {} is significant ({}).", count_text(data.units.size()), rule);
  }
  return fmt::format("{} of {} units are significant ({}): {} fire more on targets (+), {} fire less (−).",
                     count_text(significant.total()), count_text(data.units.size()), rule,
                     count_text(significant.positive), count_text(significant.negative));
}

// ", 95% interval 88% to 93%"; empty where there is none.
std::string share_interval(const findings::Share& share) {
  if (std::isnan(share.lo)) return "";
  return fmt::format(", 95% interval {} to {}", percent_text(share.lo), percent_text(share.hi));
}

std::string concordance_sentence(const findings::Replication& replication) {
  if (std::isnan(replication.concordant.share)) return "";
  return fmt::format(" {} ({}{}) keep their sign.", count_text(replication.n_concordant),
                     percent_text(replication.concordant.share), share_interval(replication.concordant));
}

std::string replicated_sentence(const ReportData& data, const DirectionCounts& significant) {
  if (data.run.counts[1].n_target == 0) return "There is no held-out text, so nothing could be replicated.";
  const DirectionCounts replicated = count_replicated(data);
  const double share = static_cast<double>(replicated.total()) / static_cast<double>(significant.total());
  return fmt::format(
      "{} of them ({}{}) replicate on held-out text (the same sign, p < {} / {}): {} with +, {} with −.{}",
      count_text(replicated.total()), percent_text(share), share_interval(data.run.replication.replicated),
      significant_text(data.run.alpha, 1), count_text(significant.total()), count_text(replicated.positive),
      count_text(replicated.negative), concordance_sentence(data.run.replication));
}

}  // namespace

std::string model_phrase(const std::string& name) {
  if (name.empty()) return "the model";
  const bool is_path = name.front() == '/' || name.front() == '.';
  const std::size_t end = name.find_last_not_of('/');
  if (!is_path || end == std::string::npos) return visible(name);
  const std::size_t begin = name.find_last_of('/', end);
  return visible(name.substr(begin == std::string::npos ? 0 : begin + 1, end - begin));
}

std::string units_phrase(const ReportData& data) {
  std::set<std::uint64_t> widths;
  std::set<std::uint32_t> layers;
  std::vector<std::string> sites;
  for (const findings::LayerSummary& layer : data.run.layer_summaries) {
    widths.insert(layer.n_units);
    layers.insert(layer.layer);
  }
  for (const Site site : data.run.sites) sites.emplace_back(site_name(site));
  const std::string at = sites.empty() ? "" : fmt::format(" at {}", fmt::join(sites, ", "));
  if (widths.size() != 1) return counted(data.units.size(), "unit") + at;
  return fmt::format("{} × {}{}", counted(layers.size(), "layer"), counted(*widths.begin(), "unit"), at);
}

std::string threshold_phrase(const ReportData& data) {
  const std::vector<findings::FamilyThreshold>& families = data.run.families;
  std::set<std::uint64_t> sizes;
  for (const findings::FamilyThreshold& family : families) sizes.insert(family.n_tests);
  const std::string alpha = significant_text(data.run.alpha, 1);
  if (data.run.correction == Correction::kNone) return fmt::format("p < {}", alpha);
  if (data.run.correction == Correction::kBonferroni && sizes.size() == 1) {
    return fmt::format("p < {} = {} / {}", p_text(families.front().neglog10_p_threshold), alpha,
                       count_text(*sizes.begin()));
  }
  if (families.size() == 1 && !std::isnan(families.front().neglog10_p_threshold) &&
      data.run.correction != Correction::kMaxT) {
    return fmt::format("p up to {}", p_text(families.front().neglog10_p_threshold));
  }
  return fmt::format("adjusted p < {}", alpha);
}

std::vector<std::string> tell_controls(const store::RunRecord& run) {
  std::vector<std::string> out = comparison_sentences(run);
  if (auto sentence = permutation_sentence(run)) out.push_back(*std::move(sentence));
  for (std::string& sentence : null_sentences(run)) out.push_back(std::move(sentence));
  for (std::string& sentence : out) sentence = keep_equations_whole(std::move(sentence));
  return out;
}

RunStory tell_run(const ReportData& data) {
  const store::RunRecord& run = data.run;
  RunStory story;
  const std::string model = model_phrase(run.model.name);
  const std::string concept_name = visible(run.concept_name.empty() ? "the target label" : run.concept_name);
  story.title = fmt::format("{} in {}", concept_name, model);
  story.asked.push_back(
      fmt::format("Of {} units in {} ({}), which ones tell {} tokens from other tokens of {}?",
                  count_text(data.units.size()), model, units_phrase(data), concept_name, text_phrase(run)));
  story.asked.push_back(fmt::format("Discovery: {}.", split_phrase(run.counts[0])));
  if (run.counts[1].n_target > 0)
    story.asked.push_back(fmt::format("Held out: {}.", split_phrase(run.counts[1])));
  for (std::string& sentence : comparison_sentences(run)) story.asked.push_back(std::move(sentence));

  const DirectionCounts significant = count_significant(data);
  story.found = tell_headline(data);
  story.found.push_back(significant_sentence(data, significant));
  if (significant.total() > 0) story.found.push_back(replicated_sentence(data, significant));
  if (const Finding* best = best_of_direction(data, 1); best != nullptr && best->significant) {
    story.found.push_back(strongest_sentence(*best, "excited"));
  }
  if (const Finding* best = best_of_direction(data, -1); best != nullptr && best->significant) {
    story.found.push_back(strongest_sentence(*best, "suppressed"));
  }
  if (auto sentence = permutation_sentence(run)) story.found.push_back(*std::move(sentence));
  for (std::string& sentence : null_sentences(run)) story.found.push_back(std::move(sentence));
  for (std::string& sentence : story.found) sentence = keep_equations_whole(std::move(sentence));
  return story;
}

}  // namespace penfield::report
