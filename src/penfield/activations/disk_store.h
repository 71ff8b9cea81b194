// Captured matrices in a folder on disk, for scans whose activations memory does not hold; what is there
// survives the process, and a later one goes on with it. Several processes may fill one store together, each
// with the passes of its share, into files of its own (disk_segment.h); then each reads all.
// Values are written as passes end and read by mapping a chunk at a time, so that memory does not grow with
// the text. Every piece is checked against its checksum whenever it is read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "penfield/activations/activation_store.h"
#include "penfield/activations/disk_layout.h"
#include "penfield/activations/disk_segment.h"
#include "penfield/base/aligned_floats.h"
#include "penfield/base/result.h"
#include "penfield/base/share.h"
#include "penfield/formats/file_calls.h"

namespace penfield::activations {

// Where the passes of a store are.
struct DiskPlace {
  std::string folder;               // must exist
  std::optional<Share> share = {};  // of the passes that this process runs; none where it only reads
  std::vector<std::string> also;    // other folders in which passes are
  std::uint64_t kept_bytes = 0;     // of chunks that stay in memory once they are read
};

class DiskStore final : public ActivationStore {
 public:
  // Goes on with what the folders have of this plan: passes whose values are what was written; all others are
  // to be done anew. Only passes of the process's own share are checked. The plan must outlive the store.
  // kIo: cannot be written or read, or not enough disk.
  [[nodiscard]] static Result<std::unique_ptr<DiskStore>> open(
      DiskPlace place, const CapturePlan& plan, StoredAs stored_as,
      const formats::FileCalls& calls = formats::system_file_calls(), const Team& team = alone());

  // Of the files of a share.
  [[nodiscard]] static std::uint64_t disk_bytes(const CapturePlan& plan, StoredAs stored_as,
                                                const Share& share = {});
  // Memory that writing and reading take at their peak; of passes that are in several files where `gathers`.
  [[nodiscard]] static std::uint64_t memory_bytes(const CapturePlan& plan, StoredAs stored_as, int n_threads,
                                                  bool gathers = false);

  // Passes that were found whole, and found but not as they were written.
  [[nodiscard]] std::size_t n_passes_found() const { return n_passes_found_; }
  [[nodiscard]] std::size_t n_passes_damaged() const { return n_passes_damaged_; }
  [[nodiscard]] std::size_t n_passes_done() const;

  // Of values, by this process.
  [[nodiscard]] std::uint64_t n_bytes_written() const { return n_bytes_written_; }
  [[nodiscard]] std::uint64_t n_bytes_read() const { return n_bytes_read_; }

  [[nodiscard]] bool has_pass(std::size_t pass) const override { return holder_[pass] != kNowhere; }
  [[nodiscard]] bool runs_pass(std::size_t pass) const override {
    return !has_pass(pass) && place_.share && place_.share->has(pass);
  }
  [[nodiscard]] Result<void> put(std::size_t pass, std::size_t matrix,
                                 MatrixView<const float> values) override;
  [[nodiscard]] Result<void> end_pass(std::size_t pass) override;
  // kIo also: a pass of another process of the team cannot be found.
  [[nodiscard]] Result<void> end_passes() override;
  // The process's own passes are on disk then. kIo: they cannot be brought there.
  [[nodiscard]] Result<void> sync() const;
  // The share of a pass that is nowhere, of so many as the passes that are there.
  [[nodiscard]] std::optional<Share> missing_share() const;
  // All passes must be there.
  [[nodiscard]] Result<void> visit_columns(std::size_t matrix, const ColumnsVisitor& visit) const override;

 private:
  static constexpr std::size_t kNowhere = ~std::size_t{0};
  class Reader;

  DiskStore(DiskPlace place, const CapturePlan& plan, StoredAs stored_as, const Team& team)
      : ActivationStore(plan, team),
        place_(std::move(place)),
        layout_(plan, stored_as),
        holder_(plan.passes.size()),
        kept_(layout_.n_all_chunks()) {}
  [[nodiscard]] Result<void> find_others();
  [[nodiscard]] Result<void> check_found();
  void find_holders();

  DiskPlace place_;
  DiskLayout layout_;  // of all passes
  // The process's own first, then those of the same shares, then what earlier processes left that divided the
  // work otherwise: the first that has a pass is read.
  std::vector<DiskSegment> segments_;
  std::vector<std::size_t> holder_;  // [pass] its segment
  std::size_t n_passes_found_ = 0, n_passes_damaged_ = 0;
  std::uint64_t n_bytes_written_ = 0;
  mutable std::uint64_t n_bytes_read_ = 0;
  mutable std::uint64_t n_bytes_kept_ = 0;
  mutable std::vector<AlignedFloats> kept_;  // [chunks of all matrices], from the first on that was read
};

}  // namespace penfield::activations
