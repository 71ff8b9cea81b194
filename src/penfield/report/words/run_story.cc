#include "penfield/report/words/run_story.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <set>
#include <utility>

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

Sentence strongest_sentence(const Finding& unit, std::string_view what) {
  Sentence out = {said(fmt::format("The most clearly {} unit is ", what)),
                  {Part::Kind::kUnit, to_string(unit.unit)},
                  said(": AUC "),
                  strong(fixed_text(unit.fit.auc, 3)),
                  said(" in discovery")};
  if (!std::isnan(unit.held_out.auc)) {
    out.push_back(said(", "));
    out.push_back(strong(fixed_text(unit.held_out.auc, 3)));
    std::string interval = interval_text(unit.held_out.auc_lo, unit.held_out.auc_hi, 3);
    if (const std::size_t at = interval.find(' '); at != std::string::npos)
      interval.replace(at, 1, "\u00a0");  // stays on one line
    out.push_back(said(fmt::format("{}{} on held-out text", interval.empty() ? "" : " ", interval)));
  }
  out.push_back(said("."));
  return out;
}

Sentence significant_sentence(const ReportData& data, const DirectionCounts& significant) {
  if (significant.total() == 0) {
    return {said(fmt::format("No unit of {} is significant.", count_text(data.units.size())))};
  }
  return {strong(count_text(significant.total())),
          said(fmt::format(" of {} units are significant: ", count_text(data.units.size()))),
          strong(count_text(significant.positive)),
          said(" fire more on targets\u00a0("),
          {Part::Kind::kSign, "+"},
          said("), "),
          strong(count_text(significant.negative)),
          said(" fire\u00a0less\u00a0("),
          {Part::Kind::kSign, "−"},
          said(").")};
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

// " On words never seen in discovery 61% replicate, 95% interval 52% to 70%."; empty where that is not known.
std::string unseen_sentence(const store::RunRecord& run) {
  if (std::isnan(run.words.replicated.share)) return "";
  return fmt::format(" On words never seen in discovery {} of them replicate{}.",
                     percent_text(run.words.replicated.share), share_interval(run.words.replicated));
}

Sentence replicated_sentence(const ReportData& data, const DirectionCounts& significant) {
  const store::RunRecord& run = data.run;
  if (run.counts[1].n_target == 0) return {said("There is no held-out text, so replication was not tested.")};
  const DirectionCounts replicated = count_replicated(data);
  const double share = static_cast<double>(replicated.total()) / static_cast<double>(significant.total());
  return {strong(count_text(replicated.total())),
          said(" of them ("),
          strong(percent_text(share)),
          said(fmt::format("{}) replicate on held-out text (the same sign, p < {} / {}): {} with ",
                           share_interval(run.replication.replicated), significant_text(run.alpha, 1),
                           count_text(significant.total()), count_text(replicated.positive))),
          {Part::Kind::kSign, "+"},
          said(fmt::format(", {} with ", count_text(replicated.negative))),
          {Part::Kind::kSign, "−"},
          said("." + concordance_sentence(run.replication) + unseen_sentence(run))};
}

// The sentence with the name of its unit, if it has one, as a part of its own.
Sentence with_unit(std::string sentence, const std::string& unit) {
  const std::size_t at = unit.empty() ? std::string::npos : sentence.find(unit);
  if (at == std::string::npos) return {said(std::move(sentence))};
  return {said(sentence.substr(0, at)), {Part::Kind::kUnit, unit}, said(sentence.substr(at + unit.size()))};
}

std::vector<Sentence> tell_findings(const ReportData& data) {
  const DirectionCounts significant = count_significant(data);
  std::vector<Sentence> out;
  const std::vector<const Finding*> first = surviving_units(data, 1);
  const std::string unit = first.empty() ? "" : to_string(first.front()->unit);
  for (std::string& sentence : tell_headline(data)) out.push_back(with_unit(std::move(sentence), unit));
  out.push_back(significant_sentence(data, significant));
  if (significant.total() > 0) out.push_back(replicated_sentence(data, significant));
  for (const auto& [direction, what] : {std::pair{1, "excited"}, std::pair{-1, "suppressed"}}) {
    const Finding* best = best_of_direction(data, direction);
    if (best != nullptr && best->significant) out.push_back(strongest_sentence(*best, what));
  }
  for (Sentence& sentence : out) {
    for (Part& part : sentence) part.text = keep_equations_whole(std::move(part.text));
  }
  return out;
}

// What the reader could take for granted of a model, where it is otherwise.
std::vector<RunFact> model_facts(const store::ModelRecord& model) {
  std::vector<RunFact> out;
  if (model.quantised) {
    std::vector<std::string> types;
    for (const store::TensorTypeCount& count : model.tensor_types) types.push_back(visible(count.type));
    out.push_back({"Weights", fmt::format("{} (quantised: the findings are about the quantised model)",
                                          fmt::join(types, ", "))});
  }
  if (model.bos)
    out.push_back({"BOS", fmt::format("{} before every window; it is no sample", visible(model.bos->token))});
  return out;
}

std::vector<RunFact> tell_facts(const ReportData& data) {
  const store::RunRecord& run = data.run;
  std::string rule = concept_phrase(run);
  if (!run.profile.empty() && run.profile != run.concept_name)
    rule += fmt::format(", profile {}", visible(run.profile));
  std::vector<RunFact> out = {
      {"Model", fmt::format("{}, {}",
                            store::is_recorded(run)
                                ? fmt::format("recorded activations {}", model_phrase(run.model.name))
                                : model_phrase(run.model.name),
                            units_phrase(data))},
      {"Text", text_phrase(run)},
      {"Discovery", split_phrase(run.counts[0])},
      {"Held out", run.counts[1].n_target > 0 ? split_phrase(run.counts[1]) : "none"},
      {"Targets", std::move(rule)},
      {"Test", fmt::format("{}, {}", test_words(run.test), correction_phrase(run))},
      {"Threshold", threshold_phrase(data)},
      {"Seed", fmt::format("{}", run.seed)}};
  const std::vector<RunFact> of_model = model_facts(run.model);
  out.insert(out.begin() + 1, of_model.begin(), of_model.end());
  for (RunFact& fact : out) fact.value = keep_equations_whole(std::move(fact.value));
  return out;
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

std::string concept_phrase(const store::RunRecord& run) {
  return run.concept_name.empty() ? "target" : visible(run.concept_name);
}

std::string correction_phrase(const store::RunRecord& run) {
  if (run.correction == Correction::kNone) return std::string(correction_words(run.correction));
  return fmt::format("{} {}", correction_words(run.correction), family_words(run.family));
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
  const findings::CorrectionSpec& correction = findings::spec_of(data.run.correction);
  if (correction.border != nullptr && correction.border_formula.empty()) return fmt::format("p < {}", alpha);
  if (correction.border != nullptr && sizes.size() == 1) {
    return fmt::format("p < {} = {}", p_text(families.front().neglog10_p_threshold),
                       fmt::format(fmt::runtime(correction.border_formula), fmt::arg("alpha", alpha),
                                   fmt::arg("n", count_text(*sizes.begin()))));
  }
  if (families.size() == 1 && !std::isnan(families.front().neglog10_p_threshold) &&
      correction.adjust != nullptr) {
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
  const std::string model = model_phrase(data.run.model.name), target = concept_phrase(data.run);
  RunStory story;
  story.title = fmt::format("{} in {}", target, model);
  story.question = fmt::format("Which of the {} units in {} distinguish {} tokens from other tokens?",
                               count_text(data.units.size()), model, target);
  story.found = tell_findings(data);
  story.controls = tell_controls(data.run);
  story.facts = tell_facts(data);
  return story;
}

}  // namespace penfield::report
