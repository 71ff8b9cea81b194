// serve_hub FOLDER: plays the hub for tools/check_hub_cache.py (see src/penfield/hub/hub_server_for_tests.h).
// Serves every FOLDER/OWNER/NAME as a repository; files of 10 kB and more, and weights, as large files from a
// second address. Prints its address, and ends when standard input does.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "penfield/hub/hub_server_for_tests.h"

namespace {

namespace fs = std::filesystem;

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void add_repositories(penfield::hub::HubServer& server, const fs::path& root) {
  constexpr std::size_t kLargeBytes = 10'000;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    if (!entry.is_regular_file()) continue;
    const fs::path path = entry.path().lexically_relative(root);
    if (std::distance(path.begin(), path.end()) < 3) continue;
    const std::string id = (*path.begin() / *std::next(path.begin())).string();
    const std::string name = path.lexically_relative(id).string();
    std::string contents = read(entry.path());
    const bool is_large = contents.size() >= kLargeBytes || path.extension() == ".safetensors";
    server.add(id).files[name] = {.contents = std::move(contents), .is_large = is_large};
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2 || !fs::is_directory(argv[1])) {
    std::fprintf(stderr, "usage: serve_hub FOLDER\n");
    return 2;
  }
  penfield::hub::HubServer hub, large_files;
  for (penfield::hub::HubServer* const server : {&hub, &large_files}) add_repositories(*server, argv[1]);
  hub.keep_large_files_at(large_files.url());
  std::printf("%s\n", hub.url().c_str());
  std::fflush(stdout);
  while (std::getchar() != EOF) {
  }
  return 0;
}
