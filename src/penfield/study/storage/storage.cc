#include "penfield/study/storage/storage.h"

#include <sys/statvfs.h>

#include <algorithm>

#include "penfield/activations/disk_store.h"
#include "penfield/activations/memory_store.h"
#include "penfield/base/amounts.h"
#include "penfield/base/parallel.h"

namespace penfield::study {
namespace {

constexpr std::uint64_t kAlwaysInMemory_bytes = std::uint64_t{256} << 20;

Storage in_memory(const activations::CapturePlan& plan, const activations::CapturePlan* null_plan,
                  const MemoryNeeds& needs) {
  using activations::MemoryStore;
  const std::uint64_t of_null = null_plan == nullptr ? 0 : MemoryStore::bytes(*null_plan);
  return {.memory_bytes = needs.peak(MemoryStore::bytes(plan), of_null)};
}

Storage on_disk(const activations::CapturePlan& plan, const activations::CapturePlan* null_plan,
                const MemoryNeeds& needs, Spill spill, const Division& division) {
  using activations::DiskStore;
  using activations::StoredAs;
  Storage out = {.on_disk = true, .stored_as = spill == Spill::kBf16 ? StoredAs::kBf16 : StoredAs::kF32};
  const auto memory_of = [&](const activations::CapturePlan* of) {
    return of == nullptr ? 0
                         : DiskStore::memory_bytes(*of, out.stored_as, n_threads(), division.is_divided());
  };
  out.memory_bytes = needs.peak(memory_of(&plan), memory_of(null_plan));
  if (const auto share = division.passes())
    out.disk_bytes = DiskStore::disk_bytes(plan, out.stored_as, *share);
  if (null_plan != nullptr && !division.part)
    out.disk_bytes += DiskStore::disk_bytes(*null_plan, out.stored_as, division.team->share());
  return out;
}

// Activations that a study without a limit holds in memory.
std::uint64_t most_in_memory(const MemoryNeeds& needs) {
  return std::max(kAlwaysInMemory_bytes, needs.weights_bytes / 2);
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

std::uint64_t MemoryNeeds::peak(std::uint64_t activation_bytes, std::uint64_t null_activation_bytes) const {
  const std::uint64_t at_null =
      null_bytes + std::max(null_opening_bytes, null_activation_bytes + (null_bytes > 0 ? forward_bytes : 0));
  const std::uint64_t with_activations = activation_bytes + std::max(forward_bytes, fit_bytes + at_null);
  return process_bytes + weights_bytes + std::max(opening_bytes, with_activations);
}

Result<Storage> choose_storage(const activations::CapturePlan& plan,
                               const activations::CapturePlan* null_plan, const MemoryNeeds& needs,
                               std::optional<std::uint64_t> limit, Spill spill, const Division& division) {
  const Storage memory = in_memory(plan, null_plan, needs);
  const bool may_stay = spill == Spill::kAuto && !division.is_divided();
  if (may_stay) {
    const bool fits = limit ? memory.memory_bytes <= *limit
                            : activations::MemoryStore::bytes(plan) <= most_in_memory(needs);
    if (fits) return memory;
  }
  Storage out = on_disk(plan, null_plan, needs, spill, division);
  if (may_stay && memory.memory_bytes < out.memory_bytes) out = memory;
  if (division.is_divided()) {
    const std::uint64_t room = limit ? *limit - std::min(*limit, out.memory_bytes) : most_in_memory(needs);
    const std::uint64_t n_layers =
        std::max<std::uint64_t>(1, plan.taps.sites.size() * plan.taps.layers.size());
    const std::uint64_t n_own = (n_layers + division.team->share().n - 1) / division.team->share().n;
    out.kept_bytes = std::min(room, activations::MemoryStore::bytes(plan) / n_layers * n_own);
    out.memory_bytes += out.kept_bytes;
  }
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
