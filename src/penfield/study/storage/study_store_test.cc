#include "penfield/study/storage/study_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <future>
#include <thread>
#include <vector>

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
