// penfield concepts: what a scan can look for.
#include <fmt/format.h>

#include <iterator>
#include <optional>

#include "command.h"
#include "json_document.h"
#include "output.h"
#include "penfield/labels/concept.h"
#include "penfield/labels/measured_precision.h"

namespace penfield::app {
namespace {

// As it is typed in a shell.
std::string in_shell(std::string_view argument) {
  const bool has_spaces = argument.find(' ') != std::string_view::npos;
  return has_spaces ? fmt::format("'{}'", argument) : std::string(argument);
}

// What was measured of the concept; concepts whose example is a file that is not there have nothing measured.
std::optional<labels::RulePrecision> measured(const labels::ConceptInfo& info) {
  const auto parsed = labels::Concept::parse(info.example);
  return parsed ? labels::measured_precision(*parsed) : std::nullopt;
}

std::string measured_text(const labels::RulePrecision& measured) {
  return fmt::format("    precision {:.2f}, recall {:.2f} of {} in {}{}\n", measured.precision().value,
                     measured.recall().value, measured.gold, measured.text,
                     measured.tokenizer.empty() ? "" : fmt::format(", {}’s tokens", measured.tokenizer));
}

nlohmann::ordered_json measured_json(const labels::RulePrecision& measured) {
  return {{"text", measured.text},     {"gold", measured.gold},     {"tokenizer", measured.tokenizer},
          {"n_rule", measured.n_rule}, {"n_gold", measured.n_gold}, {"n_both", measured.n_both}};
}

std::string render(OutputFormat format) {
  std::string out;
  nlohmann::ordered_json listed = json_document();
  listed["concepts"] = nlohmann::ordered_json::array();
  if (format == OutputFormat::kTsv) out = "name\targument\tdescription\texample\n";
  for (const labels::ConceptInfo& info : labels::list_concepts()) {
    const std::string name =
        info.argument.empty() ? std::string(info.name) : fmt::format("{}:{}", info.name, info.argument);
    const auto precision = measured(info);
    switch (format) {
      case OutputFormat::kHuman:
        fmt::format_to(std::back_inserter(out), "{}\n    {}\n{}    -c {}\n", name, info.description,
                       precision ? measured_text(*precision) : "", in_shell(info.example));
        break;
      case OutputFormat::kTsv:
        fmt::format_to(std::back_inserter(out), "{}\t{}\t{}\t{}\n", info.name, info.argument,
                       info.description, info.example);
        break;
      case OutputFormat::kJson:
        listed["concepts"].push_back({{"name", info.name},
                                      {"argument", info.argument},
                                      {"description", info.description},
                                      {"example", info.example},
                                      {"measured", precision ? measured_json(*precision) : nullptr}});
        break;
    }
  }
  return format == OutputFormat::kJson ? listed.dump(2) + "\n" : out;
}

}  // namespace

void add_concepts(CLI::App& root, Commands& commands) {
  CLI::App* command = root.add_subcommand("concepts", "list the concepts that -c accepts");
  command->footer("penfield concepts --format json");
  commands.push_back(
      {command, [](const Globals& globals) { return write_output("", false, render(globals.format)); }});
}

}  // namespace penfield::app
