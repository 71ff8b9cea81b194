// Effects d are drawn, and the statistics follow from d roughly as they do in large normal samples (AUC =
// Φ(d/√2)): near enough to look and behave like a run.
#include "penfield/report/words/synthetic_report_for_tests.h"

#include <gtest/gtest.h>

#include <tuple>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <string_view>

#include "penfield/base/random.h"
#include "penfield/report/words/lookup.h"

namespace penfield::report {
namespace {

using association::FitStatus;
using findings::Finding;

constexpr double kAlpha = 0.05;
constexpr std::uint64_t kTargets[2] = {241, 189};

// One line a window; words split into tokens at spaces, a trailing mark or suffix on its own.
constexpr std::array<std::string_view, 6> kWindows = {
    "= Harbour Lights = ↵ The town of Wexley lies where the River Arne meets the sea . In the spring of 1911 "
    "Margaret "
    "Holloway opened a small print shop beside St. Anne 's Church , and within a year the Wexley Courier was "
    "read as far "
    "as Dunmore . Her brother Thomas drew the maps ; Edith Carrow wrote the weather .↵ ↵ Few visitors came "
    "before the "
    "railway . After it was built , the North Pier drew crowds from Leeds and Bradford every August , and "
    "the old fish "
    "market became a dance hall . Nobody in the council had asked for that .",
    "= = Survey of the Marsh = = ↵ Between 1924 and 1927 the Royal Society paid Dr. Ivor Pell to count the "
    "birds of "
    "Saltmere Marsh . Pell , a careful man , counted them twice . He found 3 @,@ 412 lapwings , forty herons "
    ", and one "
    "stork that had lost its way from Holland .↵ His notes , kept at Cambridge , are written in pencil ; the "
    "rain has "
    "taken some of them . A copy went to Oslo , where Professor Nora Lind compared it with her own .",
    "The composer Anton Reuss was born in Graz in 1860 and died in Vienna . His second symphony , called The "
    "Mill , was "
    "first played in Prague under Karel Novák ; the audience whistled . Reuss took the night train home and "
    "burned the "
    "score .↵ A copy survived . Clara Weiss , who had played second oboe , had kept her part and , with "
    "three friends , "
    "wrote down the rest from memory . The café where they met still stands .",
    "= The Long Table = ↵ Chef Amara Diallo cooks for forty people at one table . On Monday she serves "
    "lentils with "
    "lemon ; on Friday , fish from Saint-Louis . \"Nobody leaves hungry ,\" says her mother , Fatou , who "
    "keeps the "
    "accounts in a blue book .↵ The guests come from Dakar , Lyon and Montréal . They bring 東京 tea , bread "
    ", and "
    "stories about the sea 🙂 .",
    "Mount Elder is the highest point of the Fallow Hills . It was climbed first by shepherds , who did not "
    "write about "
    "it , and then in 1843 by Sir Hugh Barnaby , who did . A stone hut near the top gives shelter from the "
    "wind .↵ In "
    "winter the road from Kirkby is closed . The post is carried by a woman named Ruth Addle and her two "
    "dogs , Major "
    "and Penny .",
    "= Signals = ↵ The first telegraph line in Oldbury ran from the Customs House to the harbour . It "
    "carried prices , "
    "storms and , once , a proposal of marriage . The clerk , Mr. Finch , added a word of his own before he "
    "sent it to "
    "Bristol .↵ Lady Ashdown said yes . The wire was cut in 1899 and sold for scrap ."};

double normal(Random& random) {
  const double u = 1 - random.uniform();
  return std::sqrt(-2 * std::log(u)) * std::cos(2 * std::numbers::pi * random.uniform());
}

// −log10 of the two-sided normal p of z; the tail's first terms where erfc underflows.
double neglog10_two_sided(double z) {
  z = std::abs(z);
  if (z < 35) return -std::log10(std::erfc(z / std::numbers::sqrt2));
  const double log_p = -z * z / 2 - std::log(z) + 0.5 * std::log(2 / std::numbers::pi);
  return -log_p / std::numbers::ln10;
}

double phi(double x) {
  return 0.5 * std::erfc(-x / std::numbers::sqrt2);
}

void set_auc(double d, double n, double& auc, double& lo, double& hi) {
  auc = phi(d / std::numbers::sqrt2);
  const double half = 1.96 * std::sqrt(std::max(1e-6, auc * (1 - auc)) * 2 / (3 * n)) * 1.3;
  lo = std::max(0.0, auc - half);
  hi = std::min(1.0, auc + half);
}

// Discovery's rule on held-out text, as two normal groups d apart would have it.
void set_prediction(Finding& finding, double d, double d_held) {
  association::UnitFit& fit = finding.fit;
  const auto below = [](double z) { return 0.5 * std::erfc(-z / std::sqrt(2.0)); };
  fit.threshold = (fit.mean_target + fit.mean_comparison) / 2;
  fit.youden_j = 2 * below(std::abs(d) / 2) - 1;
  association::Prediction& rule = finding.held_out.prediction;
  rule.calibration_slope = d_held / d;
  rule.calibration_intercept = 0.05;
  rule.brier_scaled = d * d_held / (4 + d * d_held);
  rule.brier = 0.25 * (1 - rule.brier_scaled);
  rule.recall = below((d > 0 ? d_held : -d_held) / 2);
  rule.precision = 0.3 * rule.recall / (0.3 * rule.recall + 0.7 * (1 - rule.recall));
  rule.f1 = 2 * rule.recall * rule.precision / (rule.recall + rule.precision);
  rule.mcc = 0.9 * (2 * rule.recall - 1);
  findings::HeldOut& held = finding.held_out;
  held.unseen_n_target = held.n_target / 3;
  held.unseen_n_comparison = held.n_comparison - 7;
  held.unseen_neglog10_p = held.neglog10_p / 3;
  set_auc(0.9 * d_held, static_cast<double>(held.unseen_n_target), held.unseen_auc, held.unseen_auc_lo,
          held.unseen_auc_hi);
}

Finding make_unit(Random& random, UnitId id, double true_d) {
  Finding out;
  out.unit = id;
  const double n = static_cast<double>(kTargets[0]), n_held = static_cast<double>(kTargets[1]);
  const double d = true_d + normal(random) * std::sqrt(2 / n);
  const double d_held = 0.92 * true_d + normal(random) * std::sqrt(2 / n_held);
  association::UnitFit& fit = out.fit;
  out.n_target = out.n_comparison = kTargets[0];
  out.held_out.n_target = out.held_out.n_comparison = kTargets[1];
  fit.status = FitStatus::kOk;
  fit.sd = 0.4 + random.uniform() * 1.2;
  fit.mean_comparison = -0.6 + 0.4 * normal(random);
  fit.mean_target = fit.mean_comparison + d * fit.sd;
  fit.beta_sd = d * std::sqrt(1 + d * d / 4) / (1 + 0.02 * d * d);
  fit.beta = fit.beta_sd / fit.sd;
  fit.alpha = -fit.beta * (fit.mean_target + fit.mean_comparison) / 2;
  fit.z = d * std::sqrt(n / 2) / std::sqrt(1 + d * d / 3);
  fit.se = fit.beta / fit.z;
  fit.lrt_chi2 = 2 * n * std::log1p(d * d / 4);
  fit.score_chi2 = d * d * n / 2 / (1 + d * d / 4);
  fit.neglog10_p_wald = neglog10_two_sided(fit.z);
  fit.neglog10_p_lrt = neglog10_two_sided(std::sqrt(fit.lrt_chi2));
  fit.neglog10_p_score = neglog10_two_sided(std::sqrt(fit.score_chi2));
  fit.cohen_d = d;
  fit.cohen_d_lo = d - 1.96 * std::sqrt(2 / n + d * d / (4 * n));
  fit.cohen_d_hi = d + 1.96 * std::sqrt(2 / n + d * d / (4 * n));
  set_auc(d, n, fit.auc, fit.auc_lo, fit.auc_hi);
  fit.t_welch = d * std::sqrt(n / 2);
  fit.df_welch = 2 * n - 2 - 40 * random.uniform();
  fit.neglog10_p_welch = neglog10_two_sided(fit.t_welch) * 0.97;
  out.neglog10_p = fit.neglog10_p_lrt;
  out.direction = fit.beta > 0 ? 1 : -1;
  findings::HeldOut& held = out.held_out;
  held.beta = d_held * std::sqrt(1 + d_held * d_held / 4) / fit.sd;
  held.neglog10_p = neglog10_two_sided(std::sqrt(2 * n_held * std::log1p(d_held * d_held / 4)));
  set_auc(d_held, n_held, held.auc, held.auc_lo, held.auc_hi);
  set_prediction(out, d, d_held);
  return out;
}

// A separated, a quasi-separated and a constant unit, as every real run has them.
void set_special_statuses(std::vector<Finding>& units, std::uint32_t n_units) {
  const auto without_wald = [](Finding& finding, FitStatus status) {
    finding.fit.status = status;
    finding.fit.se = finding.fit.z = finding.fit.neglog10_p_wald = association::UnitFit::kNone;
  };
  without_wald(units[2 * n_units + 7], FitStatus::kSeparated);
  without_wald(units[3 * n_units + 11], FitStatus::kQuasiSeparated);
  Finding& constant = units[n_units - 1];
  const UnitId id = constant.unit;
  constant = Finding{};
  constant.unit = id;
  constant.n_target = constant.n_comparison = kTargets[0];
  constant.fit.status = FitStatus::kConstant;
}

void judge(ReportData& data, std::uint32_t n_units) {
  const double threshold = -std::log10(kAlpha / n_units);
  std::uint64_t n_significant = 0;
  for (Finding& finding : data.units) {
    if (std::isnan(finding.neglog10_p)) continue;
    finding.neglog10_p_adj = std::max(0.0, finding.neglog10_p - std::log10(n_units));
    finding.significant = finding.neglog10_p > threshold;
    if (finding.significant)
      finding.beta_corrected = finding.fit.beta * (1 - threshold / (4 * finding.neglog10_p));
    n_significant += finding.significant ? 1 : 0;
  }
  for (Finding& finding : data.units) {
    finding.replicated =
        finding.significant && (finding.held_out.beta > 0) == (finding.direction > 0) &&
        finding.held_out.neglog10_p > -std::log10(kAlpha / static_cast<double>(n_significant));
    data.run.n_replicated += finding.replicated ? 1 : 0;
  }
  data.run.n_significant = n_significant;
}

findings::LayerSummary summarise(const ReportData& data, std::uint32_t layer) {
  findings::LayerSummary out{.layer = layer};
  std::uint64_t same = 0;
  for (const Finding& finding : data.units) {
    if (finding.unit.layer != layer) continue;
    ++out.n_units;
    out.n_ok += finding.fit.status == FitStatus::kOk ? 1 : 0;
    out.n_separated += finding.fit.status == FitStatus::kSeparated ? 1 : 0;
    if (finding.significant) {
      ++(finding.direction > 0 ? out.n_significant_positive : out.n_significant_negative);
      same += (finding.held_out.beta > 0) == (finding.direction > 0) ? 1 : 0;
    }
    if (finding.replicated) ++(finding.direction > 0 ? out.n_replicated_positive : out.n_replicated_negative);
    if (std::isnan(out.best_neglog10_p) || finding.neglog10_p > out.best_neglog10_p) {
      out.best_index = finding.unit.index;
      out.best_neglog10_p = finding.neglog10_p;
      out.best_held_out_auc = finding.held_out.auc;
    }
  }
  const auto n = out.n_significant_positive + out.n_significant_negative;
  if (n > 0) out.sign_concordance = static_cast<double>(same) / static_cast<double>(n);
  return out;
}

void add_window(ReportData& data, std::uint32_t window) {
  std::string_view text = kWindows[window];
  std::string previous = ".";
  std::uint32_t position = 0;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    const bool after_line = previous.ends_with("↵");
    const bool capital = !word.empty() && word[0] >= 'A' && word[0] <= 'Z';
    const bool target = capital && previous != "." && !after_line;
    const auto add = [&](std::string_view piece, bool space, bool is_target) {
      store::WindowToken token{.split = window < 3 ? sample::Split::kDiscovery : sample::Split::kHeldOut,
                               .document = window,
                               .window = window,
                               .position = position++,
                               .token_id = static_cast<std::uint32_t>(piece.size()),
                               .token = (space ? "·" : "") + std::string(piece),
                               .is_target = is_target,
                               .is_sampled = is_target};
      data.heatmaps.tokens.push_back(token);
    };
    const bool space = position > 0 && !after_line;
    if (word.size() > 7) {  // long words are two tokens
      const std::size_t cut = static_cast<unsigned char>(word[5]) < 0x80 ? 5 : 4;
      add(word.substr(0, cut), space, target);
      add(word.substr(cut), false, false);
    } else {
      add(word, space, target);
    }
    if (word == "東京" || word == "🙂") add("", false, target);
    previous = word;
  }
}

void add_heatmaps(ReportData& data, Random& random) {
  for (std::uint32_t window = 0; window < kWindows.size(); ++window) add_window(data, window);
  for (const Finding* finding : top_units(data, 6)) data.heatmaps.units.push_back(finding->unit);
  const Finding* suppressed = best_of_direction(data, -1);
  if (suppressed != nullptr && std::ranges::count(data.heatmaps.units, suppressed->unit) == 0) {
    data.heatmaps.units.push_back(suppressed->unit);
  }
  for (const UnitId& unit : data.heatmaps.units) {
    const association::UnitFit& fit = find_unit(data, unit)->fit;
    for (const store::WindowToken& token : data.heatmaps.tokens) {
      const double mean = token.is_target ? fit.mean_target : fit.mean_comparison;
      const bool sink = token.position == 0;
      data.heatmaps.values.push_back(static_cast<float>(sink ? 12.5 : mean + 0.5 * fit.sd * normal(random)));
    }
  }
}

void describe_run(ReportData& data, const SyntheticOptions& options) {
  store::RunRecord& run = data.run;
  run.penfield_version = "0.1.0";
  run.concept_name = "proper-noun";
  run.profile = "default";
  run.seed = 20240229;
  run.options = {
      {"site", "mlp.pre"}, {"layers", "all"}, {"window", "256"}, {"skip-first", "1"}, {"test", "lrt"}};
  run.sites = {Site::kMlpPre};
  run.model = {.name = "synthetic-gpt2",
               .path = "models/synthetic",
               .config_sha256 = std::string(64, 'a'),
               .weights_sha256 = {{"model.safetensors", std::string(64, 'b')}},
               .n_layer = options.n_layers,
               .n_embd = 128,
               .n_head = 4,
               .n_inner = options.n_units,
               .n_positions = 256,
               .vocab_size = 4096,
               .family = "gpt2",
               .weights_dtype = "F32",
               .tensor_types = {},
               .activation_function = "gelu_new",
               .bos = {}};
  run.text_files = {{"texts/harbour.txt", std::string(64, 'c'), 48211}};
  run.n_tokens = 11524;
  run.n_documents = 38;
  run.n_target_tokens = 1337;
  for (int split = 0; split < 2; ++split) {
    run.counts[split] = {.n_windows = 3,
                         .n_windows_wanted = 3,
                         .n_documents = 3,
                         .n_tokens = 768,
                         .n_target_available = kTargets[split],
                         .n_target = kTargets[split],
                         .n_comparison = kTargets[split],
                         .n_comparison_available = 768 - 3 - kTargets[split]};
  }
  run.n_target_types = 81;
  run.top_target_types = {{"·Wexley", 7, 14}, {"·The", 8, 9}, {"·Reuss", 9, 7}, {"·Pell", 10, 6}};
  run.warnings = {
      "Only 81 distinct tokens stand behind the 241 discovery targets: a unit may be tuned to a word."};
  for (const auto& [name, seconds, peak_rss_bytes] :
       {std::tuple{"read", 0.01, 40u << 20}, std::tuple{"tokenize", 0.05, 52u << 20},
        std::tuple{"forward", 1.84, 210u << 20}, std::tuple{"fit", 0.61, 233u << 20},
        std::tuple{"write", 0.12, 233u << 20}}) {
    run.stages.push_back({.name = name, .seconds = seconds, .peak_rss_bytes = peak_rss_bytes});
  }
  run.n_threads = 2;
}

}  // namespace

ReportData make_synthetic_report(const SyntheticOptions& options) {
  Random random = Random::stream(1, 0);
  ReportData data;
  describe_run(data, options);
  for (std::uint32_t layer = 0; layer < options.n_layers; ++layer) {
    const double depth = (layer + 0.5) / options.n_layers;
    const double share = options.tuned_share * (0.3 + 2.8 * depth * (1 - depth));
    for (std::uint32_t index = 0; index < options.n_units; ++index) {
      const bool tuned = !options.is_null && random.uniform() < share;
      const double sign = random.uniform() < 0.6 ? 1 : -1;
      const double true_d = tuned ? sign * (0.3 + 0.55 * -std::log(1 - random.uniform())) : 0;
      data.units.push_back(make_unit(random, {Site::kMlpPre, layer, index}, std::clamp(true_d, -3.2, 4.5)));
    }
  }
  if (options.n_layers > 3 && options.n_units > 11) set_special_statuses(data.units, options.n_units);
  judge(data, options.n_units);
  data.run.replication.n_significant = data.run.n_significant;
  data.run.replication.n_replicated = data.run.n_replicated;
  for (const Finding& finding : data.units) {
    const bool same_sign = (finding.held_out.beta > 0) == (finding.direction > 0);
    data.run.replication.n_concordant += finding.significant && same_sign ? 1 : 0;
  }
  const auto n = static_cast<double>(data.run.n_significant);
  const auto share_of = [n](std::uint64_t k) -> findings::Share {
    const double share = static_cast<double>(k) / n;
    const double half = 1.96 * std::sqrt(share * (1 - share) / n);
    return {.share = share, .lo = share - half, .hi = share + half};
  };
  if (n > 0) {
    data.run.replication.replicated = share_of(data.run.n_replicated);
    data.run.replication.concordant = share_of(data.run.replication.n_concordant);
  }
  for (std::uint32_t layer = 0; layer < options.n_layers; ++layer) {
    data.run.layers.push_back(layer);
    data.run.layer_summaries.push_back(summarise(data, layer));
    data.run.families.push_back(
        {fmt::format("L{}", layer), options.n_units, -std::log10(kAlpha / options.n_units)});
  }
  add_heatmaps(data, random);
  return data;
}

TEST(SyntheticReport, IsRepeatableAndLooksLikeARun) {
  const ReportData a = make_synthetic_report(), b = make_synthetic_report();
  ASSERT_EQ(a.units.size(), 3072u);
  EXPECT_EQ(a.heatmaps.values, b.heatmaps.values);
  EXPECT_GT(a.run.n_significant, 50u);
  EXPECT_LT(a.run.n_significant, 1000u);
  EXPECT_EQ(make_synthetic_report({.is_null = true}).run.n_significant, 0u);
}

}  // namespace penfield::report
