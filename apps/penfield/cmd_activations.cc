// penfield activations: raw activations of every token, for other tools.
#include <fmt/format.h>

#include <memory>

#include "flags.h"
#include "hub_access.h"
#include "model_text.h"
#include "output.h"
#include "penfield/activations/cover_windows.h"
#include "penfield/activations/stream.h"
#include "penfield/base/amounts.h"
#include "penfield/base/parallel.h"
#include "penfield/formats/npy.h"
#include "penfield/model/sites.h"
#include "penfield/study/estimate.h"
#include "progress.h"

namespace penfield::app {
namespace {

struct ActivationFlags {
  std::string model;
  TextFlags text;
  std::optional<Site> site;
  std::string layers = "all";
  std::optional<std::uint32_t> window;
  bool joined = false;
  tokens::BosPolicy bos = tokens::BosPolicy::kAuto;
  OutputFlags output;
};

Result<void> run(const ActivationFlags& flags, const Globals& globals) {
  if (flags.output.path.empty() || flags.output.path == "-")
    return usage_error("activations writes a .npy file: give -o FILE");
  PENFIELD_TRY(const std::string folder, resolve_model_folder(flags.model, hub::Needs::kModel, globals));
  PENFIELD_TRY_VOID(check_replaceable(flags.output.path, flags.output.force));
  PENFIELD_TRY(const ModelText read, read_model_text(flags.model, folder, flags.text, flags.bos, globals));
  const auto& [spec, stream, bos, bos_text] = read;
  const model::Architecture& architecture = spec.architecture;
  PENFIELD_TRY(const std::vector<std::uint32_t> layers, parse_layers(flags.layers, architecture.n_layers()));
  const Site site = flags.site.value_or(architecture.default_site());
  PENFIELD_TRY_VOID(model::check_site(architecture, site));
  const std::uint32_t length = flags.window.value_or(architecture.default_window());
  const std::uint32_t n_before = bos ? 1 : 0;
  if (length <= n_before || length > architecture.n_positions) {
    return usage_error("--window {}: give {} to {}, the model's context", length, n_before + 1,
                       architecture.n_positions);
  }
  const std::vector<sample::Window> windows =
      activations::cover_windows(stream, length - n_before, flags.joined);
  PENFIELD_TRY_VOID(
      study::check_pass_memory(folder, spec,
                               activations::stream_bytes(architecture, windows, site, layers.size(),
                                                         n_threads(), globals.precision, bos),
                               globals.memory_bytes));
  PENFIELD_TRY(const model::Model model, model::Model::open(folder, spec, globals.precision));
  const std::uint64_t n_cols = std::uint64_t{architecture.n_units(site)} * layers.size();
  PENFIELD_TRY(formats::NpyWriter writer,
               formats::NpyWriter::create(follow_links(flags.output.path), stream.n_tokens(), n_cols));
  ProgressPrinter printer(globals);
  const auto sink = [&](const sample::Window&, MatrixView<const float> values) -> Result<void> {
    for (std::size_t r = 0; r < values.rows; ++r) PENFIELD_TRY_VOID(writer.append(values.row(r)));
    return {};
  };
  PENFIELD_TRY_VOID(activations::stream_activations(model, stream.ids, windows, site, layers, sink,
                                                    printer.watch(globals.stop), bos));
  PENFIELD_TRY_VOID(writer.commit());
  printer.clear();
  if (!globals.quiet)
    print_note(fmt::format("wrote {}: float32 [{}, {}]", flags.output.path, stream.n_tokens(), n_cols));
  return {};
}

}  // namespace

void add_activations(CLI::App& root, Commands& commands) {
  CLI::App* command = root.add_subcommand(
      "activations", "write activations of every token, float32 [tokens, layers x units]");
  auto flags = std::make_shared<ActivationFlags>();
  add_model_flag(*command, flags->model);
  add_text_flags(*command, flags->text, true);
  add_bos_flag(*command, flags->bos);
  add_site_flags(*command, flags->site, flags->layers);
  command
      ->add_option("--window", flags->window,
                   "tokens of a forward pass; default: the model's context, at most 1024")
      ->check(whole_number(1));
  command->add_flag("--joined", flags->joined,
                    "let windows run across the ends of documents, as scan --profile study does");
  add_output_flags(*command, flags->output, ".npy file to write");
  command->footer("penfield activations -m gpt2 -t text.txt --layers 5 -o X.npy");
  commands.push_back({.flags = command,
                      .run = [flags](const Globals& globals) { return run(*flags, globals); },
                      .limits_memory = true});
}

}  // namespace penfield::app
