// libFuzzer's entry: the first byte chooses the reader, the rest is its file. CONTRIBUTING.md says how it is
// built and run.
#include <cstddef>
#include <cstdint>

#include "penfield/formats/scratch_folder_for_tests.h"
#include "readers.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const penfield::formats::ScratchFolder folder;
  if (size == 0) return 0;
  const auto readers = penfield::fuzz::readers();
  const penfield::fuzz::Reader& reader = readers[data[0] % readers.size()];
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  (void)reader.read(bytes, folder.write(reader.file, bytes));
  return 0;
}
