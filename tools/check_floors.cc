// check_floors ROOT: checks the sources below ROOT/src/penfield against floors.txt (floors.h), and the length
// of all sources (sizes.h). Prints what breaks a rule, a line each; exit 1 where something does, 2 where the
// sources cannot be read.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "floors.h"
#include "sizes.h"

namespace penfield::floors {
namespace {

std::string read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// The sources below `folder`, named from there, in order.
std::vector<Source> sources_below(const std::filesystem::path& folder) {
  std::vector<Source> sources;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    const auto extension = entry.path().extension();
    if (extension == ".h" || extension == ".cc")
      sources.push_back({entry.path().lexically_relative(folder).generic_string(), read(entry.path())});
  }
  std::ranges::sort(sources, {}, &Source::path);
  return sources;
}

Result<std::vector<std::string>> check_rooms(const std::filesystem::path& folder) {
  PENFIELD_TRY(const Rules rules, parse_rules(read(folder / "floors.txt")));
  const std::vector<Source> sources = sources_below(folder);
  if (sources.empty()) return bad_input("{}: no source in it", folder.string());
  std::vector<std::string> faults;
  for (const auto& found :
       {check_sources(rules, sources), check_order(rules, read(folder / "CMakeLists.txt")),
        check_tour(rules, read(folder / "README.md")), check_room_lengths(rules, sources)}) {
    for (const std::string& fault : found) faults.push_back("src/penfield/" + fault);
  }
  return faults;
}

Result<std::vector<std::string>> check_tree(const std::filesystem::path& root) {
  PENFIELD_TRY(std::vector<std::string> faults, check_rooms(root / "src/penfield"));
  for (const char* folder : {"apps", "bench", "bindings", "src", "tests", "tools"}) {
    if (!std::filesystem::is_directory(root / folder)) continue;
    for (const Source& source : sources_below(root / folder)) {
      for (const std::string& fault : check_lengths(source))
        faults.push_back(std::string(folder) + "/" + fault);
    }
  }
  return faults;
}

}  // namespace
}  // namespace penfield::floors

int main(int argc, char** argv) {
  if (argc != 2 || !std::filesystem::is_directory(std::filesystem::path(argv[1]) / "src/penfield")) {
    std::fprintf(stderr, "usage: check_floors ROOT\n");
    return 2;
  }
  const auto faults = penfield::floors::check_tree(argv[1]);
  if (!faults) {
    std::fprintf(stderr, "check_floors: %s\n", faults.error().message.c_str());
    return 2;
  }
  for (const std::string& fault : *faults) std::printf("%s\n", fault.c_str());
  return faults->empty() ? 0 : 1;
}
