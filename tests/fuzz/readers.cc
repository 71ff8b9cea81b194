#include "readers.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "penfield/base/check.h"
#include "penfield/formats/file_descriptor.h"
#include "penfield/formats/scratch_folder_for_tests.h"

namespace penfield::fuzz {
namespace {

const formats::ScratchFolder& scratch() {
  static const formats::ScratchFolder kFolder;
  return kFolder;
}

}  // namespace

std::vector<Reader> readers() {
  std::vector<Reader> all;
  for (const std::span<const Reader> some :
       {file_readers(), text_readers(), result_readers(), message_readers()})
    all.insert(all.end(), some.begin(), some.end());
  return all;
}

std::string_view fault_of(std::string_view message) {
  constexpr std::size_t kMostBytes = 4000;
  if (message.size() > kMostBytes) return "is longer than 4,000 bytes";
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  return std::ranges::any_of(message, is_control) ? "holds a control character" : "";
}

const std::string& scratch_folder() {
  static const std::string kPath = scratch().path();
  return kPath;
}

std::string put_file(std::string_view name, std::string_view bytes) {
  std::string path = scratch().path(name);
  ::unlink(path.c_str());
  const formats::FileDescriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  PENFIELD_CHECK(file.is_open());
  PENFIELD_CHECK(::write(file.get(), bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
  return path;
}

std::string source_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  PENFIELD_CHECK(in.good());
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace penfield::fuzz
