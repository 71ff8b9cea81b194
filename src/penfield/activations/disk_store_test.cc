#include "penfield/activations/disk_store.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <filesystem>
#include <functional>

#include "penfield/activations/memory_store.h"
#include "penfield/activations/small_capture_for_tests.h"
#include "penfield/base/parallel.h"

namespace penfield::activations {
namespace {

using formats::ScratchFolder;

TEST(DiskStore, GivesWhatMemoryGives) {
  const CapturePlan plan = small_plan();
  for (const int threads : {1, 3}) {
    set_threads(threads);
    const ScratchFolder folder;
    const auto store = open_store(folder, plan);
    ASSERT_TRUE(run_missing_passes(*store));
    EXPECT_EQ(contents(*store).value(), expected(plan));
    EXPECT_EQ(contents(*store).value(), expected(plan)) << "read again";
    EXPECT_EQ(std::filesystem::file_size(folder.path("activations.bin")),
              DiskStore::disk_bytes(plan, StoredAs::kF32));
    EXPECT_EQ(DiskStore::disk_bytes(plan, StoredAs::kF32), MemoryStore::bytes(plan));
  }
  set_threads(0);
}

TEST(DiskStore, BlocksSayWhichUnitsOfWhichLayerTheyHold) {
  const CapturePlan plan = small_plan();
  const ScratchFolder folder;
  const auto store = open_store(folder, plan);
  ASSERT_TRUE(run_missing_passes(*store));
  std::vector<std::vector<float>> layers(2);
  std::size_t n_blocks = 0;
  const auto take = [&](const ActivationBlock& block) -> Result<void> {
    std::vector<float>& layer = layers.at(block.layer);
    layer.resize(block.values.rows * kUnits);
    for (std::size_t r = 0; r < block.values.rows; ++r)
      std::ranges::copy(block.values.row(r),
                        layer.begin() + static_cast<std::ptrdiff_t>(r * kUnits + block.first_unit));
    ++n_blocks;
    return {};
  };
  const auto all = expected(plan);
  const std::vector<std::vector<float>> whole(all.begin(), all.begin() + 2);
  ASSERT_TRUE(store->for_each_block(1 << 20, take));
  EXPECT_GT(n_blocks, 2u) << "a layer is more than one block";
  EXPECT_EQ(layers, whole);
  const std::size_t n_chunks = n_blocks;
  n_blocks = 0;
  layers.assign(2, {});
  ASSERT_TRUE(store->for_each_block(5, take));
  EXPECT_GT(n_blocks, n_chunks);
  EXPECT_EQ(layers, whole) << "in blocks of five units";
}

TEST(DiskStore, RoundsToHalfTheSizeWhereAsked) {
  const CapturePlan plan = small_plan();
  const ScratchFolder folder;
  const auto store = open_store(folder, plan, StoredAs::kBf16);
  ASSERT_TRUE(run_missing_passes(*store));
  EXPECT_EQ(DiskStore::disk_bytes(plan, StoredAs::kBf16), MemoryStore::bytes(plan) / 2);
  const auto rounded = contents(*store).value();
  const auto exact = expected(plan);
  for (std::size_t m = 0; m < exact.size(); ++m) {
    for (std::size_t i = 0; i < exact[m].size(); ++i) {
      // bfloat16 has eight significant bits.
      EXPECT_LE(std::abs(rounded[m][i] - exact[m][i]), std::abs(exact[m][i]) / 256);
      EXPECT_EQ(std::bit_cast<std::uint32_t>(rounded[m][i]) & 0xffffu, 0u);
    }
  }
}

TEST(DiskStore, ALaterProcessGoesOnWithThePassesThatEnded) {
  const CapturePlan plan = small_plan();
  const ScratchFolder folder;
  {
    const auto store = open_store(folder, plan);
    EXPECT_EQ(store->n_passes_found(), 0u);
    ASSERT_TRUE(run_pass(*store, 2));
    ASSERT_TRUE(run_pass(*store, 0));
    const std::vector<float> values = values_of(plan, 1, 0);
    ASSERT_TRUE(store->put(1, 0, {values.data(), kPassRows, kUnits}));  // and is killed
  }
  const auto store = open_store(folder, plan);
  EXPECT_EQ(store->n_passes_found(), 2u);
  EXPECT_EQ(store->n_passes_damaged(), 0u);
  EXPECT_TRUE(store->has_pass(0));
  EXPECT_FALSE(store->has_pass(1));
  EXPECT_TRUE(store->has_pass(2));
  ASSERT_TRUE(run_missing_passes(*store));
  EXPECT_EQ(contents(*store).value(), expected(plan));
}

// Of every matrix, the first and the last row of every pass.
TEST(DiskStore, AFlippedBitIsFoundAndOnlyItsPassDoneAnew) {
  const CapturePlan plan = small_plan();
  const DiskLayout layout(plan, StoredAs::kF32);
  for (std::size_t p = 0; p < plan.passes.size(); ++p) {
    for (std::size_t m = 0; m < plan.matrices.size(); ++m) {
      const RowRange& rows = plan.passes[p].rows(plan.matrices[m].kind);
      if (rows.from.empty()) continue;
      const ScratchFolder folder;
      ASSERT_TRUE(run_missing_passes(*open_store(folder, plan)));
      const DiskLayout::Chunk chunk = layout.chunk(m, layout.n_chunks(m) - 1);
      const std::uint64_t first = chunk.first_byte + rows.first * chunk.row_bytes;
      const std::uint64_t last = first + rows.from.size() * chunk.row_bytes - 1;
      flip_a_bit(folder.path("activations.bin"), p % 2 == 0 ? first : last);
      const auto store = open_store(folder, plan);
      EXPECT_EQ(store->n_passes_damaged(), 1u);
      EXPECT_EQ(store->n_passes_found(), 2u);
      EXPECT_FALSE(store->has_pass(p));
      ASSERT_TRUE(run_missing_passes(*store));
      EXPECT_EQ(contents(*store).value(), expected(plan));
      EXPECT_EQ(open_store(folder, plan)->n_passes_found(), 3u) << "the later record counts";
    }
  }
}

TEST(DiskStore, ABitThatFlipsUnderTheReaderIsAnError) {
  const CapturePlan plan = small_plan();
  const ScratchFolder folder;
  const auto store = open_store(folder, plan);
  ASSERT_TRUE(run_missing_passes(*store));
  flip_a_bit(folder.path("activations.bin"), 8 * kUnits * 4 + 17);
  const auto read = contents(*store);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().kind, ErrorKind::kIo);
  EXPECT_NE(read.error().message.find("activations.bin"), std::string::npos);
}

// A program may be killed, and a disk may lose the end of a file, at any byte of the journal.
TEST(DiskStore, AJournalCutAnywhereIsReadAsFarAsItGoes) {
  const CapturePlan plan = small_plan();
  const ScratchFolder folder;
  ASSERT_TRUE(run_missing_passes(*open_store(folder, plan)));
  const std::string whole = folder.read("passes.journal");
  const std::size_t record = 4 * (DiskLayout(plan, StoredAs::kF32).n_all_chunks() + 2);
  const std::size_t header = whole.size() - 3 * record;
  for (std::size_t n = 0; n <= whole.size(); n += n + 1 == header ? 1 : 3) {
    folder.write("passes.journal", whole.substr(0, n));
    EXPECT_EQ(open_store(folder, plan)->n_passes_found(), n < header ? 0 : (n - header) / record) << n;
    if (n >= header) continue;
    ASSERT_TRUE(run_missing_passes(*open_store(folder, plan)));  // the values went with it
  }
  std::string spoilt = whole;
  spoilt[header + record + 5] ^= 1;  // in the second record: the first stays
  folder.write("passes.journal", spoilt);
  const auto store = open_store(folder, plan);
  EXPECT_EQ(store->n_passes_found(), 1u);
  ASSERT_TRUE(run_missing_passes(*store));
  EXPECT_EQ(contents(*store).value(), expected(plan));
}

TEST(DiskStore, WhatIsOfAnotherPlanOrFormIsDoneAnew) {
  const CapturePlan plan = small_plan();
  const ScratchFolder folder;
  ASSERT_TRUE(run_missing_passes(*open_store(folder, plan)));
  EXPECT_EQ(open_store(folder, plan, StoredAs::kBf16)->n_passes_found(), 0u);
  ASSERT_TRUE(run_missing_passes(*open_store(folder, plan, StoredAs::kBf16)));
  CapturePlan other = plan;
  other.matrices.pop_back();
  EXPECT_EQ(open_store(folder, other, StoredAs::kBf16)->n_passes_found(), 0u);
  ASSERT_TRUE(run_missing_passes(*open_store(folder, other, StoredAs::kBf16)));
  std::filesystem::resize_file(folder.path("activations.bin"), 100);
  EXPECT_EQ(open_store(folder, other, StoredAs::kBf16)->n_passes_found(), 0u);
}

struct Countdown {
  int n_calls = 0;    // so far
  int fails_at = -1;  // the number of the call that fails
  int error = ENOSPC;
};
Countdown countdown;

bool fails_now() {
  if (countdown.n_calls++ != countdown.fails_at) return false;
  errno = countdown.error;
  return true;
}

constexpr formats::FileCalls kCountedCalls = {
    [](const char* path) { return fails_now() ? -1 : formats::system_file_calls().create(path); },
    [](int fd, const void* bytes, std::size_t n) {
      return fails_now() ? ssize_t{-1} : formats::system_file_calls().write(fd, bytes, n);
    },
    [](int fd) { return fails_now() ? -1 : formats::system_file_calls().fsync(fd); },
    [](const char* from, const char* to) {
      return fails_now() ? -1 : formats::system_file_calls().rename(from, to);
    },
    [](int fd, const void* bytes, std::size_t n, off_t at) {
      return fails_now() ? ssize_t{-1} : formats::system_file_calls().pwrite(fd, bytes, n, at);
    },
    [](int fd, off_t n) { return fails_now() ? -1 : formats::system_file_calls().reserve(fd, n); },
};

Result<void> fill(const std::string& folder, const CapturePlan& plan) {
  PENFIELD_TRY(const auto store,
               DiskStore::open({folder, Share{}, {}, 0}, plan, StoredAs::kF32, kCountedCalls));
  return run_missing_passes(*store);
}

TEST(DiskStore, AFullDiskOrAFaultAtAnyCallIsAnErrorAndTheSameAgainGoesOn) {
  set_threads(1);  // so that the calls are counted in order
  const CapturePlan plan = small_plan();
  countdown = {};
  ASSERT_TRUE(fill(ScratchFolder().path(), plan));
  const int n_calls = countdown.n_calls;
  EXPECT_GT(n_calls, 3 * 4);
  for (const int error : {ENOSPC, EIO}) {
    for (int i = 0; i < n_calls; ++i) {
      const ScratchFolder folder;
      countdown = {0, i, error};
      const auto failed = fill(folder.path(), plan);
      ASSERT_FALSE(failed) << i;
      EXPECT_EQ(failed.error().kind, ErrorKind::kIo);
      EXPECT_EQ(failed.error().message.find('\n'), std::string::npos);
      const auto store = open_store(folder, plan);
      EXPECT_EQ(store->n_passes_damaged(), 0u);
      ASSERT_TRUE(run_missing_passes(*store));
      EXPECT_EQ(contents(*store).value(), expected(plan)) << i;
    }
  }
  set_threads(0);
}

TEST(DiskLayout, ChunksHoldEveryValueOnceAndStaySmallHoweverManyRows) {
  for (const std::size_t n_rows : {1, 440, 9000, 100'000, 1'000'000}) {
    for (const std::size_t n_cols : {5, 64, 300, 4096}) {
      CapturePlan plan;
      for (int i = 0; i < 2; ++i) plan.matrices.push_back({.n_rows = n_rows, .n_cols = n_cols});
      const DiskLayout layout(plan, StoredAs::kF32);
      std::uint64_t next_byte = 0;
      for (std::size_t m = 0; m < 2; ++m) {
        std::size_t next_col = 0;
        EXPECT_EQ(layout.first_chunk(m), m * layout.n_chunks(0));
        for (std::size_t c = 0; c < layout.n_chunks(m); ++c) {
          const DiskLayout::Chunk chunk = layout.chunk(m, c);
          EXPECT_EQ(chunk.first_col, next_col);
          EXPECT_EQ(chunk.first_byte, next_byte);
          EXPECT_EQ(chunk.n_bytes, n_rows * chunk.n_cols * 4);
          EXPECT_LE(chunk.n_cols, 256u);
          EXPECT_LE(chunk.n_bytes, std::max<std::uint64_t>(std::uint64_t{8} << 20, n_rows * 64 * 4));
          next_col += chunk.n_cols;
          next_byte += chunk.n_bytes;
        }
        EXPECT_EQ(next_col, n_cols);
      }
      EXPECT_EQ(layout.n_bytes(), next_byte);
    }
  }
}

}  // namespace
}  // namespace penfield::activations
