#include "penfield/study/study.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <cstring>
#include <set>

#include "penfield/formats/scratch_folder_for_tests.h"
#include "penfield/store/units_table.h"

namespace penfield::study {
namespace {

using ::testing::HasSubstr;

StudyRequest request_of(std::uint64_t n_windows, Spill spill) {
  StudyRequest request;
  request.model = request.model_folder = "models/demo";
  request.texts = {"data/demo/articles.txt"};
  request.profile = Profile::kDescriptive;
  request.n_discovery = request.n_held_out = n_windows;
  request.spill = spill;
  return request;
}

Result<StudyResult> run(const StudyRequest& request, const std::string& folder, const Watch& watch = {},
                        const formats::FileCalls& calls = formats::system_file_calls()) {
  PENFIELD_TRY(store::ResultWriter writer, store::ResultWriter::open(folder, false, calls));
  return run_study(request, "0", writer, watch);
}

std::string units_text(const StudyResult& result) {
  return store::format_units(result.units, store::UnitColumns::kScan, false);
}

int create_no_inputs(const char* path) {
  if (std::strstr(path, "inputs.tsv") == nullptr) return formats::system_file_calls().create(path);
  errno = ENOSPC;
  return -1;
}

TEST(Study, PassesEndWhereTheirInputsCannotBeRecorded) {
  const formats::ScratchFolder folder;
  formats::FileCalls calls = formats::system_file_calls();
  calls.create = create_no_inputs;
  std::uint64_t n_done = 0, n_all = 0;
  const Watch watch([&](std::string_view stage, std::uint64_t done, std::uint64_t all, std::string_view) {
    if (stage == "forward") n_done = done, n_all = all;
    return Result<void>();
  });
  const auto result = run(request_of(100, Spill::kF32), folder.path("r"), watch, calls);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kIo) << result.error().message;
  EXPECT_THAT(result.error().message, HasSubstr("inputs.tsv"));
  EXPECT_EQ(n_all, 200u);
  EXPECT_LT(n_done, 150u) << "the weights' hashes, which inputs.tsv holds, are there long before";
}

TEST(Study, TheShuffledModelGivesTheSameWhereverItsActivationsAre) {
  const formats::ScratchFolder folder;
  StudyRequest request = request_of(4, Spill::kAuto);
  request.controls.nulls = parse_nulls("weights,init,rotation").value();
  request.controls.n_null_runs = 2;
  const auto in_memory = run(request, folder.path("memory"));
  request.spill = Spill::kF32;
  const auto on_disk = run(request, folder.path("disk"));
  ASSERT_TRUE(in_memory) << in_memory.error().message;
  ASSERT_TRUE(on_disk) << on_disk.error().message;
  EXPECT_EQ(units_text(*in_memory), units_text(*on_disk));
  for (std::size_t kind = 0; kind < 3; ++kind) {
    const auto& x = in_memory->run.controls.nulls.at(kind);
    const auto& y = on_disk->run.controls.nulls.at(kind);
    EXPECT_EQ(x.best_neglog10_p, y.best_neglog10_p);
    ASSERT_EQ(x.runs.size(), 2u);
    EXPECT_NE(x.runs[0].largest_auc, x.runs[1].largest_auc) << "every run is another null";
    EXPECT_EQ(x.runs[1].largest_auc, y.runs[1].largest_auc);
    EXPECT_EQ(x.n_units_beyond, y.n_units_beyond);
  }
  const auto& a = in_memory->run.controls.nulls.at(0);
  const auto null_stage = [](const StudyResult& result) {
    for (const store::StageRecord& stage : result.run.stages) {
      if (stage.name == "null") return stage;
    }
    return store::StageRecord{};
  };
  EXPECT_EQ(null_stage(*in_memory).bytes_written, 0u);
  EXPECT_GE(null_stage(*on_disk).bytes_written, a.layers.size() * 256 * sizeof(float) * 100);
  EXPECT_FALSE(std::filesystem::exists(folder.path("disk/.unfinished")));
}

TEST(Study, EveryStageHasTheBytesThatItRead) {
  const formats::ScratchFolder folder;
  StudyRequest request = request_of(4, Spill::kF32);
  request.permutation.n_permutations = 20;
  request.controls.n_draws = 3;
  const auto result = run(request, folder.path("r"));
  ASSERT_TRUE(result) << result.error().message;
  std::map<std::string, std::uint64_t> n_read;
  for (const store::StageRecord& stage : result->run.stages) n_read[stage.name] = stage.bytes_read;
  EXPECT_GT(n_read["fit"], 0u);
  EXPECT_EQ(n_read["permute"], 2 * n_read["fit"]) << "once to rank, once for the permutations";
  EXPECT_EQ(n_read["draws"], 2 * n_read["fit"]) << "two further draws";
}

TEST(Study, StopsBeforeTheFirstPassToo) {
  const formats::ScratchFolder folder;
  std::stop_source source;
  source.request_stop();
  std::uint64_t n_reports = 0;
  const Watch watch(
      [&](std::string_view, std::uint64_t, std::uint64_t, std::string_view) {
        ++n_reports;
        return Result<void>();
      },
      source.get_token());
  const auto result = run(request_of(2, Spill::kAuto), folder.path("r"), watch);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kInterrupted) << result.error().message;
  EXPECT_EQ(n_reports, 0u);
  EXPECT_FALSE(std::filesystem::exists(folder.path("r")));
}

TEST(Study, StopsBetweenTheLayersOfEveryStage) {
  const formats::ScratchFolder folder;
  StudyRequest request = request_of(2, Spill::kAuto);
  request.controls.n_draws = 2;
  request.controls.nulls = parse_nulls("labels").value();
  request.permutation.n_permutations = 20;
  for (const std::string stage_to_stop : {"forward", "fit", "permute", "draws", "null"}) {
    std::stop_source source;
    std::uint64_t n_calls = 0;
    const Watch watch(
        [&](std::string_view stage, std::uint64_t, std::uint64_t, std::string_view) {
          n_calls += source.stop_requested() ? 1 : 0;
          if (stage == stage_to_stop) source.request_stop();
          return Result<void>();
        },
        source.get_token());
    const auto result = run(request, folder.path(stage_to_stop), watch);
    ASSERT_FALSE(result) << stage_to_stop;
    EXPECT_EQ(result.error().kind, ErrorKind::kInterrupted) << result.error().message;
    EXPECT_LE(n_calls, 1u) << stage_to_stop << " goes on";
    EXPECT_FALSE(std::filesystem::exists(folder.path(stage_to_stop))) << "nothing is left";
  }
}

// What --dry-run says of work besides the scan.
TEST(Study, TheEstimateKnowsPermutationsDrawsAndNulls) {
  StudyRequest plain = request_of(4, Spill::kAuto);
  plain.regression.firth =
      association::Firth::kSeparated;  // else the few unseen tokens take most of the time
  const auto base = estimate_study(plain);
  ASSERT_TRUE(base) << base.error().message;
  EXPECT_EQ(base->fits.permutation_flop, 0);
  EXPECT_EQ(base->null_forward_flop, 0);

  StudyRequest permuted = plain;
  permuted.permutation.n_permutations = 1000;
  const auto with_permutations = estimate_study(permuted);
  const double n_discovery = static_cast<double>(base->counts[0].n_target + base->counts[0].n_comparison);
  EXPECT_DOUBLE_EQ(with_permutations->fits.permutation_flop,
                   2 * n_discovery * static_cast<double>(base->n_units) * 1000);
  EXPECT_GE(with_permutations->fits.bytes, static_cast<std::uint64_t>(n_discovery * 1000 * sizeof(float)));
  EXPECT_GT(with_permutations->fits.bytes, base->fits.bytes);

  StudyRequest drawn = plain;
  drawn.controls.n_draws = 11;
  EXPECT_GT(estimate_study(drawn)->fits.thread_seconds, 4 * base->fits.thread_seconds);

  StudyRequest other_labels = plain;
  other_labels.controls.nulls = parse_nulls("labels").value();
  other_labels.controls.n_null_runs = 50;
  EXPECT_GT(estimate_study(other_labels)->fits.thread_seconds, 30 * base->fits.thread_seconds);

  StudyRequest shuffled = plain;
  shuffled.controls.nulls = parse_nulls("weights").value();
  shuffled.controls.n_null_runs = 3;
  EXPECT_EQ(estimate_study(shuffled)->null_forward_flop, 3 * base->forward_flop);
}

}  // namespace
}  // namespace penfield::study
