// penfield loss: how well a model predicts a text, the first check that it is read correctly.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>
#include <vector>

#include "flags.h"
#include "hub_access.h"
#include "json_document.h"
#include "model_text.h"
#include "output.h"
#include "penfield/activations/cover_windows.h"
#include "penfield/base/parallel.h"
#include "penfield/model/model.h"
#include "penfield/study/estimate.h"
#include "progress.h"

namespace penfield::app {
namespace {

struct LossFlags {
  std::string model;
  TextFlags text;
  std::optional<std::uint32_t> window;
  std::optional<std::uint64_t> n_windows;
  bool joined = false;
  tokens::BosPolicy bos = tokens::BosPolicy::kAuto;
  OutputFlags output;
};

struct Loss {
  double sum = 0;  // nats
  std::uint64_t n_tokens = 0, n_windows = 0;

  [[nodiscard]] double mean() const { return sum / static_cast<double>(n_tokens); }
};

// The losses of all tokens but the first of every window, which may be a BOS token.
Result<Loss> measure(const model::Model& model, const tokens::TokenStream& stream,
                     const std::vector<sample::Window>& windows, std::optional<TokenId> bos,
                     const Globals& globals) {
  Loss out;
  const std::uint32_t n_before = bos ? 1 : 0;
  std::uint32_t longest = 1;
  for (const sample::Window& window : windows) longest = std::max(longest, n_before + window.n_tokens);
  auto buffers = model.make_buffers(longest);
  ProgressPrinter printer(globals);
  const Watch watch = printer.watch(globals.stop);
  for (std::size_t w = 0; w < windows.size(); ++w) {
    PENFIELD_TRY_VOID(watch.step("forward", w, windows.size(), "windows"));
    const sample::Window& window = windows[w];
    if (n_before + window.n_tokens < 2) continue;
    const auto text = std::span(stream.ids).subspan(window.first_token, window.n_tokens);
    const std::vector<TokenId> ids = tokens::with_bos(bos, text);
    PENFIELD_TRY(const std::vector<double> losses, model.next_token_losses(ids, buffers));
    out.sum = std::accumulate(losses.begin(), losses.end(), out.sum);
    out.n_tokens += losses.size();
    ++out.n_windows;
  }
  printer.clear();
  if (out.n_tokens == 0)
    return bad_input("the text has no window of two tokens, so there is nothing to predict");
  return out;
}

std::string describe(const Loss& loss, std::uint32_t length, const std::string& bos, OutputFormat format) {
  if (format == OutputFormat::kJson) {
    nlohmann::ordered_json out = json_document();
    out["nats_per_token"] = loss.mean();
    out["perplexity"] = std::exp(loss.mean());
    out["n_tokens"] = loss.n_tokens;
    out["n_windows"] = loss.n_windows;
    out["window"] = length;
    out["bos"] = bos.empty() ? nlohmann::ordered_json() : nlohmann::ordered_json(bos);
    return out.dump(2) + "\n";
  }
  return fmt::format(
      "{:.4f} nats per token (perplexity {:.2f}): {} tokens predicted in {} windows of at most {}{}\n",
      loss.mean(), std::exp(loss.mean()), loss.n_tokens, loss.n_windows, length,
      bos.empty() ? "" : fmt::format(", each after {}", bos));
}

Result<void> run(const LossFlags& flags, const Globals& globals) {
  PENFIELD_TRY(const std::string folder, resolve_model_folder(flags.model, hub::Needs::kModel, globals));
  PENFIELD_TRY(const ModelText read, read_model_text(flags.model, folder, flags.text, flags.bos, globals));
  const auto& [spec, stream, bos, bos_text, corpus] = read;
  const model::Architecture& architecture = spec.architecture;
  const std::uint32_t length = flags.window.value_or(architecture.default_window());
  if (length < 2 || length > architecture.n_positions) {
    return usage_error("--window {}: give 2 to {}, the model's context", length, architecture.n_positions);
  }
  std::vector<sample::Window> windows =
      activations::cover_windows(stream, length - (bos ? 1 : 0), flags.joined);
  if (flags.n_windows && windows.size() > *flags.n_windows) windows.resize(*flags.n_windows);
  PENFIELD_TRY_VOID(study::check_pass_memory(
      folder, spec, model::ForwardBuffers::bytes(architecture, length, n_threads(), globals.precision),
      globals.memory_bytes));
  PENFIELD_TRY(const model::Model model, model::Model::open(folder, spec, globals.precision, globals.stop));
  PENFIELD_TRY(const Loss loss, measure(model, stream, windows, bos, globals));
  return write_output(flags.output.path, flags.output.force,
                      describe(loss, length, bos_text, globals.format));
}

}  // namespace

void add_loss(CLI::App& root, Commands& commands) {
  CLI::App* command =
      root.add_subcommand("loss", "measure how well the model predicts a text, in nats per token");
  auto flags = std::make_shared<LossFlags>();
  add_model_flag(*command, flags->model);
  add_text_flags(*command, flags->text, true);
  add_bos_flag(*command, flags->bos);
  command
      ->add_option("--window", flags->window,
                   "tokens of a forward pass; default: the model's context, at most 1024")
      ->check(whole_number(1));
  command->add_option("--windows", flags->n_windows, "use only the first N windows")->check(whole_number(1));
  command->add_flag("--joined", flags->joined,
                    "let windows run across the ends of documents, as scan --profile study does");
  add_output_flags(*command, flags->output, "file to write");
  command->footer("penfield loss -m gpt2 -t text.txt --windows 20");
  commands.push_back({.flags = command,
                      .run = [flags](const Globals& globals) { return run(*flags, globals); },
                      .limits_memory = true});
}

}  // namespace penfield::app
