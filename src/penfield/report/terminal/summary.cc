// The summary of a run: sentences first, then the layers, then the units that stand out.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "penfield/report/terminal/table.h"
#include "penfield/report/terminal/terminal.h"
#include "penfield/report/words/lookup.h"
#include "penfield/report/words/run_story.h"
#include "penfield/report/words/words.h"

namespace penfield::report {
namespace {

using findings::Finding;

// A share without its leading zero (".931"), as is usual for statistics that cannot pass 1; it saves room.
std::string share_text(double value) {
  if (std::isnan(value)) return "–";
  std::string text = fixed_text(value, 3);
  if (text.starts_with("0.")) text.erase(0, 1);
  return text;
}

std::string interval_of(double auc, double lo, double hi) {
  if (std::isnan(auc)) return "–";
  if (std::isnan(lo)) return share_text(auc);
  return fmt::format("{} [{}, {}]", share_text(auc), share_text(lo), share_text(hi));
}

std::string held_out_auc_text(const findings::HeldOut& held) {
  return interval_of(held.auc, held.auc_lo, held.auc_hi);
}

Cell direction_cell(int direction) {
  if (direction > 0) return {"+", Paint::kPositive};
  if (direction < 0) return {"−", Paint::kNegative};
  return {"0", Paint::kDim};
}

Cell replicated_cell(const Finding& finding) {
  if (finding.replicated) return {"✓", Paint::kBold};
  return {"–", Paint::kDim};
}

std::string status_text(association::FitStatus status) {
  return status == association::FitStatus::kOk ? "" : std::string(status_label(status));
}

std::string unit_table(const std::vector<const Finding*>& units, const Screen& screen) {
  TerminalTable table({{"unit", Align::kLeft, 0},
                       {"±", Align::kLeft, 0},
                       {"β/SD", Align::kRight, 0},
                       {"−log10 p", Align::kRight, 0},
                       {"adjusted", Align::kRight, 7},
                       {"AUC", Align::kRight, 1},
                       {"Cohen’s d", Align::kRight, 6},
                       {"held-out AUC [95%]", Align::kRight, 2},
                       {"held-out −log10 p", Align::kRight, 8},
                       {"repl.", Align::kLeft, 0},
                       {"status", Align::kLeft, 1}});
  for (const Finding* finding : units) {
    const Paint paint = finding->significant ? Paint::kPlain : Paint::kDim;
    table.add_row({{to_string(finding->unit), finding->significant ? Paint::kBold : Paint::kDim},
                   direction_cell(finding->direction),
                   {cell_text(finding->fit.beta_sd, 2), paint},
                   {cell_text(finding->neglog10_p, 1), paint},
                   {cell_text(finding->neglog10_p_adj, 1), paint},
                   {share_text(finding->fit.auc), paint},
                   {cell_text(finding->fit.cohen_d, 2), paint},
                   {held_out_auc_text(finding->held_out), paint},
                   {cell_text(finding->held_out.neglog10_p, 1), paint},
                   replicated_cell(*finding),
                   {status_text(finding->fit.status), paint}});
  }
  return table.render(screen);
}

// The ladder of the units that survive: AUC on unseen words, then held out against ever closer comparisons.
std::string ladder_table(const std::vector<const Finding*>& units, const Screen& screen) {
  TerminalTable table({{"unit", Align::kLeft, 0},
                       {"±", Align::kLeft, 0},
                       {"unseen words [95%]", Align::kRight, 0},
                       {"all", Align::kRight, 2},
                       {"matched", Align::kRight, 2},
                       {"near miss [95%]", Align::kRight, 1},
                       {"verdict", Align::kLeft, 0}});
  for (const Finding* unit : units) {
    const findings::Ladder& ladder = unit->ladder;
    table.add_row({{to_string(unit->unit), Paint::kBold},
                   direction_cell(unit->direction),
                   {interval_of(unit->held_out.unseen_auc, unit->held_out.unseen_auc_words_lo,
                                unit->held_out.unseen_auc_words_hi)},
                   {share_text(ladder.all)},
                   {share_text(ladder.matched)},
                   {interval_of(ladder.near_miss, ladder.near_miss_lo, ladder.near_miss_hi)},
                   {specificity_label(unit->specific)}});
  }
  return table.render(screen);
}

std::string layer_table(const ReportData& data, const std::optional<std::uint32_t>& only,
                        const Screen& screen) {
  TerminalTable table({{"layer", Align::kLeft, 0},
                       {"units", Align::kRight, 4},
                       {"sig. +", Align::kRight, 0},
                       {"sig. −", Align::kRight, 0},
                       {"repl. +", Align::kRight, 1},
                       {"repl. −", Align::kRight, 1},
                       {"same sign", Align::kRight, 2},
                       {"best unit", Align::kLeft, 0},
                       {"−log10 p", Align::kRight, 2},
                       {"h.-o. AUC", Align::kRight, 3}});
  const bool several_sites = data.run.sites.size() > 1;
  for (const findings::LayerSummary& layer : data.run.layer_summaries) {
    if (only && layer.layer != *only) continue;
    const std::string name = several_sites ? fmt::format("L{}.{}", layer.layer, site_name(layer.site))
                                           : fmt::format("L{}", layer.layer);
    const bool has_best = !std::isnan(layer.best_neglog10_p);
    table.add_row({{name},
                   {count_text(layer.n_units)},
                   {count_text(layer.n_significant_positive)},
                   {count_text(layer.n_significant_negative)},
                   {count_text(layer.n_replicated_positive)},
                   {count_text(layer.n_replicated_negative)},
                   {std::isnan(layer.sign_concordance) ? "–" : percent_text(layer.sign_concordance)},
                   {has_best ? to_string(UnitId{layer.site, layer.layer, layer.best_index}) : "–"},
                   {cell_text(layer.best_neglog10_p, 1)},
                   {share_text(layer.best_held_out_auc)}});
  }
  return table.render(screen);
}

std::string heading(const Screen& screen, std::string_view text) {
  std::string wrapped = screen.wrap(text);
  wrapped.pop_back();  // the line break stays outside the paint
  return "\n" + screen.paint(wrapped, Paint::kBold) + "\n";
}

}  // namespace

std::string show_story(const ReportData& data, const TerminalOptions& terminal) {
  const Screen screen(terminal);
  const RunStory story = tell_run(data);
  std::string out = heading(screen, story.title).substr(1) + "\n" + screen.wrap(story.question);
  std::size_t widest = 0;
  for (const RunFact& fact : story.facts) widest = std::max(widest, fact.name.size());
  for (const RunFact& fact : story.facts) {
    const std::string label = "  " + pad_right(fact.name, widest) + "  ";
    out += screen.paint(label, Paint::kDim) + screen.wrap(fact.value, label).substr(label.size());
  }
  out += "\n";
  for (const Sentence& sentence : story.found) out += screen.wrap(plain(sentence), "  ");
  for (const std::string& sentence : story.controls) out += screen.wrap(sentence, "  ");
  if (!data.run.warnings.empty()) {
    out += "\n";
    for (const std::string& warning : data.run.warnings) {
      const std::string label = "warning: ";
      std::string wrapped = screen.wrap(warning, label);
      out += screen.paint(label, Paint::kWarning) + wrapped.substr(label.size());
    }
  }
  return out;
}

std::string show_tables(const ReportData& data, const SummaryOptions& summary,
                        const TerminalOptions& terminal) {
  const Screen screen(terminal);
  std::string out;
  if (!data.run.layer_summaries.empty()) {
    out += heading(screen, "By layer") + layer_table(data, summary.layer, screen);
  }
  const std::vector<const Finding*> surviving = surviving_units(data, summary.top, summary.layer);
  if (!surviving.empty())
    out +=
        heading(
            screen,
            "Units with an effect on unseen words, by the lower bound of their AUC there and against the near miss") +
        ladder_table(surviving, screen);
  const std::vector<const Finding*> units = top_units(data, summary.top, summary.layer);
  const std::string where = summary.layer ? fmt::format(" of layer {}", *summary.layer) : "";
  if (units.empty()) {
    out += "\n" + screen.wrap(fmt::format("There are no units{} to list.", where));
    return out;
  }
  out += heading(screen, fmt::format("Top {}{}, by −log10 p of the {}", counted(units.size(), "unit"), where,
                                     test_words(data.run.test)));
  return out + unit_table(units, screen);
}

std::string show_summary(const ReportData& data, const SummaryOptions& summary,
                         const TerminalOptions& terminal) {
  return show_story(data, terminal) + show_tables(data, summary, terminal);
}

}  // namespace penfield::report
