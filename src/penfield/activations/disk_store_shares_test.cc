// A store that several processes fill, each with the passes of its share.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "penfield/activations/disk_store.h"
#include "penfield/activations/small_capture_for_tests.h"
#include "penfield/base/threads_as_team_for_tests.h"

namespace penfield::activations {
namespace {

using formats::ScratchFolder;

// Shares of which one has no pass, one has a pass without samples, and one is not of as many as the others.
TEST(DiskStoreShares, WhatSeveralProcessesWroteIsReadAsOne) {
  const CapturePlan plan = small_plan();
  for (const StoredAs stored_as : {StoredAs::kF32, StoredAs::kBf16}) {
    const ScratchFolder whole;
    ASSERT_TRUE(run_missing_passes(*open_store(whole, plan, stored_as)));
    const auto expected_contents = contents(*open_store(whole, plan, stored_as)).value();
    for (const std::uint32_t n : {2u, 3u, 5u}) {
      const ScratchFolder folder;
      std::uint64_t n_bytes = 0;
      for (std::uint32_t i = 0; i < n; ++i) {
        const auto store = open_store(folder, plan, stored_as, Share{i, n});
        EXPECT_EQ(store->n_passes_found(), i >= 2 || n > 2 ? std::min(i, 3u) : 2 * i);
        ASSERT_TRUE(run_missing_passes(*store));
        n_bytes += DiskStore::disk_bytes(plan, stored_as, {i, n});
      }
      EXPECT_EQ(n_bytes, DiskStore::disk_bytes(plan, stored_as)) << "every row once";
      const auto reader = open_store(folder, plan, stored_as, std::nullopt);
      EXPECT_FALSE(reader->missing_share());
      EXPECT_EQ(contents(*reader).value(), expected_contents) << n;
      EXPECT_EQ(contents(*open_store(folder, plan, stored_as, Share{1, 7})).value(), expected_contents)
          << "by a process of another team";
    }
  }
}

TEST(DiskStoreShares, APassThatIsNowhereIsNamedByItsShare) {
  const CapturePlan plan = small_plan();
  const ScratchFolder first, third;
  ASSERT_TRUE(run_missing_passes(*open_store(first, plan, StoredAs::kF32, Share{0, 3})));
  ASSERT_TRUE(run_missing_passes(*open_store(third, plan, StoredAs::kF32, Share{2, 3})));
  const auto join = [&] {
    return *DiskStore::open({first.path(), std::nullopt, {third.path()}, 0}, plan, StoredAs::kF32);
  };
  EXPECT_EQ(join()->missing_share(), (Share{1, 3}));
  EXPECT_FALSE(join()->runs_pass(1)) << "it only reads";
  ASSERT_TRUE(run_missing_passes(*open_store(third, plan, StoredAs::kF32, Share{1, 3})));
  EXPECT_FALSE(join()->missing_share());
  EXPECT_EQ(contents(*join()).value(), expected(plan));
  flip_a_bit(third.path("activations-2-of-3.bin"), 3);
  EXPECT_EQ(join()->missing_share(), (Share{1, 3}));
  EXPECT_EQ(join()->n_passes_damaged(), 1u);
}

// A team of two goes on with what one process left, of which a pass is damaged, and the other way round.
TEST(DiskStoreShares, ATeamGoesOnWithWhatAnotherTeamLeft) {
  const CapturePlan plan = small_plan();
  const ScratchFolder folder;
  {
    const auto store = open_store(folder, plan);
    ASSERT_TRUE(run_pass(*store, 0));
    ASSERT_TRUE(run_pass(*store, 1));
  }
  flip_a_bit(folder.path("activations.bin"), 8 * kUnits * 4 * 2 + 5);  // an input of pass 1
  for (std::uint32_t i = 0; i < 2; ++i) {
    const auto store = open_store(folder, plan, StoredAs::kF32, Share{i, 2});
    EXPECT_EQ(store->n_passes_damaged(), i == 1 ? 1u : 0u) << "each checks its own";
    ASSERT_TRUE(run_missing_passes(*store));
  }
  EXPECT_EQ(contents(*open_store(folder, plan, StoredAs::kF32, Share{0, 2})).value(), expected(plan));
  EXPECT_EQ(contents(*open_store(folder, plan, StoredAs::kF32, Share{1, 2})).value(), expected(plan));
  const auto alone = open_store(folder, plan);
  EXPECT_EQ(alone->n_passes_found(), 3u);
  EXPECT_EQ(contents(*alone).value(), expected(plan));
}

// As where each machine has a folder of its own under the same name.
TEST(DiskStoreShares, AnEndedPassThatCannotBeFoundIsAnErrorOfAll) {
  const CapturePlan plan = small_plan();
  const ScratchFolder folder, elsewhere;
  run_team(2, [&](const Team& team) {
    const std::string seen = team.is_first() ? folder.path() : elsewhere.path();
    const auto store =
        DiskStore::open({seen, team.share(), {}, 0}, plan, StoredAs::kF32, formats::system_file_calls(), team)
            .value();
    ASSERT_TRUE(run_missing_passes(*store));
    const Result<void> ended = store->end_passes();
    ASSERT_FALSE(ended);
    EXPECT_EQ(ended.error().kind, ErrorKind::kIo);
    EXPECT_THAT(
        ended.error().message,
        testing::HasSubstr(fmt::format("passes of process {} of 2 are not there", team.is_first() ? 2 : 1)));
  });
}

TEST(DiskStoreShares, WhatMayStayInMemoryIsReadOnce) {
  const CapturePlan plan = small_plan();
  const ScratchFolder folder;
  for (std::uint32_t i = 0; i < 2; ++i)
    ASSERT_TRUE(run_missing_passes(*open_store(folder, plan, StoredAs::kF32, Share{i, 2})));
  const std::uint64_t n_bytes = MemoryStore::bytes(plan);
  for (const std::uint64_t kept : {std::uint64_t{0}, n_bytes / 2, n_bytes}) {
    const auto store = *DiskStore::open({folder.path(), std::nullopt, {}, kept}, plan, StoredAs::kF32);
    EXPECT_EQ(contents(*store).value(), expected(plan));
    const std::uint64_t n_first = store->n_bytes_read();
    EXPECT_EQ(contents(*store).value(), expected(plan));
    const std::uint64_t n_again = store->n_bytes_read() - n_first;
    EXPECT_LE(n_again, n_bytes - kept + n_bytes / 4) << "of chunks that fitted nothing is read again";
    EXPECT_EQ(n_again == n_bytes, kept == 0);
  }
}

TEST(DiskStoreShares, AJournalOfAnotherShareIsNone) {
  const CapturePlan plan = small_plan();
  const ScratchFolder folder;
  ASSERT_TRUE(run_missing_passes(*open_store(folder, plan, StoredAs::kF32, Share{0, 2})));
  for (const char* const file : {"activations-{}-of-2.bin", "passes-{}-of-2.journal"})
    std::filesystem::rename(folder.path(fmt::format(fmt::runtime(file), 1)),
                            folder.path(fmt::format(fmt::runtime(file), 2)));
  EXPECT_EQ(open_store(folder, plan, StoredAs::kF32, std::nullopt)->n_passes_found(), 0u);
}

}  // namespace
}  // namespace penfield::activations
