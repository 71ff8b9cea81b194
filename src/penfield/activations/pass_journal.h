// Which passes are on disk, with a checksum of each piece that they wrote.
//
// A file that only grows: a header, then a record a pass, appended when its rows are written. A record that a
// killed program wrote in part is told by its own checksum and cut off. Nothing is synced: what a power cut
// takes from the values that a record speaks of is told by their checksums.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "penfield/base/result.h"
#include "penfield/base/share.h"
#include "penfield/formats/file_calls.h"
#include "penfield/formats/file_descriptor.h"

namespace penfield::activations {

class PassJournal {
 public:
  // What the passes are of. A journal of anything else is none.
  struct Subject {
    std::uint64_t n_passes = 0, n_checksums = 0;  // n_checksums: of a pass
    std::uint64_t n_value_bytes = 0;              // of the file with the values
    std::uint64_t value_bytes = 0;
    Share share;  // of the passes
  };

  // Nothing where there is no journal of the subject. What is read may not be appended to. kIo: cannot be
  // read.
  [[nodiscard]] static Result<std::optional<PassJournal>> read(const std::string& path,
                                                               const Subject& subject);
  // The same, to go on with it. kIo: cannot be read or cut to its whole records.
  [[nodiscard]] static Result<std::optional<PassJournal>> take_up(const std::string& path,
                                                                  const Subject& subject,
                                                                  const formats::FileCalls& calls);
  // kIo: cannot be made; a file of this name must not be there.
  [[nodiscard]] static Result<PassJournal> create(const std::string& path, const Subject& subject,
                                                  const formats::FileCalls& calls);

  [[nodiscard]] bool has(std::size_t pass) const { return !checksums_[pass].empty(); }
  [[nodiscard]] std::span<const std::uint32_t> checksums(std::size_t pass) const { return checksums_[pass]; }
  [[nodiscard]] std::size_t n_passes_done() const;
  void forget(std::size_t pass) { checksums_[pass].clear(); }
  // kIo: cannot be written; the pass is not there then.
  [[nodiscard]] Result<void> append(std::size_t pass, std::vector<std::uint32_t> checksums);
  // Other machines can read what was appended. kIo: it cannot be brought to the disk.
  [[nodiscard]] Result<void> sync() const;

 private:
  PassJournal(std::string path, const Subject& subject, const formats::FileCalls& calls)
      : path_(std::move(path)), calls_(&calls), checksums_(subject.n_passes) {}
  [[nodiscard]] Result<void> write(std::span<const std::byte> bytes);

  std::string path_;
  const formats::FileCalls* calls_;
  formats::FileDescriptor fd_;
  std::uint64_t n_whole_bytes_ = 0;                    // of whole records, when it was read
  std::vector<std::vector<std::uint32_t>> checksums_;  // [pass]; empty: not done
};

}  // namespace penfield::activations
