#include "penfield/study/storage/study_store.h"

#include <utility>

#include "penfield/activations/memory_store.h"

namespace penfield::study {
namespace {

store::RunInputs with_weights(store::RunInputs inputs, const WeightHashes::Hashes& hashes) {
  for (const auto& [file, hash] : hashes) inputs.emplace_back("weights " + file, hash);
  return inputs;
}

}  // namespace

Result<std::unique_ptr<StudyStore>> StudyStore::open(const activations::CapturePlan& plan, Storage storage,
                                                     store::RunInputs inputs, const WeightHashes& hashes,
                                                     const store::ResultWriter& writer) {
  const store::UnfinishedRun unfinished = writer.unfinished_run();
  bool goes_on = unfinished.exists();
  if (goes_on) {
    const Result<void> same = unfinished.check_same(with_weights(inputs, hashes.get()));
    if (!same && !writer.replaces()) return tl::unexpected<Error>(same.error());
    goes_on = same.has_value();
  }
  if (!goes_on) unfinished.remove();
  storage.on_disk = storage.on_disk || goes_on;  // what is done is not done again, also with more memory
  std::unique_ptr<StudyStore> out(
      new StudyStore(storage, std::move(inputs), hashes, unfinished, writer.file_calls()));
  if (!storage.on_disk) {
    out->store_ = std::make_unique<activations::MemoryStore>(plan);
    return out;
  }
  out->recorded_ = goes_on;
  if (!goes_on) {
    PENFIELD_TRY_VOID(check_free_disk(writer.folder(), storage.disk_bytes));
    PENFIELD_TRY_VOID(unfinished.make_folder());
  }
  PENFIELD_TRY(auto disk, activations::DiskStore::open(unfinished.folder(), plan, storage.stored_as,
                                                       writer.file_calls()));
  out->disk_ = disk.get();
  out->store_ = std::move(disk);
  return out;
}

StudyStore::~StudyStore() {
  if (!storage_.on_disk) return;
  const bool is_empty = disk_ != nullptr && disk_->n_passes_done() == 0;
  if (finished_ || !recorded_ || is_empty) unfinished_.remove();
}

Result<activations::ActivationStore*> StudyStore::open_null(const activations::CapturePlan& plan) {
  if (!storage_.on_disk) {
    null_store_ = std::make_unique<activations::MemoryStore>(plan);
    return null_store_.get();
  }
  PENFIELD_TRY(const std::string folder, unfinished_.make_part("null"));
  PENFIELD_TRY(auto disk, activations::DiskStore::open(folder, plan, storage_.stored_as, *calls_));
  null_disk_ = disk.get();
  null_store_ = std::move(disk);
  return null_store_.get();
}

std::uint64_t StudyStore::n_bytes_written() const {
  return (disk_ ? disk_->n_bytes_written() : 0) + (null_disk_ ? null_disk_->n_bytes_written() : 0);
}

std::uint64_t StudyStore::n_bytes_read() const {
  return (disk_ ? disk_->n_bytes_read() : 0) + (null_disk_ ? null_disk_->n_bytes_read() : 0);
}

std::string StudyStore::taken_up() const {
  if (disk_ == nullptr || disk_->n_passes_found() + disk_->n_passes_damaged() == 0) return {};
  const std::string damaged = disk_->n_passes_damaged() == 0
                                  ? ""
                                  : fmt::format(", {} damaged, to be done again", disk_->n_passes_damaged());
  return fmt::format("continuing an unfinished run: {} of {} passes are done{}", disk_->n_passes_found(),
                     store_->plan().passes.size(), damaged);
}

Result<void> StudyStore::record_inputs() {
  if (disk_ == nullptr || recorded_ || !hashes_->are_ready()) return {};
  return record_now();
}

Result<void> StudyStore::record_now() {
  PENFIELD_TRY_VOID(unfinished_.record(with_weights(inputs_, hashes_->get())));
  recorded_ = true;
  return {};
}

tl::unexpected<Error> StudyStore::explain(Error error) {
  const bool may_go_on = error.kind == ErrorKind::kInterrupted || error.kind == ErrorKind::kIo;
  if (!may_go_on || disk_ == nullptr || disk_->n_passes_done() == 0)
    return tl::unexpected<Error>(std::move(error));
  if (recorded_ || record_now()) {
    error.message +=
        fmt::format("; {} of {} passes are kept in {}, and the same command continues from there",
                    disk_->n_passes_done(), store_->plan().passes.size(), unfinished_.folder());
  }
  return tl::unexpected<Error>(std::move(error));
}

}  // namespace penfield::study
