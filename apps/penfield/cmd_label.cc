// penfield label: every token with its label, to check a rule; --audit shows the targets in context and,
// where the text has gold tags, how often the rule is right.
#include <fmt/format.h>

#include <cmath>
#include <iterator>
#include <memory>

#include "flags.h"
#include "host.h"
#include "hub_access.h"
#include "json_document.h"
#include "output.h"
#include "penfield/formats/tsv.h"
#include "penfield/labels/audit.h"
#include "penfield/labels/label_tokens.h"
#include "penfield/store/token_field.h"
#include "penfield/study/labelled_text.h"
#include "penfield/tokens/show_token.h"

namespace penfield::app {
namespace {

constexpr std::size_t kFlushBytes = 1 << 20;

struct LabelFlags {
  std::string model;
  TextFlags text;
  std::string concept_spec = "proper-noun";
  labels::Pieces pieces = labels::Pieces::kFirst;
  bool audit = false;
  std::string gold_spec;  // empty: labels::gold_of_names
  OutputFlags output;
};

// One row a token, in the order of the text. position: of the token in its document.
Result<void> write_table(const study::LabelledText& labelled, OutputFormat format, Output& output) {
  std::string rows = format == OutputFormat::kJson ? "" : "document\tposition\ttoken_id\ttoken\tlabel\n";
  formats::TsvWriter tsv(rows);
  const tokens::TokenStream& stream = labelled.stream;
  for (std::uint64_t d = 0; d < stream.n_documents(); ++d) {
    for (std::uint64_t t = stream.document_first[d]; t < stream.document_first[d + 1]; ++t) {
      const std::string token =
          tokens::show_token(tokens::token_bytes(stream, labelled.corpus.documents[d], t));
      const auto id = static_cast<std::uint32_t>(stream.ids[t]);
      const bool target = labelled.track.labels[t] == labels::Label::kTarget;
      const std::uint64_t position = t - stream.document_first[d];
      if (format == OutputFormat::kJson) {
        rows += nlohmann::ordered_json{{"schema_version", store::kSchemaVersion},
                                       {"document", d},
                                       {"position", position},
                                       {"token_id", id},
                                       {"token", token},
                                       {"label", target ? 1 : 0}}
                    .dump() +
                "\n";
      } else {
        tsv.number(d).number(position).number(id).text(store::token_field(token)).flag(target).end_row();
      }
      if (rows.size() < kFlushBytes) continue;
      PENFIELD_TRY_VOID(output.write(rows));
      rows.clear();
    }
  }
  return output.write(rows);
}

std::string share_text(const labels::Share& share) {
  if (std::isnan(share.value)) return "NA";
  return fmt::format("{:.3f}  [{:.3f}, {:.3f}]", share.value, share.lo, share.hi);
}

std::string counts_text(const std::vector<labels::TokenCount>& counts) {
  std::string out;
  for (const labels::TokenCount& count : counts) {
    fmt::format_to(std::back_inserter(out), "{}{} ({})", out.empty() ? "" : ", ",
                   tokens::show_token(count.token), count.n);
  }
  return out.empty() ? "none" : out;
}

std::string audit_text(const labels::Audit& audit, const std::string& concept_name,
                       const std::string& gold_name, bool gold_was_chosen) {
  std::string out =
      fmt::format("{}: {} targets among {} tokens\n", concept_name, audit.n_target, audit.n_tokens);
  auto at = std::back_inserter(out);
  if (audit.gold) {
    const bool has_no_xpos = gold_was_chosen && gold_name == labels::kUposNames;
    fmt::format_to(at, "\nagainst {}{} (first pieces of gold words; 95% intervals)\n", gold_name,
                   has_no_xpos ? ", for the text has no XPOS" : "");
    fmt::format_to(at, "  precision  {}   {} of {} marked\n", share_text(audit.gold->precision),
                   audit.gold->n_both, audit.gold->n_rule);
    fmt::format_to(at, "  recall     {}   {} of {} gold\n", share_text(audit.gold->recall),
                   audit.gold->n_both, audit.gold->n_gold);
    fmt::format_to(at, "  F1         {:.3f}\n", audit.gold->f1);
    fmt::format_to(at, "  marked, not gold: {}\n  gold, not marked: {}\n",
                   counts_text(audit.gold->false_positives), counts_text(audit.gold->misses));
  }
  fmt::format_to(at, "\ntargets in context\n");
  for (const labels::InContext& example : audit.examples) {
    fmt::format_to(at, "  {}[{}]{}\n", tokens::show_token(example.left), tokens::show_token(example.token),
                   tokens::show_token(example.right));
  }
  return out;
}

nlohmann::ordered_json share_json(const labels::Share& share) {
  if (std::isnan(share.value)) return {{"value", nullptr}, {"lo", share.lo}, {"hi", share.hi}};
  return {{"value", share.value}, {"lo", share.lo}, {"hi", share.hi}};
}

std::string audit_json(const labels::Audit& audit, const std::string& gold_name) {
  nlohmann::ordered_json out = json_document();
  out["n_tokens"] = audit.n_tokens;
  out["n_target"] = audit.n_target;
  if (audit.gold) {
    out["gold"] = {{"concept", gold_name},
                   {"n_rule", audit.gold->n_rule},
                   {"n_gold", audit.gold->n_gold},
                   {"n_both", audit.gold->n_both},
                   {"precision", share_json(audit.gold->precision)},
                   {"recall", share_json(audit.gold->recall)}};
  }
  out["examples"] = nlohmann::ordered_json::array();
  for (const labels::InContext& example : audit.examples) {
    out["examples"].push_back({{"token_index", example.token_index},
                               {"left", tokens::show_token(example.left)},
                               {"token", tokens::show_token(example.token)},
                               {"right", tokens::show_token(example.right)}});
  }
  return out.dump() + "\n";
}

Result<void> run(const LabelFlags& flags, const Globals& globals) {
  PENFIELD_TRY(const labels::Concept asked, labels::Concept::parse(flags.concept_spec));
  PENFIELD_TRY(const std::string folder, resolve_model_folder(flags.model, hub::Needs::kTokenizer, globals));
  PENFIELD_TRY(const tokens::Tokenizer tokenizer, tokens::Tokenizer::open(folder));
  study::StageClock clock;
  PENFIELD_TRY(const study::LabelledText labelled,
               study::read_labelled_text(flags.text.paths, flags.text.options(globals), tokenizer,
                                         flags.text.encode_options(), asked, flags.pieces, clock,
                                         Watch({}, globals.stop)));
  if (globals.host != nullptr && globals.host->take_labels && !flags.audit) {
    globals.host->take_labels(labelled);
    return {};
  }
  if (!globals.quiet) print_text_notes(labelled.corpus.n_rows_skipped, labelled.corpus.n_bytes_replaced);
  PENFIELD_TRY(Output output, Output::open(flags.output.path, flags.output.force));
  if (!flags.audit) {
    PENFIELD_TRY_VOID(write_table(labelled, globals.format, output));
    return output.close();
  }
  std::optional<labels::LabelTrack> gold;
  const std::string gold_spec =
      flags.gold_spec.empty() ? std::string(labels::gold_of_names(labelled.corpus)) : flags.gold_spec;
  if (labelled.corpus.has_gold) {
    PENFIELD_TRY(const labels::Concept gold_concept, labels::Concept::parse(gold_spec));
    PENFIELD_TRY(
        gold, labels::label_tokens(gold_concept, labelled.corpus, labelled.stream, labels::Pieces::kFirst));
  }
  labels::AuditOptions options;
  options.seed = globals.seed;
  const labels::Audit audit =
      labels::audit(labelled.track, gold ? &*gold : nullptr, labelled.corpus, labelled.stream, options);
  PENFIELD_TRY_VOID(
      output.write(globals.format == OutputFormat::kJson
                       ? audit_json(audit, gold_spec)
                       : audit_text(audit, flags.concept_spec, gold_spec, flags.gold_spec.empty())));
  return output.close();
}

}  // namespace

void add_label(CLI::App& root, Commands& commands) {
  CLI::App* command = root.add_subcommand("label", "print every token with its label, to check a concept");
  auto flags = std::make_shared<LabelFlags>();
  add_model_flag(*command, flags->model);
  add_text_flags(*command, flags->text, true);
  start_group(*command, "Question");
  command
      ->add_option("-c,--concept", flags->concept_spec,
                   "what to mark; see penfield concepts; default proper-noun")
      ->check(not_empty("CONCEPT"));
  add_pieces_flag(*command, flags->pieces);
  command->add_flag("--audit", flags->audit,
                    "show targets in context and, where the text has gold tags, precision and recall");
  command
      ->add_option(
          "--gold", flags->gold_spec,
          "the gold concept of --audit; default xpos:NNP,NNPS, or upos:PROPN if the text has no XPOS")
      ->check(not_empty("CONCEPT"));
  add_output_flags(*command, flags->output, "file to write; default: standard output");
  command->footer("penfield label -m gpt2 -t text.txt -c proper-noun --audit");
  commands.push_back({.flags = command,
                      .run = [flags](const Globals& globals) { return run(*flags, globals); },
                      .limits_memory = true});
}

}  // namespace penfield::app
