#include "penfield/study/storage/study_store.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "penfield/activations/memory_store.h"

namespace penfield::study {
namespace {

constexpr const char* kNull = "null";
constexpr const char* kGoesOn = "goes on";

store::RunInputs with_weights(store::RunInputs inputs, const WeightHashes::Hashes& hashes) {
  for (const auto& [file, hash] : hashes) inputs.emplace_back("weights " + file, hash);
  return inputs;
}

}  // namespace

Result<std::unique_ptr<StudyStore>> StudyStore::open(const activations::CapturePlan& plan, Storage storage,
                                                     store::RunInputs inputs, const WeightHashes& hashes,
                                                     const store::ResultWriter& writer,
                                                     const Division& division) {
  std::unique_ptr<StudyStore> out(new StudyStore(storage, std::move(inputs), hashes, writer.unfinished_run(),
                                                 writer.file_calls(), division));
  PENFIELD_TRY_VOID(out->check_team(out->inputs_));
  PENFIELD_TRY(std::vector<std::string> parts, out->check_parts());
  PENFIELD_TRY(const std::vector<std::string> folder,
               division.team->exchange(out->is_first() ? out->prepare_folder(writer) : std::string()));
  // The first has waited for its hashes. With other weights nobody may add to what is recorded.
  if (folder.front() == kGoesOn) PENFIELD_TRY_VOID(out->check_weights());
  if (out->storage_.on_disk) {
    PENFIELD_TRY_VOID(out->open_disk(plan, std::move(parts)));
  } else {
    out->store_ = std::make_unique<activations::MemoryStore>(plan);
  }
  return out;
}

// All processes must come to the same result, so they must have the same inputs.
Result<void> StudyStore::check_team(const store::RunInputs& inputs) const {
  if (division_.team->is_alone()) return {};
  std::string mine;
  for (const auto& [name, value] : inputs) mine += name + ' ' + value + '\n';
  PENFIELD_TRY(const std::vector<std::string> all, division_.team->exchange(std::move(mine)));
  for (std::size_t i = 1; i < all.size(); ++i) {
    if (all[i] == all[0]) continue;
    const auto at = std::ranges::mismatch(all[i], all[0]).in1;
    const auto line = std::find(std::make_reverse_iterator(at), all[i].rend(), '\n').base();
    return bad_input("process {} of {} has other inputs than the first: {}; all must read the same files",
                     i + 1, all.size(), std::string(line, std::find(line, all[i].end(), '\n')));
  }
  return {};
}

Result<void> StudyStore::check_weights() const {
  if (division_.team->is_alone()) return {};
  return check_team(with_weights({}, hashes_->get()));
}

// Finds or begins the unfinished run, and decides whether activations are on disk. kGoesOn: it was found.
Result<std::string> StudyStore::prepare_folder(const store::ResultWriter& writer) {
  bool goes_on = unfinished_.exists();
  if (goes_on) {
    const store::RunInputs inputs = with_weights(inputs_, hashes_->get());
    const Result<void> same = unfinished_.check_same(inputs);
    const bool joins = !division_.parts.empty();  // and so runs no pass that could take the place of others
    if (!same && joins && writer.replaces()) {
      return bad_input(
          "{}: holds an unfinished scan of other inputs, which join does not replace; give that scan's command "
          "again to finish it, or choose another folder",
          writer.folder());
    }
    if (!same && !writer.replaces()) return tl::unexpected<Error>(same.error());
    goes_on = same.has_value();
    if (goes_on) PENFIELD_TRY_VOID(remove_other_shares(inputs));
  }
  holds_ = true;
  if (!goes_on) PENFIELD_TRY_VOID(unfinished_.remove());
  storage_.on_disk = storage_.on_disk || goes_on;  // what is done is not done again, also with more memory
  recorded_ = goes_on;
  if (goes_on) return std::string(kGoesOn);
  if (!storage_.on_disk) return std::string();
  PENFIELD_TRY_VOID(check_free_disk(writer.folder(), storage_.disk_bytes));
  PENFIELD_TRY_VOID(unfinished_.make_folder());
  return std::string();
}

// Passes of a process that had other weights than the first, or died before it knew its own.
Result<void> StudyStore::remove_other_shares(const store::RunInputs& inputs) const {
  PENFIELD_TRY(const std::vector<Share> shares, activations::DiskSegment::list(unfinished_.folder()));
  for (const Share& share : shares) {
    if (share.is_all() || unfinished_.is_same_share(inputs, share)) continue;
    PENFIELD_TRY_VOID(activations::DiskSegment::remove(unfinished_.folder(), share));
  }
  return {};
}

// The folders in which the passes of the parts are.
Result<std::vector<std::string>> StudyStore::check_parts() const {
  std::vector<std::string> folders;
  for (const std::string& part : division_.parts) {
    const store::UnfinishedRun run(part);
    if (!run.exists())
      return bad_input("{}: holds no part of a scan; give the command of that part again", part);
    if (is_first()) PENFIELD_TRY_VOID(run.check_same(with_weights(inputs_, hashes_->get())));
    folders.push_back(run.folder());
  }
  return folders;
}

Result<void> StudyStore::open_disk(const activations::CapturePlan& plan, std::vector<std::string> parts) {
  PENFIELD_TRY(auto disk, activations::DiskStore::open({unfinished_.folder(), division_.passes(),
                                                        std::move(parts), storage_.kept_bytes},
                                                       plan, storage_.stored_as, *calls_, *division_.team));
  disk_ = disk.get();
  store_ = std::move(disk);
  if (division_.parts.empty()) return {};
  const auto missing = disk_->missing_share();
  if (!missing) return {};
  return bad_input(
      "{} of {} passes are in the folders of the parts; part {} of {} is missing, unfinished or damaged: give "
      "its command again, which does only what is left",
      disk_->n_passes_done(), plan.passes.size(), missing->index + 1, missing->n);
}

StudyStore::~StudyStore() {
  if (!storage_.on_disk || !holds_ || kept_) return;
  const bool is_empty = disk_ != nullptr && disk_->n_passes_done() == 0;
  if (finished_ || !recorded_ || is_empty) static_cast<void>(unfinished_.remove());
}

Result<void> StudyStore::keep() {
  if (disk_ != nullptr) PENFIELD_TRY_VOID(disk_->sync());
  PENFIELD_TRY_VOID(record_now());
  kept_ = true;
  return {};
}

Result<activations::ActivationStore*> StudyStore::open_null(const activations::CapturePlan& plan) {
  if (!storage_.on_disk) {
    null_store_ = std::make_unique<activations::MemoryStore>(plan);
    return null_store_.get();
  }
  const Team& team = *division_.team;
  null_store_.reset();  // closed, or a network file system keeps its files
  null_disk_ = nullptr;
  PENFIELD_TRY_VOID(team.meet());  // all have read the one before
  PENFIELD_TRY_VOID(team.meet(team.is_first() ? unfinished_.make_part(kNull) : Result<void>()));
  PENFIELD_TRY(auto disk, activations::DiskStore::open({unfinished_.part(kNull), team.share(), {}, 0}, plan,
                                                       storage_.stored_as, *calls_, team));
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
  const bool records = division_.parts.empty();  // those of parts are recorded where they are
  if (disk_ == nullptr || !records || (recorded_ && recorded_share_) || !hashes_->are_ready()) return {};
  return record_now();
}

Result<void> StudyStore::record_now() {
  const Share share = division_.passes().value_or(Share{});
  if (!recorded_share_ && !share.is_all())
    PENFIELD_TRY_VOID(unfinished_.record(with_weights(inputs_, hashes_->get()), share));
  recorded_share_ = true;
  if (!recorded_ && is_first()) PENFIELD_TRY_VOID(unfinished_.record(with_weights(inputs_, hashes_->get())));
  recorded_ = true;
  return {};
}

tl::unexpected<Error> StudyStore::explain(Error error) {
  const bool may_go_on = error.kind == ErrorKind::kInterrupted || error.kind == ErrorKind::kIo;
  const bool keeps = division_.parts.empty() && disk_ != nullptr && disk_->n_passes_done() > 0;
  if (!may_go_on || !keeps) return tl::unexpected<Error>(std::move(error));
  const bool is_recorded = record_now().has_value();
  // The error of another process says it already.
  if (!is_recorded || error.message.empty() || division_.team->has_ended())
    return tl::unexpected<Error>(std::move(error));
  const std::string kept = division_.team->is_alone()
                               ? fmt::format("{} of {}", disk_->n_passes_done(), store_->plan().passes.size())
                               : std::string("the finished");
  error.message += fmt::format("; {} passes are kept in {}, and the same command continues from there", kept,
                               unfinished_.folder());
  return tl::unexpected<Error>(std::move(error));
}

}  // namespace penfield::study
