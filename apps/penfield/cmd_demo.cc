// penfield demo: the whole job on the bundled model and text, offline.
#include <fmt/format.h>

#include <cctype>
#include <filesystem>
#include <memory>
#include <string_view>

#include "flags.h"
#include "output.h"
#include "penfield/report/page/page.h"
#include "penfield/report/terminal/terminal.h"
#include "penfield/report/words/lookup.h"
#include "run_scan.h"
#include "terminal.h"

namespace penfield::app {
namespace {

constexpr std::size_t kShownUnits = 5;  // in the terminal; the report has all
constexpr std::size_t kShownTokens = 100;

struct DemoFlags {
  std::string folder = "penfield-demo";
  bool force = false;
};

// The bundled model and text: installed beside the program, where a package puts them (a chroot without /proc
// does not say where the program is), or in the folder it was built from.
Result<std::filesystem::path> find_bundle() {
  std::error_code error;
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", error);
  for (const std::filesystem::path& root :
       {program.parent_path().parent_path() / "share" / "penfield",
        std::filesystem::path("/usr/share/penfield"), std::filesystem::path(PENFIELD_SOURCE_DIR)}) {
    if (std::filesystem::exists(root / "models" / "demo" / "config.json", error)) return root;
  }
  return io_error("the bundled model is neither in {} nor in {}; reinstall Penfield",
                  (program.parent_path().parent_path() / "share" / "penfield").string(), PENFIELD_SOURCE_DIR);
}

// The heatmap of the unit with the highest lower bound of its AUC on unseen words.
Result<std::string> best_heatmap(const report::ReportData& data, const Globals& globals) {
  const std::vector<const findings::Finding*> surviving = report::surviving_units(data, 1);
  const findings::Finding* const best =
      surviving.empty() ? report::best_of_direction(data, +1) : surviving.front();
  if (best == nullptr) return std::string();
  return report::show_heatmap(data, best->unit, sample::Split::kHeldOut, screen_options(globals),
                              kShownTokens);
}

// file:// and the path, with the bytes that an address may not hold as %XX (RFC 8089, RFC 3986).
std::string file_address(const std::filesystem::path& path) {
  constexpr std::string_view kPlain = "-._~/!$&'()*+,;=:@";
  std::string out = "file://";
  for (const char c : path.string()) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (byte < 0x80 && std::isalnum(byte) != 0) || kPlain.find(c) != std::string_view::npos;
    out += plain ? std::string(1, c) : fmt::format("%{:02X}", byte);
  }
  return out;
}

Result<void> run(const DemoFlags& flags, const Globals& globals) {
  PENFIELD_TRY(const std::filesystem::path bundle, find_bundle());
  study::StudyRequest request;
  request.model = request.model_folder = (bundle / "models" / "demo").string();
  request.texts = {(bundle / "data" / "demo" / "articles.txt").string()};
  request.seed = globals.seed;
  request.memory_bytes = globals.memory_bytes;
  PENFIELD_TRY(const report::ReportData data, run_scan(request, flags.folder, flags.force, globals));
  const std::string html = report::render_page(data);
  const std::filesystem::path html_path = std::filesystem::absolute(flags.folder) / "report.html";
  PENFIELD_TRY_VOID(formats::write_file(html_path.string(), html));
  if (globals.format != OutputFormat::kHuman) return write_output("", false, scan_summary(data, globals));
  PENFIELD_TRY(const std::string heatmap, best_heatmap(data, globals));
  const report::TerminalOptions screen = screen_options(globals);
  return write_output(
      "", false,
      fmt::format("{}\n{}\n{}\nReport:    {}\nExplorer:  {} serve {}\n",
                  report::show_tables(data, {.top = kShownUnits}, screen), heatmap,
                  report::show_story(data, screen), file_address(html_path), globals.program, flags.folder));
}

}  // namespace

void add_demo(CLI::App& root, Commands& commands) {
  CLI::App* command = root.add_subcommand("demo", "scan the bundled model and text, and write the report");
  start_group(*command, "Output");
  command->footer("penfield demo -o demo-result");
  auto flags = std::make_shared<DemoFlags>();
  command->add_option("-o,--output", flags->folder, "result folder to write; default penfield-demo")
      ->check(not_empty("DIR"));
  command->add_flag("--force", flags->force, "replace existing results");
  commands.push_back({.flags = command,
                      .run = [flags](const Globals& globals) { return run(*flags, globals); },
                      .limits_memory = true});
}

}  // namespace penfield::app
