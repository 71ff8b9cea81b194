#include "penfield/study/storage.h"

#include <sys/statvfs.h>

#include <algorithm>

#include "penfield/activations/disk_store.h"
#include "penfield/activations/memory_store.h"
#include "penfield/base/parallel.h"
#include "penfield/study/amounts.h"

namespace penfield::study {
namespace {

constexpr std::uint64_t kAlwaysInMemory_bytes = std::uint64_t{64} << 20;

// With so much for the activations, the peak of the study.
std::uint64_t peak_with(const MemoryNeeds& needs, std::uint64_t activation_bytes) {
  return needs.process_bytes + needs.weights_bytes + activation_bytes +
         std::max(needs.forward_bytes, needs.results_bytes);
}

}  // namespace

std::string_view spill_name(Spill spill) {
  switch (spill) {
    case Spill::kAuto:
      return "auto";
    case Spill::kF32:
      return "f32";
    case Spill::kBf16:
      return "bf16";
  }
  return "";
}

Result<Storage> choose_storage(const activations::CapturePlan& plan, const MemoryNeeds& needs,
                               std::optional<std::uint64_t> limit, Spill spill) {
  const std::uint64_t captured = activations::MemoryStore::bytes(plan);
  const Storage in_memory = {.memory_bytes = peak_with(needs, captured)};
  if (spill == Spill::kAuto) {
    const bool fits = limit ? in_memory.memory_bytes <= *limit
                            : captured <= std::max(kAlwaysInMemory_bytes, needs.weights_bytes / 2);
    if (fits) return in_memory;
  }
  Storage out = {.on_disk = true};
  out.stored_as = spill == Spill::kBf16 ? activations::StoredAs::kBf16 : activations::StoredAs::kF32;
  out.memory_bytes = peak_with(needs, activations::DiskStore::memory_bytes(plan, out.stored_as, n_threads()));
  out.disk_bytes = activations::DiskStore::disk_bytes(plan, out.stored_as);
  if (spill == Spill::kAuto && in_memory.memory_bytes < out.memory_bytes) out = in_memory;
  if (!limit || out.memory_bytes <= *limit) return out;
  return fail(
      ErrorKind::kMemory,
      "--memory {} is too little: this scan needs about {}; give that, fewer layers or a shorter --window",
      format_bytes(*limit), format_bytes(out.memory_bytes));
}

Result<void> check_free_disk(const std::string& folder, std::uint64_t n_bytes) {
  struct statvfs disk {};
  if (::statvfs(folder.c_str(), &disk) != 0) return {};  // then the reservation will tell
  const std::uint64_t n_free = std::uint64_t{disk.f_bavail} * disk.f_frsize;
  if (n_free >= n_bytes) return {};
  return io_error(
      "{}: the activations of this scan need {} of disk, and {} are free; free some, use fewer windows or "
      "--per-group, --spill bf16 for half of it, or more --memory",
      folder, format_bytes(n_bytes), format_bytes(n_free));
}

}  // namespace penfield::study
