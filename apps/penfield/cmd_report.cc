// penfield report: one self-contained HTML file from a result folder.
#include <memory>

#include "flags.h"
#include "output.h"
#include "penfield/report/page/page.h"
#include "result_flags.h"

namespace penfield::app {
namespace {

struct ReportFlags {
  std::string folder;
  OutputFlags output;
};

Result<void> run(const ReportFlags& flags, const Globals& globals) {
  PENFIELD_TRY(const report::ReportData data, read_report_data(flags.folder));
  const std::string html = report::render_page(data);
  // The report of a result folder belongs to it and is made anew each time, in the place of whatever has its
  // name: a link of somebody else's may lead anywhere. Any other file is not replaced unasked.
  const bool own = flags.output.path.empty();
  const std::string path = own ? flags.folder + "/report.html" : flags.output.path;
  PENFIELD_TRY_VOID(own ? formats::write_file(path, html) : write_output(path, flags.output.force, html));
  if (!globals.quiet && path != "-") print_note("wrote " + path);
  return {};
}

}  // namespace

void add_report(CLI::App& root, Commands& commands) {
  CLI::App* command = root.add_subcommand("report", "write one self-contained HTML file");
  command->footer("penfield report result");
  auto flags = std::make_shared<ReportFlags>();
  command->add_option("folder", flags->folder, "result folder of a scan")->required();
  add_output_flags(*command, flags->output, "HTML file; default: report.html in the result folder");
  commands.push_back({command, [flags](const Globals& globals) { return run(*flags, globals); }});
}

}  // namespace penfield::app
