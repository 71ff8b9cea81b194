// The captured rows of one share of the passes in two files of a folder, written by one process at a time:
//   activations.bin   the values (disk_layout.h); its disk space is reserved before the first pass
//   passes.journal    which passes are in it (pass_journal.h)
// or, of a share of several, activations-2-of-4.bin and passes-2-of-4.journal.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "penfield/activations/capture_plan.h"
#include "penfield/activations/disk_layout.h"
#include "penfield/activations/pass_journal.h"
#include "penfield/base/matrix_view.h"
#include "penfield/base/result.h"
#include "penfield/base/share.h"
#include "penfield/formats/file_calls.h"
#include "penfield/formats/file_descriptor.h"
#include "penfield/formats/mapped_file.h"

namespace penfield::activations {

class DiskSegment {
 public:
  // Shares of which the folder has a journal, in order. kIo: the folder cannot be read.
  [[nodiscard]] static Result<std::vector<Share>> list(const std::string& folder);
  // kIo: the files of the share cannot be removed.
  [[nodiscard]] static Result<void> remove(const std::string& folder, const Share& share);

  // Goes on with the files of the share or, where they are not of this plan, begins anew. The plan must
  // outlive the segment. kIo: cannot be written, or not enough disk.
  [[nodiscard]] static Result<DiskSegment> open(const std::string& folder, const CapturePlan& plan,
                                                StoredAs stored_as, const Share& share,
                                                const formats::FileCalls& calls);
  // To read what another process writes or wrote; nothing where there is none of this plan. kIo: cannot be
  // read.
  [[nodiscard]] static Result<std::optional<DiskSegment>> read(const std::string& folder,
                                                               const CapturePlan& plan, StoredAs stored_as,
                                                               const Share& share);

  [[nodiscard]] const Share& share() const { return share_; }
  [[nodiscard]] const std::string& path() const { return path_; }  // of the values
  [[nodiscard]] bool has(std::size_t pass) const { return journal_.has(pass); }
  [[nodiscard]] std::size_t n_passes_done() const { return journal_.n_passes_done(); }
  void forget(std::size_t pass) { journal_.forget(pass); }

  [[nodiscard]] std::uint64_t chunk_bytes(std::size_t matrix, std::size_t index) const {
    return layout_.chunk(matrix, index).n_bytes;
  }
  // The rows of the share's passes. kIo: cannot be read.
  [[nodiscard]] Result<formats::MappedFile> map_chunk(std::size_t matrix, std::size_t index) const;
  // Those of one pass, within a mapped chunk.
  [[nodiscard]] std::span<const std::byte> rows_of(std::size_t pass, std::size_t matrix, std::size_t index,
                                                   std::span<const std::byte> chunk) const;
  // By pass: 1 where it has ended and its rows of the chunk are not what was written.
  [[nodiscard]] std::vector<char> damaged_in(std::size_t matrix, std::size_t index,
                                             std::span<const std::byte> chunk) const;

  // Of a segment that open() gave. kIo: cannot be written.
  [[nodiscard]] Result<void> put(std::size_t pass, std::size_t matrix, MatrixView<const float> values);
  [[nodiscard]] Result<void> end_pass(std::size_t pass) { return journal_.append(pass, checksums_); }
  // Other machines can read what was written. kIo: it cannot be brought to the disk.
  [[nodiscard]] Result<void> sync() const;

 private:
  DiskSegment(std::string path, const CapturePlan& plan, DiskLayout layout, const Share& share,
              PassJournal journal);
  [[nodiscard]] Result<void> write_at(std::uint64_t at, std::span<const std::byte> bytes) const;

  const CapturePlan* plan_;
  std::string path_;
  DiskLayout layout_;
  Share share_;
  PassJournal journal_;
  std::vector<std::pair<std::size_t, std::size_t>> first_row_;  // [pass] in samples, in inputs
  formats::FileDescriptor fd_;
  const formats::FileCalls* calls_ = nullptr;
  std::vector<std::uint32_t> checksums_;        // of the pass that runs, by chunk
  std::vector<std::vector<std::byte>> staged_;  // [thread] rows of a chunk on their way to disk
};

}  // namespace penfield::activations
