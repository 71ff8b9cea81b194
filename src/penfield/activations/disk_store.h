// Captured matrices in a folder on disk, for scans whose activations memory does not hold; what is there
// survives the process, and a later one goes on with it.
//   activations.bin   the values (disk_layout.h); its disk space is reserved before the first pass
//   passes.journal    which passes are in it (pass_journal.h)
// Values are written as passes end and read by mapping a chunk at a time, so that memory does not grow with
// the text. Every piece is checked against its checksum whenever it is read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "penfield/activations/activation_store.h"
#include "penfield/activations/disk_layout.h"
#include "penfield/activations/pass_journal.h"
#include "penfield/base/result.h"
#include "penfield/formats/file_calls.h"
#include "penfield/formats/file_descriptor.h"

namespace penfield::activations {

class DiskStore final : public ActivationStore {
 public:
  // Goes on with what the folder, which must exist, has of this plan: passes whose values are what was
  // written; all others are to be done anew. The plan must outlive the store. kIo: cannot be written or read,
  // or not enough disk.
  [[nodiscard]] static Result<std::unique_ptr<DiskStore>> open(
      const std::string& folder, const CapturePlan& plan, StoredAs stored_as,
      const formats::FileCalls& calls = formats::system_file_calls());

  // Of activations.bin.
  [[nodiscard]] static std::uint64_t disk_bytes(const CapturePlan& plan, StoredAs stored_as);
  // Memory that writing and reading take at their peak.
  [[nodiscard]] static std::uint64_t memory_bytes(const CapturePlan& plan, StoredAs stored_as, int n_threads);

  // Passes that were found whole, and found but not as they were written.
  [[nodiscard]] std::size_t n_passes_found() const { return n_passes_found_; }
  [[nodiscard]] std::size_t n_passes_damaged() const { return n_passes_damaged_; }
  [[nodiscard]] std::size_t n_passes_done() const { return journal_.n_passes_done(); }

  // Of values, by this process.
  [[nodiscard]] std::uint64_t n_bytes_written() const { return n_bytes_written_; }
  [[nodiscard]] std::uint64_t n_bytes_read() const { return n_bytes_read_; }

  [[nodiscard]] bool has_pass(std::size_t pass) const override { return journal_.has(pass); }
  [[nodiscard]] Result<void> put(std::size_t pass, std::size_t matrix,
                                 MatrixView<const float> values) override;
  [[nodiscard]] Result<void> end_pass(std::size_t pass) override;
  // All passes must have ended.
  [[nodiscard]] Result<void> visit_columns(std::size_t matrix, const ColumnsVisitor& visit) const override;

 private:
  DiskStore(std::string path, const CapturePlan& plan, DiskLayout layout, PassJournal journal,
            formats::FileDescriptor fd, const formats::FileCalls& calls);
  [[nodiscard]] Result<void> check_found();
  [[nodiscard]] std::vector<char> damaged_in(std::size_t matrix, std::size_t index,
                                             std::span<const std::byte> chunk) const;
  [[nodiscard]] Result<void> write_at(std::uint64_t at, std::span<const std::byte> bytes) const;

  std::string path_;  // of activations.bin
  DiskLayout layout_;
  PassJournal journal_;
  formats::FileDescriptor fd_;
  const formats::FileCalls* calls_;
  std::size_t n_passes_found_ = 0, n_passes_damaged_ = 0;
  std::uint64_t n_bytes_written_ = 0;
  mutable std::uint64_t n_bytes_read_ = 0;
  std::vector<std::uint32_t> checksums_;        // of the pass that runs, by chunk
  std::vector<std::vector<std::byte>> staged_;  // [thread] rows of a chunk on their way to disk
};

}  // namespace penfield::activations
