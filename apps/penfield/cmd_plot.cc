// penfield plot: a figure for a paper.
#include <algorithm>
#include <filesystem>
#include <memory>

#include "choice_flag.h"
#include "flags.h"
#include "output.h"
#include "penfield/report/figures/figure.h"
#include "result_flags.h"

namespace penfield::app {
namespace {

struct PlotFlags {
  std::string folder, figure;
  report::FigureOptions options;
  OutputFlags output;
};

Result<report::FigureFormat> format_of(const std::string& path) {
  std::string extension = std::filesystem::path(path).extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  if (extension == ".svg") return report::FigureFormat::kSvg;
  if (extension == ".png") return report::FigureFormat::kPng;
  if (extension == ".pdf") return report::FigureFormat::kPdf;
  return usage_error("-o {}: give a name that ends in .svg, .pdf or .png", path);
}

Result<void> run(const PlotFlags& flags, const Globals& globals) {
  const std::string path = flags.output.path.empty() ? flags.figure + ".svg" : flags.output.path;
  // "-" is an SVG on standard output.
  const Result<report::FigureFormat> format = path == "-" ? report::FigureFormat::kSvg : format_of(path);
  if (!format) return tl::unexpected<Error>(format.error());
  PENFIELD_TRY(const report::ReportData data, read_report_data(flags.folder));
  const report::Figure figure = *report::parse_figure(flags.figure);
  PENFIELD_TRY(const std::string bytes, report::draw_figure(data, figure, *format, flags.options));
  PENFIELD_TRY_VOID(write_output(path, flags.output.force, bytes));
  if (globals.quiet || path == "-") return {};
  print_note("wrote " + path);
  // The words that stand below the figure on the page, for the paper it goes into.
  return write_output("", false, report::figure_caption(data, figure, flags.options) + "\n");
}

}  // namespace

void add_plot(CLI::App& root, Commands& commands) {
  CLI::App* command = root.add_subcommand("plot", "draw a figure for a paper");
  auto flags = std::make_shared<PlotFlags>();
  std::vector<std::string> names;
  names.reserve(report::kFigures.size());
  for (const report::Figure figure : report::kFigures) names.emplace_back(report::figure_name(figure));
  command->add_option("folder", flags->folder, "result folder of a scan")->required();
  command->add_option("figure", flags->figure, "which figure")->required()->check(one_of(names));
  start_group(*command, "Figure");
  command
      ->add_option("--layer", flags->options.layer,
                   "show only this layer; default: all, in the index figure the layer of the best unit")
      ->check(whole_number(0));
  command->add_option("--width", flags->options.width, "points (1/72 inch); default 720")
      ->check(positive_number());
  command->add_option("--height", flags->options.height, "points; default 440")->check(positive_number());
  command->add_option("--scale", flags->options.png_scale, "pixels of a .png for each point; default 2")
      ->check(positive_number());
  add_choice<report::BetaScale>(
      *command, "--beta", flags->options.beta_scale,
      {{"sd", report::BetaScale::kPerSd}, {"unit", report::BetaScale::kPerUnit}},
      "scale of β in the index figure: per SD of the activation (default), or per unit");
  add_choice<report::FigureTheme>(
      *command, "--theme", flags->options.theme,
      {{"light", report::FigureTheme::kLight}, {"dark", report::FigureTheme::kDark}}, "default light");
  add_output_flags(*command, flags->output, ".svg, .pdf or .png; default FIGURE.svg");
  command->footer("penfield plot result funnel -o funnel.pdf");
  commands.push_back({command, [flags](const Globals& globals) { return run(*flags, globals); }});
}

}  // namespace penfield::app
