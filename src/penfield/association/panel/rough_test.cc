// The steps in single precision: how near they come, on every set of instructions, and what they leave alone.
#include <gtest/gtest.h>
#include <hwy/aligned_allocator.h>
#include <hwy/targets.h>

#include <cmath>
#include <numeric>
#include <vector>

#include "penfield/association/panel/lanes.h"
#include "penfield/association/panel/panel.h"
#include "penfield/association/scalar/simulated_columns_for_tests.h"

namespace penfield::association {
namespace {

template <class T>
struct Example {
  std::size_t n;
  hwy::AlignedFreeUniquePtr<T[]> memory;
  PanelView<T> panel;
  PanelArray<ColumnMoments> moments;
  PanelLanes lanes{};

  // Lines begin at zero slope: farther off than those of panel_logistic.
  Example(std::size_t n_samples, double max_d)
      : n(n_samples),
        memory(hwy::AllocateAligned<T>(n_samples * kPanelUnits)),
        panel{memory.get(), n / 2, n - n / 2} {
    std::vector<std::uint8_t> labels(n, 0);
    std::fill_n(labels.begin(), n / 2, std::uint8_t{1});
    const auto x = simulated::activations<float>(labels, kPanelUnits, max_d, 5);
    std::vector<T> values(x.begin(), x.end());
    std::vector<std::size_t> rows(n);
    std::iota(rows.begin(), rows.end(), std::size_t{0});
    EXPECT_EQ(gather_panel<T>(values.data(), kPanelUnits, kPanelUnits, rows, panel), 0u);
    const auto scratch = hwy::AllocateAligned<T>(panel_scratch_size(n));
    sort_panel(panel, scratch.get());
    moments = panel_moments(panel);
    for (std::size_t c = 0; c < kPanelUnits; ++c) {
      const ColumnMoments& column = moments[c];
      lanes.centre[c] = column.centre;
      lanes.inv_sd[c] = 1 / column.sd();
      lanes.z_max[c] = 10;
      lanes.open[c] = 1;
    }
  }
};

TEST(RoughSteps, EndNearTheMaximum) {
  for (const std::int64_t target : hwy::SupportedAndGeneratedTargets()) {
    SCOPED_TRACE(hwy::TargetName(target));
    hwy::SetSupportedTargetsForTest(target);
    for (const std::size_t n : {33u, 440u, 5001u}) {
      Example<float> example(n, 0.5);
      const PanelArray<LogisticFit> exact = panel_logistic(example.panel, example.moments, 0xffffu);
      rough_steps(example.panel, example.lanes);
      for (std::size_t c = 0; c < kPanelUnits; ++c) {
        EXPECT_NEAR(example.lanes.a[c], exact[c].a, 5e-3) << n << ' ' << c;
        EXPECT_NEAR(example.lanes.b[c], exact[c].b, 5e-3) << n << ' ' << c;
      }
      rough_steps(example.panel, example.lanes);
      for (std::size_t c = 0; c < kPanelUnits; ++c) {
        EXPECT_NEAR(example.lanes.a[c], exact[c].a, 1e-5) << n << ' ' << c;
        EXPECT_NEAR(example.lanes.b[c], exact[c].b, 1e-5) << n << ' ' << c;
      }
    }
  }
  hwy::SetSupportedTargetsForTest(0);
}

TEST(RoughSteps, DoublesThatAreFloatsGiveTheSameLines) {
  Example<float> narrow(440, 1.0);
  Example<double> wide(440, 1.0);
  rough_steps(narrow.panel, narrow.lanes);
  rough_steps(wide.panel, wide.lanes);
  for (std::size_t c = 0; c < kPanelUnits; ++c) {
    EXPECT_EQ(narrow.lanes.a[c], wide.lanes.a[c]);
    EXPECT_EQ(narrow.lanes.b[c], wide.lanes.b[c]);
  }
}

TEST(RoughSteps, ClosedColumnsAndThoseBeyondFloatsAreLeftAlone) {
  Example<double> example(40, 1.0);
  for (std::size_t i = 0; i < example.n; ++i) example.panel.data[i * kPanelUnits + 1] *= 1e80;
  example.lanes.inv_sd[1] *= 1e-80;
  example.lanes.centre[1] *= 1e80;
  example.lanes.open[0] = 0;
  example.lanes.b[0] = 0.7;
  rough_steps(example.panel, example.lanes);
  EXPECT_EQ(example.lanes.a[0], 0);
  EXPECT_EQ(example.lanes.b[0], 0.7);
  EXPECT_TRUE(std::isfinite(example.lanes.a[1]) && std::isfinite(example.lanes.b[1]));
  EXPECT_NE(example.lanes.b[2], 0) << "its neighbours are fitted all the same";
}

}  // namespace
}  // namespace penfield::association
