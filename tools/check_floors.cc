// check_floors ROOT: holds the sources below ROOT/src/penfield to floors.txt (see floors.h). Prints what
// breaks a rule, a line each; exit 1 where something does, 2 where the sources cannot be read.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "floors.h"

namespace penfield::floors {
namespace {

std::string read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

Result<std::vector<std::string>> check_tree(const std::filesystem::path& root) {
  PENFIELD_TRY(const Rules rules, parse_rules(read(root / "floors.txt")));
  std::vector<Source> sources;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    const auto extension = entry.path().extension();
    const std::string path = entry.path().lexically_relative(root).generic_string();
    const bool in_room = path.find('/') != std::string::npos;
    if (in_room && (extension == ".h" || extension == ".cc")) sources.push_back({path, read(entry.path())});
  }
  if (sources.empty()) return bad_input("{}: no source in it", root.string());
  std::ranges::sort(sources, {}, &Source::path);
  std::vector<std::string> faults = check_sources(rules, sources);
  std::ranges::copy(check_order(rules, read(root / "CMakeLists.txt")), std::back_inserter(faults));
  return faults;
}

}  // namespace
}  // namespace penfield::floors

int main(int argc, char** argv) {
  if (argc != 2 || !std::filesystem::is_directory(std::filesystem::path(argv[1]) / "src/penfield")) {
    std::fprintf(stderr, "usage: check_floors ROOT\n");
    return 2;
  }
  const auto faults = penfield::floors::check_tree(std::filesystem::path(argv[1]) / "src/penfield");
  if (!faults) {
    std::fprintf(stderr, "check_floors: %s\n", faults.error().message.c_str());
    return 2;
  }
  for (const std::string& fault : *faults) std::printf("src/penfield/%s\n", fault.c_str());
  return faults->empty() ? 0 : 1;
}
