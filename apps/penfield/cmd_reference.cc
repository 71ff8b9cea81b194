// penfield reference: the reference pages, for the build. Hidden from help.
#include <memory>

#include "flags.h"
#include "output.h"
#include "reference_pages.h"

namespace penfield::app {

void add_reference(CLI::App& root, Commands& commands) {
  CLI::App* command = root.add_subcommand("reference", "print docs/cli.md or the man page");
  command->group("");
  auto page = std::make_shared<std::string>();
  command->add_option("page", *page, "markdown or man")->required()->check(one_of({"markdown", "man"}));
  commands.push_back({command, [&root, page](const Globals&) {
                        return write_output("", false,
                                            *page == "man" ? manual_page(root) : markdown_reference(root));
                      }});
}

}  // namespace penfield::app
