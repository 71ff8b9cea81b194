// Where a study keeps its activations, decided before the work begins: in memory while they fit, on disk
// beyond that.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "penfield/activations/capture_plan.h"
#include "penfield/activations/disk_layout.h"
#include "penfield/base/result.h"
#include "penfield/model/architecture.h"
#include "penfield/study/storage/division.h"

namespace penfield::study {

// What --spill asks for: disk only where memory is too little, or always, in one of two forms.
enum class Spill : std::uint8_t { kAuto, kF32, kBf16 };

// "auto", "f32", "bf16".
[[nodiscard]] std::string_view spill_name(Spill spill);

struct MemoryNeeds {
  std::uint64_t process_bytes = 0;  // the program, the text and the plan, as they are now
  std::uint64_t weights_bytes = 0;
  std::uint64_t opening_bytes = 0;  // beside the weights, before there are activations
  std::uint64_t forward_bytes = 0;  // buffers of the passes
  std::uint64_t fit_bytes = 0;      // fits, findings and their scratch, which come when the buffers are gone
  std::uint64_t null_bytes = 0;     // weights of the shuffled model, beside fits and findings
  std::uint64_t null_opening_bytes = 0;  // beside them, before its activations

  // The peak of all, with so much for the activations and for those of the shuffled model.
  [[nodiscard]] std::uint64_t peak(std::uint64_t activation_bytes, std::uint64_t null_activation_bytes) const;
};

// Libraries and heaps of threads, which come when the work begins.
inline constexpr std::uint64_t kWorkers_bytes = std::uint64_t{8} << 20;

struct Storage {
  bool on_disk = false;
  activations::StoredAs stored_as = activations::StoredAs::kF32;
  std::uint64_t memory_bytes = 0;  // the study's peak, where activations are so kept
  std::uint64_t disk_bytes = 0;    // by this process; 0 in memory
  std::uint64_t kept_bytes = 0;    // of what is on disk, in memory too once it was read
};

// Of a divided study activations are on disk, and as many of them in memory as would be of a study of one
// process. Otherwise, without `limit`, they stay in memory while they are
// less than half of the weights, or 256 MiB: what a scan takes is then a matter of the model, not of the
// text. Those of the shuffled model, whose plan is null where there is none, go where the others are.
// kMemory: `limit` is too little even with the activations on disk.
[[nodiscard]] Result<Storage> choose_storage(const activations::CapturePlan& plan,
                                             const activations::CapturePlan* null_plan,
                                             const MemoryNeeds& needs, std::optional<std::uint64_t> limit,
                                             Spill spill, const Division& division = {});

// kIo: the file system of `folder` has less than n_bytes free. Says so with what to do.
[[nodiscard]] Result<void> check_free_disk(const std::string& folder, std::uint64_t n_bytes);

}  // namespace penfield::study
