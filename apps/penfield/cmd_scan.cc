// penfield scan: the main job.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <memory>
#include <optional>

#include "choice_flag.h"
#include "control_flags.h"
#include "fit_flags.h"
#include "flags.h"
#include "hub_access.h"
#include "join.h"
#include "json_document.h"
#include "output.h"
#include "penfield/base/amounts.h"
#include "penfield/findings/names.h"
#include "penfield/report/terminal/terminal.h"
#include "permutation_flags.h"
#include "run_scan.h"
#include "significance_flags.h"
#include "terminal.h"

namespace penfield::app {
namespace {

struct ScanFlags {
  study::StudyRequest request;
  TextFlags text;
  SignificanceFlags significance;
  std::string folder;
  bool force = false;
  bool dry_run = false;
};

// "2/4" -> share 1 of 4; nothing for other texts.
std::optional<Share> parse_part(const std::string& text) {
  Share share;
  const char* const end = text.data() + text.size();
  const auto index = std::from_chars(text.data(), end, share.index);
  if (index.ec != std::errc() || index.ptr == end || *index.ptr != '/') return std::nullopt;
  const auto n = std::from_chars(index.ptr + 1, end, share.n);
  if (n.ec != std::errc() || n.ptr != end || share.index < 1 || share.index > share.n) return std::nullopt;
  share.index -= 1;
  return share;
}

// Passes that this process ran, for those that wait for all parts.
std::string describe_part(const Share& part, const study::PartResult& result, const std::string& folder,
                          OutputFormat format) {
  const auto number = part.index + 1;
  if (format == OutputFormat::kJson) {
    nlohmann::ordered_json out = json_document();
    out["part"] = number;
    out["n_parts"] = part.n;
    out["n_passes"] = result.n_passes;
    out["n_passes_of_scan"] = result.n_passes_of_study;
    return out.dump() + "\n";
  }
  if (format == OutputFormat::kTsv) {
    return fmt::format("part\tn_parts\tn_passes\tn_passes_of_scan\n{}\t{}\t{}\t{}\n", number, part.n,
                       result.n_passes, result.n_passes_of_study);
  }
  return fmt::format("part {} of {}: {} of {} passes are kept in {}\n", number, part.n, result.n_passes,
                     result.n_passes_of_study, folder);
}

study::StudyRequest complete(const ScanFlags& flags, const Globals& globals) {
  study::StudyRequest request = flags.request;
  request.texts = flags.text.paths;
  request.min_row_length = flags.text.min_row_length;
  request.max_rows = flags.text.rows;
  request.invalid_utf8 = flags.text.options(globals).invalid_utf8;
  request.skip_invalid = flags.text.skip_invalid;
  request.encode = flags.text.encode;
  request.special = flags.text.special;
  request.test = flags.significance.test;
  request.correction = flags.significance.correction;
  request.family = flags.significance.family;
  request.alpha = flags.significance.alpha;
  request.seed = globals.seed;
  request.memory_bytes = globals.memory_bytes;
  request.precision = globals.precision;
  return request;
}

std::string describe_json(const study::StudyEstimate& estimate) {
  nlohmann::ordered_json out = json_document();
  out["n_windows"] = estimate.n_windows;
  out["n_window_tokens"] = estimate.n_window_tokens;
  out["n_samples"] = estimate.n_samples;
  out["n_units"] = estimate.n_units;
  out["weights_bytes"] = estimate.weights_bytes;
  out["memory_bytes"] = estimate.storage.memory_bytes;
  out["disk_bytes"] = estimate.storage.disk_bytes;
  out["forward_flop"] = estimate.forward_flop;
  out["seconds"] = estimate.seconds;
  return out.dump() + "\n";
}

std::string describe(const study::StudyEstimate& estimate) {
  std::string out;
  for (const auto& [name, counts] :
       {std::pair{"discovery", estimate.counts[0]}, std::pair{"held-out", estimate.counts[1]}}) {
    out += fmt::format("{:<10} {} windows, {} documents, {} targets and {} others\n", name, counts.n_windows,
                       counts.n_documents, counts.n_target, counts.n_comparison);
  }
  out += fmt::format("{:<10} {} units at {} positions\n", "fits", estimate.n_units, estimate.n_samples);
  out += fmt::format("{:<10} {} tokens, {:.3g} TFLOP\n", "forward", estimate.n_window_tokens,
                     estimate.forward_flop / 1e12);
  out += fmt::format("{:<10} about {}, if nothing else runs on this machine\n", "time",
                     format_seconds(estimate.seconds));
  out += fmt::format("{:<10} about {} (weights {})\n", "memory", format_bytes(estimate.storage.memory_bytes),
                     format_bytes(estimate.weights_bytes));
  out += estimate.storage.on_disk ? fmt::format("{:<10} {} for activations, until the scan ends\n", "disk",
                                                format_bytes(estimate.storage.disk_bytes))
                                  : fmt::format("{:<10} none: activations stay in memory\n", "disk");
  return out;
}

Result<void> run_one_part(const study::StudyRequest& request, const ScanFlags& flags,
                          const Globals& globals) {
  const bool reads_stdin = std::ranges::find(request.texts, "-") != request.texts.end();
  if (reads_stdin) return usage_error("--part: every part reads the whole text, so it must be a file");
  if (!globals.team->is_alone()) return usage_error("--part: several processes share the passes already");
  PENFIELD_TRY(const study::PartResult result, run_scan_part(request, flags.folder, flags.force, globals));
  const Share& part = *request.division.part;
  PENFIELD_TRY_VOID(write_output("", false, describe_part(part, result, flags.folder, globals.format)));
  if (!globals.quiet) print_note("when all parts are done: penfield join DIR... -o RESULT");
  return {};
}

Result<void> run(const ScanFlags& given, const Globals& globals) {
  ScanFlags flags = given;
  study::StudyRequest request = complete(flags, globals);
  if (globals.joined != nullptr) {
    request.division = {.part = {}, .parts = globals.joined->parts};
    flags.folder = globals.joined->folder;
    flags.force = globals.joined->force;
  }
  request.division.team = globals.team;
  if (request.activations.empty()) {
    const auto resolve = flags.dry_run ? find_model_folder : resolve_model_folder;
    PENFIELD_TRY(request.model_folder, resolve(request.model, hub::Needs::kModel, globals));
  }
  if (flags.dry_run) {
    if (!globals.team->is_first()) return {};  // the estimate is of the first one's machine
    PENFIELD_TRY(const study::StudyEstimate estimate, study::estimate_study(request));
    return write_output("", false,
                        globals.format == OutputFormat::kJson ? describe_json(estimate) : describe(estimate));
  }
  if (flags.folder.empty()) return usage_error("scan writes a result folder: give -o DIR");
  if (request.division.part) return run_one_part(request, flags, globals);
  PENFIELD_TRY(const report::ReportData data, run_scan(request, flags.folder, flags.force, globals));
  if (!globals.team->is_first()) return {};
  PENFIELD_TRY_VOID(write_output("", false, scan_summary(data, globals)));
  if (!globals.quiet) {
    print_note(
        fmt::format("results in {0}   next: penfield show {0} --heatmap, penfield report {0}", flags.folder));
  }
  return {};
}

void add_sample_flags(CLI::App& command, study::StudyRequest& request) {
  start_group(command, "Sample");
  command
      .add_option("--window", request.window,
                  "tokens of a forward pass; default: the model's context, at most 1024")
      ->check(whole_number(1));
  command
      .add_option("--budget", request.budget,
                  "tokens of text to read, half for discovery and half held out, by document; default 40960")
      ->check(whole_number(1));
  command
      .add_option("--discovery", request.n_discovery,
                  "windows of text on which units are found, in place of the budget")
      ->check(whole_number(1));
  command
      .add_option("--held-out", request.n_held_out,
                  "windows of other text on which they are tested; default as many as --discovery")
      ->check(whole_number(0));
  command
      .add_option("--per-group", request.per_group,
                  "at most N targets, and as many other tokens, in each split; default all")
      ->check(whole_number(1));
  command
      .add_option("--skip-first", request.skip_first,
                  "leave out the first N positions of each window; default 1")
      ->check(whole_number(0));
  command
      .add_option("--heatmap-tokens", request.heatmap_tokens,
                  "tokens of each split whose text is kept for heatmaps, as whole windows, at least one; "
                  "default 2048")
      ->check(whole_number(1));
}

void add_output_and_machine_flags(CLI::App& command, ScanFlags& flags) {
  study::StudyRequest& request = flags.request;
  start_group(command, "Output");
  command.add_option("-o,--output", flags.folder, "result folder to write")->check(not_empty("DIR"));
  command.add_flag("--force", flags.force, "replace existing results, and an unfinished run of other inputs");
  command.add_flag("--dry-run", flags.dry_run, "only estimate time (on an idle machine), memory and disk");
  start_group(command, "Machine");
  add_choice<study::Spill>(
      command, "--spill", request.spill,
      {{"auto", study::Spill::kAuto}, {"f32", study::Spill::kF32}, {"bf16", study::Spill::kBf16}},
      "keep activations on disk: auto (default) only where memory is too small; f32 always; bf16 always, "
      "rounded, in half the space");
  command
      .add_option_function<std::string>(
          "--part",
          [&request](const std::string& part) {
            request.division.part = parse_part(part);
            if (!request.division.part)
              throw CLI::ValidationError("--part", fmt::format("'{}' is not a part such as 2/4", part));
          },
          "run one of N parts of the passes, into a folder of its own; penfield join makes the result")
      ->type_name("I/N");
}

}  // namespace

void add_scan(CLI::App& root, Commands& commands) {
  CLI::App* command =
      root.add_subcommand("scan", "find the units that respond to a concept, and test them on held-out text");
  auto flags = std::make_shared<ScanFlags>();
  study::StudyRequest& request = flags->request;
  CLI::Option* const model = add_model_flag(*command, request.model);
  add_text_flags(*command, flags->text, true);
  add_bos_flag(*command, request.bos);
  CLI::Option* const text = command->get_option("--text");
  command
      ->add_option_function<std::string>(
          "--activations",
          [&request, model, text](const std::string& folder) {
            request.activations = folder;
            for (CLI::Option* const option : {model, text}) option->required(false);
          },
          "in place of model and text, a folder of recorded activations: .npy or .safetensors, and tokens.tsv")
      ->check(not_empty("DIR"))
      ->trigger_on_parse();
  start_group(*command, "Question");
  command
      ->add_option("-c,--concept", request.concept_spec,
                   "what to look for; see penfield concepts; default proper-noun")
      ->check(not_empty("CONCEPT"));
  add_pieces_flag(*command, request.pieces);
  add_site_flags(*command, request.site, request.layers, true);
  add_choice<study::Profile>(*command, "--profile", request.profile,
                             {{"robust", study::Profile::kRobust},
                              {"descriptive", study::Profile::kDescriptive},
                              {"study", study::Profile::kStudy}},
                             "robust (default: matched, words as observations), descriptive (all other "
                             "tokens, tokens as observations), or the published study point by point");
  add_sample_flags(*command, request);
  add_control_flags(*command, request.controls);
  add_regression_flags(*command, request.regression);
  add_significance_flags(*command, flags->significance, true);
  add_permutation_flags(*command, request.permutation);
  add_permute_within_flag(*command, request.permutation);
  add_output_and_machine_flags(*command, *flags);
  command->footer("penfield scan -m gpt2 -t text.txt -o result");
  commands.push_back({.flags = command,
                      .run = [flags](const Globals& globals) { return run(*flags, globals); },
                      .limits_memory = true,
                      .is_shared = true});
}

}  // namespace penfield::app
