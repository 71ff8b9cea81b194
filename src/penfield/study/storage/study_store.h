// The activations of one study, in memory or in its result folder's .unfinished, and with the latter what
// makes a run that was stopped go on: its inputs are recorded, and compared by the next.
#pragma once

#include <memory>
#include <string>

#include "penfield/activations/activation_store.h"
#include "penfield/activations/disk_store.h"
#include "penfield/base/result.h"
#include "penfield/store/result_folder.h"
#include "penfield/store/unfinished_run.h"
#include "penfield/study/storage/division.h"
#include "penfield/study/storage/storage.h"
#include "penfield/study/storage/weight_hashes.h"

namespace penfield::study {

class StudyStore {
 public:
  // Where the folder of `writer` has an unfinished run of the same inputs, goes on with it; one of other
  // inputs is refused (kBadInput) or, where the writer replaces what is there, removed. `inputs` are all but
  // the weights' hashes. The plan and the hashes must outlive the store. kIo: not enough disk, or cannot be
  // written. kBadInput also: parts of other inputs, or parts that lack a pass; a process of the team that has
  // other inputs.
  [[nodiscard]] static Result<std::unique_ptr<StudyStore>> open(const activations::CapturePlan& plan,
                                                                Storage storage, store::RunInputs inputs,
                                                                const WeightHashes& hashes,
                                                                const store::ResultWriter& writer,
                                                                const Division& division = {});
  StudyStore(const StudyStore&) = delete;
  StudyStore& operator=(const StudyStore&) = delete;
  ~StudyStore();  // what is of no use to a later run is removed

  [[nodiscard]] activations::ActivationStore& activations() const { return *store_; }
  // "goes on with an unfinished run: 3 of 8 passes are there"; empty where none was.
  [[nodiscard]] std::string taken_up() const;
  // Those of the shuffled model, kept where the others are, and not for a later run. The plan must outlive
  // the store. kIo as in open.
  [[nodiscard]] Result<activations::ActivationStore*> open_null(const activations::CapturePlan& plan);
  // To disk and from it; 0 in memory.
  [[nodiscard]] std::uint64_t n_bytes_written() const;
  [[nodiscard]] std::uint64_t n_bytes_read() const;

  // To be called when the passes have ended. kBadInput: a process of the team has other weights. Waits for
  // the hashes where there is a team.
  [[nodiscard]] Result<void> check_weights() const;
  // To be called now and then while passes and fits run: records the inputs once the hashes are there.
  [[nodiscard]] Result<void> record_inputs();
  // `error`, which ends the study, with what is kept for the same command. Where passes are done but the
  // hashes are not, waits for them: without recorded inputs the passes would be lost.
  [[nodiscard]] tl::unexpected<Error> explain(Error error);
  // The result is written: nothing is kept.
  void finish() { finished_ = true; }
  // The passes are on disk, and kept for `join`. kIo: they cannot be brought there, or their inputs cannot be
  // recorded.
  [[nodiscard]] Result<void> keep();

 private:
  StudyStore(Storage storage, store::RunInputs inputs, const WeightHashes& hashes,
             store::UnfinishedRun unfinished, const formats::FileCalls& calls, Division division)
      : storage_(storage),
        inputs_(std::move(inputs)),
        hashes_(&hashes),
        unfinished_(std::move(unfinished)),
        calls_(&calls),
        division_(std::move(division)) {}
  [[nodiscard]] Result<void> check_team(const store::RunInputs& inputs) const;
  [[nodiscard]] Result<std::string> prepare_folder(const store::ResultWriter& writer);
  [[nodiscard]] Result<void> remove_other_shares(const store::RunInputs& inputs) const;
  [[nodiscard]] Result<std::vector<std::string>> check_parts() const;
  [[nodiscard]] Result<void> open_disk(const activations::CapturePlan& plan, std::vector<std::string> parts);
  [[nodiscard]] Result<void> record_now();
  [[nodiscard]] bool is_first() const { return division_.team->is_first(); }

  Storage storage_;
  store::RunInputs inputs_;
  const WeightHashes* hashes_;
  store::UnfinishedRun unfinished_;
  const formats::FileCalls* calls_;
  Division division_;
  std::unique_ptr<activations::ActivationStore> store_, null_store_;
  activations::DiskStore *disk_ = nullptr, *null_disk_ = nullptr;  // those, where they are on disk
  bool holds_ = false;           // what is in the unfinished run's folder is this process's to remove
  bool recorded_ = false;        // the inputs of the run
  bool recorded_share_ = false;  // and, of a process that does a share, its own
  bool kept_ = false, finished_ = false;
};

}  // namespace penfield::study
