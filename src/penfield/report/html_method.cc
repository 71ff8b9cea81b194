// How it was done and where it came from: what a reader needs to judge the result and to make it again.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "penfield/report/html_parts.h"
#include "penfield/report/run_story.h"
#include "penfield/report/words.h"

namespace penfield::report {
namespace {

std::string row(std::string_view label, const std::string& html) {
  return fmt::format("<dt>{}</dt><dd>{}</dd>\n", escape_html(label), html);
}

std::string hash_html(const std::string& hash) {
  return hash.empty() ? "" : fmt::format(" <span class=\"hash dim\">sha256 {}</span>", escape_html(hash));
}

std::string target_types_sentence(const store::RunRecord& run) {
  if (run.n_target_types == 0) return "";
  std::string out =
      fmt::format(" The discovery targets are {}", counted(run.n_target_types, "distinct token"));
  constexpr std::size_t kNamed = 8;
  std::vector<std::string> names;
  for (const store::TokenTypeCount& type : run.top_target_types) {
    if (names.size() < kNamed) {
      names.push_back(
          fmt::format("<code>{}</code> ({})", escape_html(type.token), count_text(type.n_target)));
    }
  }
  if (!names.empty()) out += fmt::format("; the most frequent are {}", fmt::join(names, ", "));
  return out + ".";
}

}  // namespace

std::string html_method(const ReportData& data) {
  const store::RunRecord& run = data.run;
  std::string out =
      "<section aria-labelledby=\"method\">\n<h2 id=\"method\">Method</h2>\n<div class=\"lead\">\n";
  out += fmt::format(
      "<p>The rule <code>{}</code> marked {} of {} as targets. From the windows of each split, targets and "
      "comparison "
      "tokens were drawn with seed {}; discovery holds {} and {}, the held-out text {} and {}.{}</p>\n",
      escape_html(run.concept_name), counted(run.n_target_tokens, "token"), count_text(run.n_tokens),
      run.seed, counted(run.counts[0].n_target, "target"),
      counted(run.counts[0].n_comparison, "comparison token"), counted(run.counts[1].n_target, "target"),
      counted(run.counts[1].n_comparison, "comparison token"), target_types_sentence(run));
  out += fmt::format(
      "<p>For every unit on its own, a logistic regression logit P(target) = α + β·activation was fitted on "
      "the "
      "discovery tokens by maximum likelihood. Units are ranked and judged by the {} ({}{}; α = {}; {}). A "
      "unit is "
      "<em>replicated</em> when it is significant in discovery, β has the same sign on held-out text, and "
      "the held-out p "
      "is below α over the number of significant units.</p>\n",
      test_words(run.test), correction_words(run.correction),
      run.correction == findings::Correction::kNone ? "" : " " + std::string(family_words(run.family)),
      significant_text(run.alpha, 1), escape_html(threshold_phrase(data)));
  out += "</div>\n<div class=\"card unit\">\n<h3>What the columns mean</h3>\n<dl>\n";
  out += row("β per SD",
             "Log-odds of a target token per standard deviation of the unit’s activation. Where a threshold "
             "parts the groups (separated), Firth’s penalised estimate.");
  out += row("−log₁₀ p",
             "Of the test above, two-sided; 10 stands for p = 10⁻¹⁰. Computed in the log domain, so that it "
             "stays finite where p itself would be 0.");
  out += row("corrected", "−log₁₀ of p after the correction for the number of units tested.");
  out += row(
      "AUC",
      "The chance that a random target token has a higher activation than a random comparison token; 0.5 is "
      "no difference, under 0.5 the unit fires less on targets. Interval after DeLong.");
  out += row("Cohen’s d", "Difference of the two means in pooled standard deviations.");
  out += row("held-out AUC",
             "The same on text that took no part in choosing the unit; this one is free of selection.");
  return out + "</dl>\n</div>\n</section>\n";
}

std::string html_provenance(const ReportData& data) {
  const store::RunRecord& run = data.run;
  const store::ModelRecord& model = run.model;
  std::string out =
      "<section aria-labelledby=\"provenance\">\n<h2 id=\"provenance\">Provenance</h2>\n"
      "<div class=\"card unit\">\n<dl>\n";
  out += row("Program", fmt::format("Penfield {}, {}, precision {}", escape_html(run.penfield_version),
                                    counted(static_cast<std::uint64_t>(run.n_threads), "thread"),
                                    escape_html(run.precision)));
  out += row("Model", fmt::format("{} ({} layers, width {}, {} heads, {} MLP units a layer, {} weights)",
                                  escape_html(model.name), model.n_layer, count_text(model.n_embd),
                                  model.n_head, count_text(model.n_inner), escape_html(model.weights_dtype)));
  out += row("Configuration", "config.json" + hash_html(model.config_sha256));
  for (const auto& [file, hash] : model.weights_sha256)
    out += row("Weights", escape_html(file) + hash_html(hash));
  for (const text::TextFile& file : run.text_files) {
    out += row("Text", fmt::format("{}, {}{}", escape_html(file.path), bytes_text(file.n_bytes),
                                   hash_html(file.sha256)));
  }
  out += row("Text as read",
             fmt::format("{} in {}", counted(run.n_tokens, "token"), counted(run.n_documents, "document")));
  out += row("Profile and seed", fmt::format("{}, {}", escape_html(run.profile), run.seed));
  std::vector<std::string> options, stages;
  for (const auto& [name, value] : run.options) {
    options.push_back(fmt::format("<code>--{} {}</code>", escape_html(name), escape_html(value)));
  }
  std::uint64_t peak = 0;
  for (const store::StageRecord& stage : run.stages) {
    stages.push_back(fmt::format("{} {}", escape_html(stage.name), duration_text(stage.seconds)));
    peak = std::max(peak, stage.peak_rss_bytes);
  }
  if (!options.empty()) out += row("Options", fmt::format("{}", fmt::join(options, " ")));
  if (!stages.empty()) {
    out += row("Time", fmt::format("{}; peak memory {}", fmt::join(stages, ", "), bytes_text(peak)));
  }
  return out + "</dl>\n</div>\n</section>\n";
}

}  // namespace penfield::report
