// libFuzzer's entry: fuzz_readers --reader=NAME. CONTRIBUTING.md says how it is built and run.
//
// fuzz_readers --seeds=FOLDER writes FOLDER/NAME/seed-0, … and FOLDER/NAME.dict for every reader, and ends.
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>

#include "penfield/base/check.h"
#include "penfield/base/parallel.h"
#include "readers.h"

namespace {

using penfield::fuzz::Reader;

const Reader* chosen = nullptr;

void write_file(const std::filesystem::path& path, std::string_view bytes) {
  std::ofstream out(path, std::ios::binary);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  PENFIELD_CHECK(out.good());
}

void write_seeds(const std::filesystem::path& folder) {
  for (const Reader& reader : penfield::fuzz::readers()) {
    std::filesystem::create_directories(folder / reader.name);
    int n = 0;
    for (const std::string& seed : reader.seeds())
      write_file(folder / reader.name / fmt::format("seed-{}", n++), seed);
    std::string dictionary = "# words\n";  // an empty one is refused
    std::istringstream words{std::string(reader.words)};
    for (std::string word; words >> word;) {
      dictionary += '"';
      for (const char c : word) dictionary += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
      dictionary += "\"\n";
    }
    write_file(folder / (std::string(reader.name) + ".dict"), dictionary);
  }
}

// The value of "--NAME=value" among the arguments.
std::optional<std::string> flag(int argc, char** argv, std::string_view name) {
  const std::string start = fmt::format("--{}=", name);
  for (int i = 1; i < argc; ++i) {
    if (std::string_view(argv[i]).starts_with(start)) return std::string(argv[i]).substr(start.size());
  }
  return std::nullopt;
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  (void)penfield::set_threads(1);
  if (const auto folder = flag(*argc, *argv, "seeds")) {
    write_seeds(*folder);
    std::exit(0);
  }
  static const std::vector<Reader> kReaders = penfield::fuzz::readers();
  const std::string name = flag(*argc, *argv, "reader").value_or("");
  const auto found = std::ranges::find(kReaders, name, &Reader::name);
  if (found == kReaders.end()) {
    std::fputs("give --reader=, one of:", stderr);
    for (const Reader& reader : kReaders) std::fprintf(stderr, " %s", std::string(reader.name).c_str());
    std::fputs("\n", stderr);
    std::exit(2);
  }
  chosen = &*found;
  (void)chosen->read(
      chosen->seeds().front());  // some make a result first, which no limit of time is meant for
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string message = chosen->read({reinterpret_cast<const char*>(data), size});
  PENFIELD_CHECK(penfield::fuzz::fault_of(message).empty());
  return 0;
}
