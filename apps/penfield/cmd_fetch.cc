// penfield fetch: a model from the hub into the Hugging Face cache.
#include <fmt/format.h>

#include <memory>

#include "flags.h"
#include "hub_access.h"
#include "json_document.h"
#include "output.h"
#include "penfield/base/amounts.h"

namespace penfield::app {
namespace {

struct FetchFlags {
  std::string model;
  bool tokenizer_only = false;
  bool verify = false;
};

std::string describe_json(const hub::Repository& repository, const hub::Fetched& fetched) {
  nlohmann::ordered_json out = json_document();
  out["repository"] = repository.id;
  out["revision"] = repository.revision;
  out["commit"] = fetched.commit;
  out["path"] = fetched.path;
  out["n_files"] = fetched.n_files;
  out["n_bytes"] = fetched.n_bytes;
  out["n_downloaded_bytes"] = fetched.n_downloaded_bytes;
  return out.dump() + "\n";
}

Result<void> run(const FetchFlags& flags, const Globals& globals) {
  PENFIELD_TRY(const hub::Repository repository, hub::parse_repository(flags.model));
  const hub::Settings settings = hub_settings(globals);
  if (settings.offline) {
    return fail(ErrorKind::kNetwork, "model {}: --offline or HF_HUB_OFFLINE forbids the download",
                flags.model);
  }
  hub::Fetched fetched;
  {
    HubProgress progress(globals);
    hub::FetchOptions options =
        progress.options(flags.tokenizer_only ? hub::Needs::kTokenizer : hub::Needs::kModel);
    options.existing = flags.verify ? hub::Existing::kChecked : hub::Existing::kTrusted;
    PENFIELD_TRY(fetched, hub::fetch(repository, settings, options, progress.watch()));
  }
  PENFIELD_TRY_VOID(write_output(
      "", false,
      globals.format == OutputFormat::kJson ? describe_json(repository, fetched) : fetched.path + "\n"));
  if (!globals.quiet) {
    print_note(fmt::format("{} at commit {}: {} in {} files, {} of it downloaded now", flags.model,
                           fetched.commit.substr(0, 8), format_bytes(fetched.n_bytes), fetched.n_files,
                           format_bytes(fetched.n_downloaded_bytes)));
  }
  return {};
}

}  // namespace

void add_fetch(CLI::App& root, Commands& commands) {
  CLI::App* command = root.add_subcommand("fetch", "download a model into the Hugging Face cache");
  auto flags = std::make_shared<FetchFlags>();
  command
      ->add_option(
          "model", flags->model,
          "OWNER/NAME[@REV][:FILE]: REV is a branch, a tag or a commit (default main); FILE is one file "
          "alone, such as a .gguf")
      ->required()
      ->check(not_empty("MODEL"));
  command->add_flag("--tokenizer", flags->tokenizer_only, "only the tokenizer, without the weights");
  command->add_flag("--verify", flags->verify,
                    "also verify the checksums of cached files, and download damaged ones again");
  command->footer("penfield fetch openai-community/gpt2");
  commands.push_back({command, [flags](const Globals& globals) { return run(*flags, globals); }});
}

}  // namespace penfield::app
