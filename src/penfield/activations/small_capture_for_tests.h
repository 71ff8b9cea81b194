// A small capture that is filled as a scan would fill it, and what it then holds.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "penfield/activations/disk_store.h"
#include "penfield/activations/memory_store.h"
#include "penfield/base/random.h"
#include "penfield/formats/scratch_folder_for_tests.h"

namespace penfield::activations {

inline constexpr std::size_t kPassRows = 40, kUnits = 300, kWidth = 24;

// Three passes over two layers: five samples in the first, none in the second, three in the third; the second
// and the third are shown.
inline CapturePlan small_plan() {
  CapturePlan plan;
  plan.taps = {{Site::kMlpPre}, {0, 1}};
  const std::vector<RowRange> samples = {{0, {3, 4, 9, 20, 39}}, {5, {}}, {5, {0, 1, 38}}};
  std::vector<std::uint32_t> shown(kPassRows);
  for (std::uint32_t t = 0; t < kPassRows; ++t) shown[t] = t;
  const std::vector<RowRange> inputs = {{0, {}}, {0, shown}, {kPassRows, shown}};
  for (std::size_t p = 0; p < 3; ++p) plan.passes.push_back({{}, samples[p], inputs[p]});
  for (const std::uint32_t layer : plan.taps.layers) {
    plan.matrices.push_back(
        {.kind = CapturedMatrix::Kind::kSamples, .layer = layer, .n_rows = 8, .n_cols = kUnits});
  }
  for (const std::uint32_t layer : plan.taps.layers) {
    plan.matrices.push_back(
        {.kind = CapturedMatrix::Kind::kInputs, .layer = layer, .n_rows = 2 * kPassRows, .n_cols = kWidth});
  }
  return plan;
}

// What a pass has at a matrix: the same whenever it is run.
inline std::vector<float> values_of(const CapturePlan& plan, std::size_t pass, std::size_t matrix) {
  Random random(100 * pass + matrix + 1);
  std::vector<float> values(kPassRows * plan.matrices[matrix].n_cols);
  for (float& value : values) value = static_cast<float>(random.uniform() - 0.5);
  return values;
}

inline Result<void> run_pass(ActivationStore& store, std::size_t pass) {
  const CapturePlan& plan = store.plan();
  for (std::size_t m = 0; m < plan.matrices.size(); ++m) {
    const std::vector<float> values = values_of(plan, pass, m);
    PENFIELD_TRY_VOID(store.put(pass, m, {values.data(), kPassRows, plan.matrices[m].n_cols}));
  }
  return store.end_pass(pass);
}

inline Result<void> run_missing_passes(ActivationStore& store) {
  for (std::size_t p = 0; p < store.plan().passes.size(); ++p) {
    if (store.runs_pass(p)) PENFIELD_TRY_VOID(run_pass(store, p));
  }
  return {};
}

// All matrices, put together from their blocks.
inline Result<std::vector<std::vector<float>>> contents(const ActivationStore& store) {
  std::vector<std::vector<float>> out;
  for (std::size_t m = 0; m < store.plan().matrices.size(); ++m) {
    const CapturedMatrix& shape = store.plan().matrices[m];
    std::vector<float>& whole = out.emplace_back(shape.n_values());
    std::size_t next_col = 0;
    PENFIELD_TRY_VOID(store.visit_columns(m, [&](std::size_t first_col, MatrixView<const float> values) {
      EXPECT_EQ(first_col, next_col);
      EXPECT_EQ(values.rows, shape.n_rows);
      next_col += values.cols;
      for (std::size_t r = 0; r < values.rows; ++r)
        std::ranges::copy(values.row(r),
                          whole.begin() + static_cast<std::ptrdiff_t>(r * shape.n_cols + first_col));
      return Result<void>();
    }));
    EXPECT_EQ(next_col, shape.n_cols);
  }
  return out;
}

inline std::vector<std::vector<float>> expected(const CapturePlan& plan) {
  MemoryStore store(plan);
  EXPECT_TRUE(run_missing_passes(store));
  return contents(store).value();
}

inline std::unique_ptr<DiskStore> open_store(const formats::ScratchFolder& folder, const CapturePlan& plan,
                                             StoredAs stored_as = StoredAs::kF32,
                                             std::optional<Share> share = Share{}) {
  auto store = DiskStore::open({folder.path(), share, {}, 0}, plan, stored_as);
  EXPECT_TRUE(store) << (store ? "" : store.error().message);
  return *std::move(store);
}

inline void flip_a_bit(const std::string& path, std::uint64_t at) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(static_cast<std::streamoff>(at));
  const auto byte = static_cast<char>(file.get() ^ 4);
  file.seekp(static_cast<std::streamoff>(at));
  file.put(byte);
}

}  // namespace penfield::activations
