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
#include "penfield/model/config.h"

namespace penfield::study {

// What --spill asks for: disk only where memory is too little, or always, in one of two forms.
enum class Spill : std::uint8_t { kAuto, kF32, kBf16 };

// "auto", "f32", "bf16".
[[nodiscard]] std::string_view spill_name(Spill spill);

struct MemoryNeeds {
  std::uint64_t process_bytes = 0;  // the program, the text and the plan, as they are now
  std::uint64_t weights_bytes = 0;
  std::uint64_t forward_bytes = 0;  // buffers of the passes
  std::uint64_t results_bytes = 0;  // fits and findings, which come when the buffers are gone
};

struct Storage {
  bool on_disk = false;
  activations::StoredAs stored_as = activations::StoredAs::kF32;
  std::uint64_t memory_bytes = 0;  // the study's peak, so kept
  std::uint64_t disk_bytes = 0;    // 0 in memory
};

// Without `limit` activations stay in memory while they are less than half of the weights, or 64 MiB: what a
// scan takes is then a matter of the model, not of the text. kMemory: `limit` is too little even with the
// activations on disk.
[[nodiscard]] Result<Storage> choose_storage(const activations::CapturePlan& plan, const MemoryNeeds& needs,
                                             std::optional<std::uint64_t> limit, Spill spill);

// kIo: the file system of `folder` has less than n_bytes free. Says so with what to do.
[[nodiscard]] Result<void> check_free_disk(const std::string& folder, std::uint64_t n_bytes);

}  // namespace penfield::study
