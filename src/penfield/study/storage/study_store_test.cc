#include "penfield/study/storage/study_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <chrono>
#include <filesystem>
#include <future>
#include <thread>
#include <vector>

#include "penfield/base/threads_as_team_for_tests.h"
#include "penfield/formats/scratch_folder_for_tests.h"

namespace penfield::study {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::size_t kRows = 4, kUnits = 8;

activations::CapturePlan plan_of_one_pass() {
  activations::CapturePlan plan;
  plan.taps = {{Site::kMlpPre}, {0}};
  plan.passes.push_back({{}, {0, {0, 1, 2, 3}}, {0, {}}});
  plan.matrices.push_back(
      {.kind = activations::CapturedMatrix::Kind::kSamples, .layer = 0, .n_rows = kRows, .n_cols = kUnits});
  return plan;
}

std::unique_ptr<WeightHashes> hashed(const std::string& hash) {
  std::promise<WeightHashes::Hashes> promise;
  promise.set_value({{"model.safetensors", hash}});
  return std::make_unique<WeightHashes>(promise.get_future().share());
}

Result<std::unique_ptr<StudyStore>> open_store(const activations::CapturePlan& plan,
                                               const WeightHashes& hashes, const store::ResultWriter& writer,
                                               const Division& division = {}) {
  return StudyStore::open(plan, {.on_disk = true, .disk_bytes = 1000}, {{"seed", "1"}}, hashes, writer,
                          division);
}

Result<void> run_passes(const activations::CapturePlan& plan, activations::ActivationStore& store) {
  const std::vector<float> values(kRows * kUnits, 0.5f);
  for (std::size_t p = 0; p < plan.passes.size(); ++p) {
    if (!store.runs_pass(p)) continue;
    PENFIELD_TRY_VOID(store.put(p, 0, {values.data(), kRows, kUnits}));
    PENFIELD_TRY_VOID(store.end_pass(p));
  }
  return {};
}

// A study with activations on disk, stopped after its only pass; the hashes come `later` than the stop.
std::string stopped_after_the_pass(const std::string& folder, std::promise<WeightHashes::Hashes>& promise,
                                   const WeightHashes& hashes) {
  const activations::CapturePlan plan = plan_of_one_pass();
  const store::ResultWriter writer = store::ResultWriter::open(folder, false).value();
  const auto store =
      StudyStore::open(plan, {.on_disk = true, .disk_bytes = 1000}, {{"seed", "1"}}, hashes, writer).value();
  const std::vector<float> values(kRows * kUnits, 0.5f);
  EXPECT_TRUE(store->activations().put(0, 0, {values.data(), kRows, kUnits}));
  EXPECT_TRUE(store->activations().end_pass(0));
  EXPECT_TRUE(store->record_inputs());
  std::thread later([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    promise.set_value({{"model.safetensors", "abc"}});
  });
  const tl::unexpected<Error> error = store->explain({ErrorKind::kInterrupted, "stopped"});
  later.join();
  return error.value().message;
}

TEST(StudyStore, AStopBeforeTheHashesAreThereLosesNoPass) {
  const formats::ScratchFolder folder;
  const std::string result = folder.path("r");
  std::promise<WeightHashes::Hashes> promise;
  const WeightHashes hashes(promise.get_future().share());
  EXPECT_THAT(stopped_after_the_pass(result, promise, hashes), HasSubstr("1 of 1 passes are kept"));

  const activations::CapturePlan plan = plan_of_one_pass();
  const store::ResultWriter writer = store::ResultWriter::open(result, false).value();
  const auto again = StudyStore::open(plan, {.on_disk = true}, {{"seed", "1"}}, hashes, writer);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_TRUE((*again)->activations().has_pass(0));
  EXPECT_THAT((*again)->taken_up(), HasSubstr("1 of 1 passes are done"));
}

bool fsync_fails = false;

int fsync_or_fail(int fd) {
  if (!fsync_fails) return formats::system_file_calls().fsync(fd);
  errno = EIO;
  return -1;
}

TEST(StudyStore, WhatIsKeptIsOnDisk) {
  const formats::ScratchFolder folder;
  formats::FileCalls calls = formats::system_file_calls();
  calls.fsync = fsync_or_fail;
  const store::ResultWriter writer = store::ResultWriter::open(folder.path("r"), false, calls).value();
  const activations::CapturePlan plan = plan_of_one_pass();
  const auto hashes = hashed("abc");
  const auto store = open_store(plan, *hashes, writer).value();
  ASSERT_TRUE(run_passes(plan, store->activations()));
  ASSERT_TRUE(store->record_inputs());
  fsync_fails = true;
  const Result<void> failed = store->keep();
  fsync_fails = false;
  ASSERT_FALSE(failed) << "the inputs are on disk, but not the passes";
  EXPECT_EQ(failed.error().kind, ErrorKind::kIo);
  EXPECT_THAT(failed.error().message, HasSubstr("activations.bin: cannot be written"));
  EXPECT_TRUE(store->keep());
}

class EndedTeam final : public Team {
 public:
  [[nodiscard]] bool has_ended() const override { return true; }
};

TEST(StudyStore, TheErrorOfAnotherProcessIsNotExplainedTwice) {
  const formats::ScratchFolder folder;
  const store::ResultWriter writer = store::ResultWriter::open(folder.path("r"), false).value();
  const activations::CapturePlan plan = plan_of_one_pass();
  const auto hashes = hashed("abc");
  const EndedTeam team;
  {
    const auto store = open_store(plan, *hashes, writer, {.team = &team}).value();
    ASSERT_TRUE(run_passes(plan, store->activations()));
    EXPECT_EQ(store->explain({ErrorKind::kIo, "explained"}).value().message, "explained");
  }
  EXPECT_TRUE(writer.unfinished_run().exists()) << "and yet they are kept";
}

activations::CapturePlan plan_of_two_passes() {
  activations::CapturePlan plan = plan_of_one_pass();
  plan.passes.push_back({{}, {kRows, {0, 1, 2, 3}}, {0, {}}});
  plan.matrices[0].n_rows = 2 * kRows;
  return plan;
}

// Two processes on one folder, of which the second has `second` for weights: each runs its pass, compares
// its weights and is stopped.
Result<void> run_two(const std::string& folder, const std::string& second) {
  const activations::CapturePlan plan = plan_of_two_passes();
  const store::ResultWriter first = store::ResultWriter::open(folder, false).value();
  Result<void> outcome;
  run_team(2, [&](const Team& team) {
    const auto beside = store::ResultWriter::beside(folder);
    const auto hashes = hashed(team.is_first() ? "abc" : second);
    const auto opened = open_store(plan, *hashes, team.is_first() ? first : beside, {.team = &team});
    Result<void> here = opened ? run_passes(plan, (*opened)->activations())
                               : Result<void>(tl::unexpected<Error>(opened.error()));
    if (here) here = (*opened)->record_inputs();
    if (here) here = (*opened)->check_weights();
    if (opened) static_cast<void>((*opened)->explain({ErrorKind::kInterrupted, "stopped"}));
    if (!team.is_first()) outcome = here;
  });
  return outcome;
}

TEST(StudyStore, AProcessWithOtherWeightsIsNamedAndItsPassesAreDoneAnew) {
  const formats::ScratchFolder folder;
  const std::string result = folder.path("r");
  const Result<void> other = run_two(result, "abd");
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().kind, ErrorKind::kBadInput);
  EXPECT_THAT(other.error().message,
              HasSubstr("process 2 of 2 has other inputs than the first: weights model.safetensors abd"));

  const activations::CapturePlan plan = plan_of_two_passes();
  const auto hashes = hashed("abc");
  {
    const store::ResultWriter writer = store::ResultWriter::open(result, false).value();
    const auto again = open_store(plan, *hashes, writer).value();
    EXPECT_TRUE(again->activations().has_pass(0));
    EXPECT_FALSE(again->activations().has_pass(1)) << "of other weights";
    static_cast<void>(again->explain({ErrorKind::kInterrupted, "stopped"}));
  }
  ASSERT_TRUE(run_two(result, "abc"));
  {
    const store::ResultWriter writer = store::ResultWriter::open(result, false).value();
    const auto whole = open_store(plan, *hashes, writer).value();
    EXPECT_TRUE(whole->activations().has_pass(0) && whole->activations().has_pass(1));
    static_cast<void>(whole->explain({ErrorKind::kInterrupted, "stopped"}));
  }
  const Result<void> refused = run_two(result, "abd");
  ASSERT_FALSE(refused) << "before it adds to what is recorded";
  const store::ResultWriter writer = store::ResultWriter::open(result, false).value();
  EXPECT_TRUE(open_store(plan, *hashes, writer).value()->activations().has_pass(1));
}

TEST(StudyStore, NothingIsKeptOfAStudyThatCannotBeContinued) {
  const formats::ScratchFolder folder;
  const std::string result = folder.path("r");
  std::promise<WeightHashes::Hashes> promise;
  promise.set_value({});
  const WeightHashes hashes(promise.get_future().share());
  const activations::CapturePlan plan = plan_of_one_pass();
  {
    const store::ResultWriter writer = store::ResultWriter::open(result, false).value();
    const auto store =
        StudyStore::open(plan, {.on_disk = true, .disk_bytes = 1000}, {{"seed", "1"}}, hashes, writer)
            .value();
    const tl::unexpected<Error> error = store->explain({ErrorKind::kInterrupted, "stopped"});
    EXPECT_THAT(error.value().message, Not(HasSubstr("kept"))) << "no pass is done";
  }
  EXPECT_FALSE(std::filesystem::exists(result + "/.unfinished"));
}

}  // namespace
}  // namespace penfield::study
