// penfield activations: raw activations of every token, for other tools.
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "flags.h"
#include "host.h"
#include "hub_access.h"
#include "model_text.h"
#include "output.h"
#include "penfield/activations/cover_windows.h"
#include "penfield/activations/stream.h"
#include "penfield/base/amounts.h"
#include "penfield/base/parallel.h"
#include "penfield/formats/npy.h"
#include "penfield/formats/safetensors_writer.h"
#include "penfield/formats/tsv.h"
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
  std::string tokens_path;
  OutputFlags output;
};

// What is computed, once model and text are known.
struct ActivationJob {
  std::string folder;
  model::ModelSpec spec;
  study::LabelledText text;  // without labels
  Site site = Site::kMlpPre;
  std::vector<std::uint32_t> layers;
  std::vector<sample::Window> windows;
  std::optional<TokenId> bos;  // before every window

  [[nodiscard]] std::uint64_t n_rows() const { return text.stream.n_tokens(); }
  [[nodiscard]] std::uint64_t n_cols() const {
    return std::uint64_t{spec.architecture.n_units(site)} * layers.size();
  }
};

Result<ActivationJob> prepare(const ActivationFlags& flags, std::string folder, const Globals& globals) {
  PENFIELD_TRY(ModelText read, read_model_text(flags.model, folder, flags.text, flags.bos, globals));
  const model::Architecture& architecture = read.spec.architecture;
  PENFIELD_TRY(std::vector<std::uint32_t> layers, parse_layers(flags.layers, architecture.n_layers()));
  const Site site = flags.site.value_or(architecture.default_site());
  PENFIELD_TRY_VOID(model::check_site(architecture, site));
  const std::uint32_t length = flags.window.value_or(architecture.default_window());
  const std::uint32_t n_before = read.bos ? 1 : 0;
  if (length <= n_before || length > architecture.n_positions) {
    return usage_error("--window {}: give {} to {}, the model's context", length, n_before + 1,
                       architecture.n_positions);
  }
  std::vector<sample::Window> windows =
      activations::cover_windows(read.stream, length - n_before, flags.joined);
  PENFIELD_TRY_VOID(
      study::check_pass_memory(folder, read.spec,
                               activations::stream_bytes(architecture, windows, site, layers.size(),
                                                         n_threads(), globals.precision, read.bos),
                               globals.memory_bytes));
  return ActivationJob{std::move(folder),
                       std::move(read.spec),
                       {std::move(read.corpus), std::move(read.stream), {}},
                       site,
                       std::move(layers),
                       std::move(windows),
                       read.bos};
}

Result<void> stream(const ActivationJob& job, const activations::WindowSink& sink, const Globals& globals) {
  PENFIELD_TRY(const model::Model model,
               model::Model::open(job.folder, job.spec, globals.precision, globals.stop));
  ProgressPrinter printer(globals);
  return activations::stream_activations(model, job.text.stream.ids, job.windows, job.site, job.layers, sink,
                                         printer.watch(globals.stop), job.bos);
}

// The rows of the array: a folder with both files is what `penfield scan --activations` reads.
Result<void> write_tokens(const ActivationFlags& flags, const study::LabelledText& text) {
  const tokens::TokenStream& tokens = text.stream;
  std::string out = "document\ttoken_id\ttoken\n";
  formats::TsvWriter table(out);
  for (std::size_t t = 0; t < tokens.n_tokens(); ++t) {
    const std::uint32_t document = tokens.document_of(t);
    table.number(document).number(static_cast<std::uint32_t>(tokens.ids[t]));
    table.text(tokens::token_bytes(tokens, text.corpus.documents[document], t)).end_row();
  }
  return write_output(flags.tokens_path, flags.output.force, out);
}

Result<void> run_for_host(const ActivationJob& job, const Globals& globals) {
  globals.host->take_labels(job.text);
  const MatrixView<float> out = globals.host->activations(job.n_rows(), job.n_cols());
  std::size_t n_written = 0;
  return stream(
      job,
      [&](const sample::Window&, MatrixView<const float> values) -> Result<void> {
        for (std::size_t r = 0; r < values.rows; ++r) {
          const std::span<const float> row = values.row(r);
          std::copy(row.begin(), row.end(), out.row(n_written++).begin());
        }
        return {};
      },
      globals);
}

// The name of the tensor, of which scan --activations reads site and layers where these are neighbours.
std::string tensor_name(const ActivationJob& job) {
  const std::vector<std::uint32_t>& layers = job.layers;
  std::string name(site_name(job.site));
  if (layers.back() - layers.front() + 1 != layers.size()) return name;
  name += fmt::format(".L{}", layers.front());
  return layers.size() == 1 ? name : name + fmt::format("-{}", layers.back());
}

template <class Writer>
Result<void> write_rows(const ActivationFlags& flags, const ActivationJob& job, Result<Writer> opened,
                        const Globals& globals) {
  PENFIELD_TRY(Writer writer, std::move(opened));
  const auto append = [&](const sample::Window&, MatrixView<const float> values) -> Result<void> {
    for (std::size_t r = 0; r < values.rows; ++r) PENFIELD_TRY_VOID(writer.append(values.row(r)));
    return {};
  };
  PENFIELD_TRY_VOID(stream(job, append, globals));
  if (!flags.tokens_path.empty()) PENFIELD_TRY_VOID(write_tokens(flags, job.text));
  return writer.commit();
}

Result<void> write_matrix(const ActivationFlags& flags, const ActivationJob& job, const Globals& globals) {
  PENFIELD_TRY(const std::string path, follow_links(flags.output.path));
  if (!path.ends_with(".safetensors"))
    return write_rows(flags, job, formats::NpyWriter::create(path, job.n_rows(), job.n_cols()), globals);
  return write_rows(flags, job,
                    formats::SafetensorsWriter::create(path, tensor_name(job), job.n_rows(), job.n_cols()),
                    globals);
}

Result<void> run(const ActivationFlags& flags, const Globals& globals) {
  const bool has_host = globals.host != nullptr && globals.host->activations;
  if (!has_host && (flags.output.path.empty() || flags.output.path == "-"))
    return usage_error("activations writes a .npy or .safetensors file: give -o FILE");
  PENFIELD_TRY(std::string folder, resolve_model_folder(flags.model, hub::Needs::kModel, globals));
  if (!has_host) PENFIELD_TRY_VOID(check_replaceable(flags.output.path, flags.output.force));
  if (!flags.tokens_path.empty()) PENFIELD_TRY_VOID(check_replaceable(flags.tokens_path, flags.output.force));
  PENFIELD_TRY(const ActivationJob job, prepare(flags, std::move(folder), globals));
  if (has_host) return run_for_host(job, globals);
  PENFIELD_TRY_VOID(write_matrix(flags, job, globals));
  if (!globals.quiet)
    print_note(fmt::format("wrote {}: float32 [{}, {}]", flags.output.path, job.n_rows(), job.n_cols()));
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
  add_output_flags(*command, flags->output, ".npy or .safetensors file to write");
  command
      ->add_option("--tokens", flags->tokens_path,
                   "also write the tokens of the rows, as tokens.tsv of scan --activations")
      ->check(not_empty("FILE"));
  command->footer("penfield activations -m gpt2 -t text.txt --layers 5 -o X.npy");
  commands.push_back({.flags = command,
                      .run = [flags](const Globals& globals) { return run(*flags, globals); },
                      .limits_memory = true});
}

}  // namespace penfield::app
