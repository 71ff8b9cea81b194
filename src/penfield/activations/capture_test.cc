#include "penfield/activations/capture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <memory>

#include "penfield/activations/memory_store.h"
#include "penfield/activations/stream.h"
#include "penfield/activations/unit_activations.h"
#include "penfield/activations/window_passes.h"
#include "penfield/base/parallel.h"
#include "penfield/model/checkpoint_for_tests.h"

namespace penfield::activations {
namespace {

using sample::Split;

class CaptureTest : public testing::Test {
 public:
  ~CaptureTest() override { set_threads(0); }

 protected:
  CaptureTest() : folder_("capture") {
    model::CheckpointForTests checkpoint;
    checkpoint.fill();
    checkpoint.write(folder_.path());
    model_.push_back(model::Model::open(folder_.string()).value());
    Random random(9);
    for (int i = 0; i < 100; ++i) ids_.push_back(TokenId{static_cast<std::uint32_t>(random.below(50))});
    plan_.windows = {{Split::kDiscovery, 0, 0, 32},
                     {Split::kDiscovery, 0, 32, 20},  // no sample
                     {Split::kDiscovery, 1, 52, 7},
                     {Split::kHeldOut, 1, 60, 32},
                     {Split::kHeldOut, 2, 92, 8}};
    plan_.samples = {{0, 0, true}, {0, 5, false}, {0, 31, true}, {2, 6, false},
                     {3, 1, true}, {3, 2, false}, {4, 0, true},  {4, 7, false}};
    plan_.n_discovery_samples = 4;
    plan_.window_length = 32;
  }

  [[nodiscard]] const model::Model& model() const { return model_.front(); }

  // One window alone, straight from the model: [n_tokens, n_units].
  [[nodiscard]] std::vector<float> tap(const sample::Window& window, Site site, std::uint32_t layer) const {
    auto buffers = model().make_buffers(32);
    const model::Sequence sequence = std::span(ids_).subspan(window.first_token, window.n_tokens);
    std::vector<float> values;
    EXPECT_TRUE(model()
                    .forward({&sequence, 1}, {{site}, {layer}}, buffers,
                             [&](const model::Tap& tap) {
                               for (std::size_t row = 0; row < tap.values.rows; ++row) {
                                 values.insert(values.end(), tap.values.row(row).begin(),
                                               tap.values.row(row).end());
                               }
                             })
                    .has_value());
    return values;
  }

  // The units of all sites that unit_activations makes of a capture, against taps.
  void expect_units_as_tapped(const std::vector<std::uint32_t>& shown) const;

  // A whole capture into memory.
  struct Captured {
    std::unique_ptr<CapturePlan> plan;
    std::unique_ptr<MemoryStore> store;

    [[nodiscard]] std::vector<float> values(std::size_t matrix) const {
      std::vector<float> out;
      EXPECT_TRUE(store
                      ->visit_columns(matrix,
                                      [&](std::size_t, MatrixView<const float> columns) -> Result<void> {
                                        out.assign(columns.data, columns.data + columns.rows * columns.cols);
                                        return {};
                                      })
                      .has_value());
      return out;
    }
  };
  [[nodiscard]] Result<Captured> try_capture(const CaptureRequest& request, const Watch& watch = {}) const {
    Captured out;
    out.plan = std::make_unique<CapturePlan>(plan_capture(model().architecture(), plan_, request));
    out.store = std::make_unique<MemoryStore>(*out.plan);
    PENFIELD_TRY_VOID(capture(model(), ids_, plan_.windows, *out.store, watch));
    return out;
  }

  model::FolderForTests folder_;
  std::vector<model::Model> model_;  // Model has no empty state
  std::vector<TokenId> ids_;
  sample::SamplePlan plan_;
};

TEST_F(CaptureTest, BlocksHoldTheSampledRowsInTheOrderOfThePlan) {
  const CaptureRequest request{{Site::kAttnK, Site::kMlpPre, Site::kAttnK}, {2, 0}, {}};
  const auto result = try_capture(request);
  ASSERT_TRUE(result.has_value()) << result.error().message;
  const std::vector<std::pair<Site, std::uint32_t>> order = {
      {Site::kMlpPre, 0}, {Site::kMlpPre, 2}, {Site::kAttnK, 0}, {Site::kAttnK, 2}};
  EXPECT_EQ(result->plan->matrices.size(), order.size());  // no inputs of heatmaps
  std::size_t b = 0;
  const auto check = [&](const ActivationBlock& block) -> Result<void> {
    EXPECT_EQ(std::pair(block.site, block.layer), order[b++]);
    EXPECT_EQ(block.first_unit, 0u);
    EXPECT_EQ(block.view().rows, plan_.samples.size());
    const std::size_t n_units = model().architecture().n_units(block.site);
    EXPECT_EQ(block.view().cols, n_units);
    for (std::size_t s = 0; s < plan_.samples.size(); ++s) {
      const auto values = tap(plan_.windows[plan_.samples[s].window], block.site, block.layer);
      const auto row = block.view().row(s);
      EXPECT_TRUE(
          std::equal(row.begin(), row.end(),
                     values.begin() + static_cast<std::ptrdiff_t>(plan_.samples[s].position * n_units)));
    }
    return {};
  };
  ASSERT_TRUE(result->store->for_each_block(1 << 20, check).has_value());
  EXPECT_EQ(b, order.size());
}

TEST_F(CaptureTest, ThreadsChangeNoBit) {
  const CaptureRequest request{model::sites_of(model().architecture()), {0, 1, 2}, {0, 3}};
  set_threads(1);
  const auto one = try_capture(request).value();
  for (const int threads : {2, 8}) {
    set_threads(threads);
    const auto many = try_capture(request).value();
    ASSERT_EQ(one.plan->matrices.size(), 21u + 12u);  // sites and layers; their inputs and layers
    for (std::size_t m = 0; m < one.plan->matrices.size(); ++m) EXPECT_EQ(many.values(m), one.values(m));
  }
}

void CaptureTest::expect_units_as_tapped(const std::vector<std::uint32_t>& shown) const {
  const CaptureRequest request{model::sites_of(model().architecture()), {0, 1, 2}, shown};
  const auto result = try_capture(request);
  ASSERT_TRUE(result.has_value()) << result.error().message;
  std::size_t n_tokens = 0;
  for (const std::uint32_t window : shown) n_tokens += plan_.windows[window].n_tokens;
  ASSERT_EQ(result->plan->matrices.back().n_rows, n_tokens);
  std::vector<UnitId> units;
  for (const Site site : model::sites_of(model().architecture())) {
    for (const std::uint32_t layer : {0u, 1u, 2u}) {
      for (const std::uint32_t index : {0u, 13u, model().architecture().n_units(site) - 1})
        units.push_back({site, layer, index});
    }
  }
  const auto values = unit_activations(model(), *result->store, units);
  ASSERT_TRUE(values.has_value()) << values.error().message;
  for (std::size_t u = 0; u < units.size(); ++u) {
    const std::size_t n_units = model().architecture().n_units(units[u].site);
    std::size_t token = 0;
    for (const std::uint32_t window : shown) {
      const auto tapped = tap(plan_.windows[window], units[u].site, units[u].layer);
      float largest = 0;
      for (const float value : tapped) largest = std::max(largest, std::abs(value));
      for (std::size_t t = 0; t < plan_.windows[window].n_tokens; ++t, ++token) {
        EXPECT_NEAR((*values)[u * n_tokens + token], tapped[t * n_units + units[u].index], 1e-5f * largest)
            << to_string(units[u]);
      }
    }
  }
}

TEST_F(CaptureTest, AnyUnitOfAHeatmapWindowWithoutAnotherPass) {
  // In either precision: what is kept is what the products were made of.
  for (const auto precision : {numeric::Precision::kFloat32, numeric::Precision::kBfloat16}) {
    SCOPED_TRACE(numeric::precision_name(precision));
    model_.clear();
    model_.push_back(model::Model::open(folder_.string(), precision).value());
    expect_units_as_tapped({1, 3});  // window 1 has no sample and is shown all the same
  }
}

TEST_F(CaptureTest, HeatmapsOfSeveralPassesFollowEachOther) {
  std::vector<std::uint32_t> shown;
  while (plan_.windows.size() * 32 < 2 * kPassTokens) {
    shown.push_back(static_cast<std::uint32_t>(plan_.windows.size()));
    plan_.windows.push_back({Split::kHeldOut, 2, plan_.windows.size() % 69, 32});
  }
  const CaptureRequest request{{Site::kMlpPre}, {0}, shown};
  ASSERT_GE(plan_capture(model().architecture(), plan_, request).passes.size(), 2u);
  expect_units_as_tapped(shown);
}

TEST_F(CaptureTest, RefusesUnitsThatWereNotPartOfIt) {
  const auto result = try_capture({{Site::kMlpPre}, {1}, {0}}).value();
  const auto kind = [&](const UnitId& unit) {
    const auto values = unit_activations(model(), *result.store, {&unit, 1});
    return values ? ErrorKind::kIo : values.error().kind;
  };
  EXPECT_EQ(kind({Site::kMlpPre, 2, 0}), ErrorKind::kUsage);
  EXPECT_EQ(kind({Site::kAttnQ, 1, 0}), ErrorKind::kUsage);
  EXPECT_EQ(kind({Site::kMlpPre, 1, 40}), ErrorKind::kUsage);
  EXPECT_EQ(kind({Site::kMlpPre, 3, 0}), ErrorKind::kUsage);
  EXPECT_EQ(kind({Site::kColumn, 0, 0}), ErrorKind::kUsage);
  EXPECT_EQ(kind({Site::kMlpPost, 1, 39}), ErrorKind::kIo);  // the same product as mlp.pre
}

TEST_F(CaptureTest, ProgressCountsTheWindowsThatAreRun) {
  std::vector<std::pair<std::uint64_t, std::uint64_t>> seen;
  const Watch watch([&](std::string_view, std::uint64_t done, std::uint64_t all, std::string_view) {
    seen.emplace_back(done, all);
    return Result<void>();
  });
  ASSERT_TRUE(try_capture({{Site::kMlpPre}, {0}, {}}, watch).has_value());
  ASSERT_FALSE(seen.empty());
  EXPECT_EQ(seen.back(), std::pair(std::uint64_t{4}, std::uint64_t{4}));  // window 1 has no sample
}

TEST_F(CaptureTest, StopsWhenAsked) {
  std::stop_source source;
  source.request_stop();
  const auto result = try_capture({{Site::kMlpPre}, {0}, {}}, Watch({}, source.get_token()));
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().kind, ErrorKind::kInterrupted);
}

TEST_F(CaptureTest, PassesOnWhatTheModelRefuses) {
  ids_[61] = TokenId{50};
  const auto result = try_capture({{Site::kMlpPre}, {0}, {}});
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().kind, ErrorKind::kBadInput);
  EXPECT_EQ(try_capture({{Site::kMlpPre}, {7}, {}}).error().kind, ErrorKind::kUsage);
}

TEST_F(CaptureTest, SaysItsMemoryBefore) {
  const CaptureRequest request{{Site::kMlpPre, Site::kMlpPost}, {0, 2}, {0}};
  const std::uint64_t rows = sizeof(float) * 8 * 2 * 2 * 40;  // samples, sites, layers, units
  const std::uint64_t inputs = sizeof(float) * 32 * 2 * 24;   // tokens, layers, width: one product
  const CapturePlan plan = plan_capture(model().architecture(), plan_, request);
  EXPECT_EQ(MemoryStore::bytes(plan), rows + inputs);
  EXPECT_EQ(plan.max_pass_rows(), 79u);  // four windows in one pass
}

TEST_F(CaptureTest, StreamHandsOnEveryTokenOfEveryLayer) {
  const std::vector<std::uint32_t> layers = {2, 0};
  std::size_t n_windows = 0;
  std::uint64_t n_done = 0;
  const auto result = stream_activations(
      model(), ids_, plan_.windows, Site::kMlpPost, layers,
      [&](const sample::Window& window, MatrixView<const float> values) -> Result<void> {
        EXPECT_EQ(window.first_token, plan_.windows[n_windows++].first_token);
        EXPECT_EQ(values.rows, window.n_tokens);
        EXPECT_EQ(values.cols, 80u);
        for (const std::uint32_t layer : {0u, 2u}) {
          const auto tapped = tap(window, Site::kMlpPost, layer);
          for (std::size_t t = 0; t < values.rows; ++t) {
            const auto row = values.row(t).subspan(layer == 0 ? 0 : 40, 40);
            EXPECT_TRUE(
                std::equal(row.begin(), row.end(), tapped.begin() + static_cast<std::ptrdiff_t>(t * 40)));
          }
        }
        return {};
      },
      Watch([&](std::string_view, std::uint64_t done, std::uint64_t all, std::string_view) {
        EXPECT_EQ(done, ++n_done);
        EXPECT_EQ(all, 5u);
        return Result<void>();
      }));
  ASSERT_TRUE(result.has_value()) << result.error().message;
  EXPECT_EQ(n_windows, 5u);
  EXPECT_EQ(n_done, 5u);
  EXPECT_EQ(stream_bytes(model().architecture(), plan_.windows, Site::kMlpPost, 2, 1),
            sizeof(float) * 99 * 80 + model::ForwardBuffers::bytes(model().architecture(), 99, 1));
}

// A BOS token before every window: it shifts what the model sees, and no row is of it.
TEST_F(CaptureTest, BosIsSeenByTheModelAndByNobodyElse) {
  const TokenId bos{49};
  const auto with_bos = [&](const sample::Window& window) {
    std::vector<TokenId> ids = {bos};
    ids.insert(ids.end(), ids_.begin() + static_cast<std::ptrdiff_t>(window.first_token),
               ids_.begin() + static_cast<std::ptrdiff_t>(window.first_token + window.n_tokens));
    return ids;
  };
  for (sample::Window& window : plan_.windows) window.n_tokens = std::min(window.n_tokens, 31u);
  plan_.samples[2].position = 30;
  // [window][layer]: what the model makes of BOS and the window, without the row of BOS.
  std::vector<std::array<std::vector<float>, 3>> expected;
  for (const sample::Window& window : plan_.windows) {
    const std::vector<TokenId> ids = with_bos(window);
    const model::Sequence sequence = ids;
    auto buffers = model().make_buffers(32);
    auto& of_window = expected.emplace_back();
    const auto take = [&](const model::Tap& tap) {
      for (std::size_t row = 1; row < tap.values.rows; ++row) {
        auto& to = of_window.at(tap.layer);
        to.insert(to.end(), tap.values.row(row).begin(), tap.values.row(row).end());
      }
    };
    ASSERT_TRUE(model().forward({&sequence, 1}, {{Site::kMlpPre}, {0, 1, 2}}, buffers, take));
  }
  const CaptureRequest request{{Site::kMlpPre}, {0, 1, 2}, {0, 3}, bos};
  const auto captured = try_capture(request);
  ASSERT_TRUE(captured.has_value()) << captured.error().message;
  EXPECT_EQ(captured->plan->max_pass_rows(), 31u + 7 + 31 + 8 + 4);
  for (std::uint32_t layer = 0; layer < 3; ++layer) {
    const std::vector<float> values = captured->values(layer);
    for (std::size_t s = 0; s < plan_.samples.size(); ++s) {
      const sample::Sample& sample = plan_.samples[s];
      for (std::size_t unit = 0; unit < 40; ++unit)
        ASSERT_EQ(values[s * 40 + unit], expected[sample.window].at(layer)[sample.position * 40 + unit]);
    }
  }
  const std::vector<UnitId> units = {{Site::kMlpPre, 1, 5}};
  const auto shown = unit_activations(model(), *captured->store, units);
  ASSERT_TRUE(shown.has_value());
  ASSERT_EQ(shown->size(), 62u);  // two windows of 31
  for (std::size_t t = 0; t < 31; ++t) {
    EXPECT_NEAR((*shown)[t], expected[0].at(1)[t * 40 + 5], 2e-5);
    EXPECT_NEAR((*shown)[31 + t], expected[3].at(1)[t * 40 + 5], 2e-5);
  }
  std::size_t n_windows = 0;
  const std::vector<std::uint32_t> layers = {2};
  const auto sink = [&](const sample::Window& window, MatrixView<const float> values) -> Result<void> {
    EXPECT_EQ(values.rows, window.n_tokens);
    const std::vector<float>& of_window = expected[n_windows++].at(2);
    for (std::size_t t = 0; t < values.rows; ++t)
      EXPECT_TRUE(std::equal(values.row(t).begin(), values.row(t).end(),
                             of_window.begin() + static_cast<std::ptrdiff_t>(t * 40)));
    return {};
  };
  ASSERT_TRUE(stream_activations(model(), ids_, plan_.windows, Site::kMlpPre, layers, sink, {}, bos));
  EXPECT_EQ(n_windows, plan_.windows.size());
}

TEST_F(CaptureTest, StreamEndsWithTheSinksError) {
  int n_calls = 0;
  const std::vector<std::uint32_t> layers = {0};
  const auto result = stream_activations(model(), ids_, plan_.windows, Site::kMlpPre, layers,
                                         [&](const sample::Window&, MatrixView<const float>) -> Result<void> {
                                           ++n_calls;
                                           return io_error("full");
                                         });
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().message, "full");
  EXPECT_EQ(n_calls, 1);
}

TEST(WindowPasses, ShortWindowsShareAPass) {
  std::vector<sample::Window> windows;
  for (const std::uint32_t n_tokens : {256u, 256u, 512u, 1u, 1024u, 2048u, 1000u, 24u}) {
    windows.push_back({Split::kDiscovery, 0, 0, n_tokens});
  }
  const auto passes = group_windows(windows, std::vector<std::uint32_t>{0, 1, 2, 3, 4, 5, 6, 7});
  std::vector<std::size_t> n_rows;
  n_rows.reserve(passes.size());
  for (const WindowPass& pass : passes) n_rows.push_back(pass.n_rows);
  EXPECT_THAT(n_rows, testing::ElementsAre(1024u, 1u, 1024u, 2048u, 1024u));
  EXPECT_THAT(passes[0].first_row, testing::ElementsAre(0u, 256u, 512u));
  EXPECT_EQ(max_rows(passes), 2048u);
}

TEST(WindowPasses, BosTakesARowOfEveryWindow) {
  std::vector<sample::Window> windows;
  for (const std::uint32_t n_tokens : {511u, 511u, 1u, 1023u}) {
    windows.push_back({Split::kDiscovery, 0, 0, n_tokens});
  }
  const auto passes = group_windows(windows, std::vector<std::uint32_t>{0, 1, 2, 3}, TokenId{7});
  ASSERT_EQ(passes.size(), 3u);
  EXPECT_THAT(passes[0].first_row, testing::ElementsAre(1u, 513u));
  EXPECT_EQ(passes[0].n_rows, 1024u);
  EXPECT_EQ(passes[1].n_rows, 2u);
  EXPECT_EQ(passes[2].n_rows, 1024u);
  const std::vector<TokenId> stream(1023, TokenId{3});
  const PassTokens tokens = pass_tokens(passes[0], windows, stream);
  ASSERT_EQ(tokens.sequences.size(), 2u);
  for (const model::Sequence& sequence : tokens.sequences) {
    ASSERT_EQ(sequence.size(), 512u);
    EXPECT_EQ(sequence[0], TokenId{7});
    EXPECT_EQ(sequence[1], TokenId{3});
  }
}

}  // namespace
}  // namespace penfield::activations
