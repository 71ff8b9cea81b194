#include "penfield/model/model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "penfield/base/parallel.h"
#include "penfield/model/checkpoint_for_tests.h"
#include "penfield/model/sites.h"

namespace penfield::model {
namespace {

using testing::HasSubstr;

const std::vector<Site> kPlainSites = {Site::kMlpPre, Site::kMlpPost,  Site::kAttnQ, Site::kAttnK,
                                       Site::kAttnV,  Site::kResidMid, Site::kResid};
const TapRequest kEverything = {kPlainSites, {0, 1, 2}};

class ModelTest : public testing::Test {
 public:
  ~ModelTest() override { set_threads(0); }

 protected:
  ModelTest() : folder_("gpt2") {
    CheckpointForTests checkpoint;
    checkpoint.fill();
    checkpoint.write(folder_.path());
    model_.push_back(Model::open(folder_.string()).value());
  }

  [[nodiscard]] const Model& model() const { return model_.front(); }

  static std::vector<TokenId> tokens(std::size_t n, std::uint64_t seed) {
    Random random(seed);
    std::vector<TokenId> out(n);
    for (TokenId& token : out) token = TokenId{static_cast<std::uint32_t>(random.below(50))};
    return out;
  }

  // All values of all taps, by site and layer.
  using Values = std::map<std::pair<Site, std::uint32_t>, std::vector<float>>;
  [[nodiscard]] Values run(const std::vector<std::vector<TokenId>>& windows,
                           const TapRequest& request) const {
    std::size_t n_rows = 0;
    for (const auto& window : windows) n_rows += window.size();
    auto buffers = model().make_buffers(n_rows);
    const std::vector<Sequence> sequences(windows.begin(), windows.end());
    Values values;
    const auto result = model().forward(sequences, request, buffers, [&](const Tap& tap) {
      auto& out = values[{tap.site, tap.layer}];
      EXPECT_TRUE(out.empty()) << "tapped twice";
      EXPECT_EQ(tap.values.rows, n_rows);
      EXPECT_EQ(tap.values.cols, model().architecture().n_units(tap.site));
      for (std::size_t row = 0; row < n_rows; ++row) {
        out.insert(out.end(), tap.values.row(row).begin(), tap.values.row(row).end());
      }
    });
    EXPECT_TRUE(result.has_value()) << result.error().message;
    return values;
  }

  FolderForTests folder_;
  std::vector<Model> model_;  // Model has no empty state
};

TEST_F(ModelTest, ThreadsChangeNoBit) {
  set_threads(1);
  const auto one = run({tokens(32, 1), tokens(5, 2)}, kEverything);
  for (const int threads : {2, 8}) {
    set_threads(threads);
    EXPECT_EQ(run({tokens(32, 1), tokens(5, 2)}, kEverything), one);
  }
}

TEST_F(ModelTest, CompanyChangesNoBit) {
  const std::vector<std::vector<TokenId>> windows = {tokens(32, 1), tokens(1, 2), tokens(17, 3),
                                                     tokens(32, 1)};
  const auto together = run(windows, kEverything);
  std::size_t first_row = 0;
  for (const auto& window : windows) {
    for (const auto& [where, values] : run({window}, kEverything)) {
      const std::size_t n_units = values.size() / window.size();
      EXPECT_TRUE(std::equal(values.begin(), values.end(),
                             together.at(where).begin() + static_cast<std::ptrdiff_t>(first_row * n_units)));
    }
    first_row += window.size();
  }
}

// Causality: what comes later changes nothing.
TEST_F(ModelTest, LaterTokensChangeNoBit) {
  auto window = tokens(30, 4);
  const auto whole = run({window}, kEverything);
  window.resize(11);
  for (const auto& [where, values] : run({window}, kEverything)) {
    EXPECT_TRUE(std::equal(values.begin(), values.end(), whole.at(where).begin()));
  }
}

TEST_F(ModelTest, EarlierTokensDoMatter) {
  auto window = tokens(12, 5);
  const auto before = run({window}, kEverything);
  window[0] = TokenId{(static_cast<std::uint32_t>(window[0]) + 1) % 50};
  const auto after = run({window}, kEverything);
  for (const auto& [where, values] : before) {
    const std::size_t last_row = values.size() - values.size() / 12;
    const bool is_same = std::equal(values.begin() + static_cast<std::ptrdiff_t>(last_row), values.end(),
                                    after.at(where).begin() + static_cast<std::ptrdiff_t>(last_row));
    // Before the first attention a token knows only itself.
    EXPECT_EQ(is_same, where.second == 0 && input_of(where.first) == Site::kAttnQ);
  }
}

TEST_F(ModelTest, PartOfTheTapsIsThatPartOfAll) {
  const std::vector<std::vector<TokenId>> windows = {tokens(20, 6)};
  const auto all = run(windows, kEverything);
  for (const TapRequest& request : {TapRequest{{Site::kMlpPre}, {2}}, TapRequest{{Site::kMlpPre}, {0, 2}},
                                    TapRequest{{Site::kMlpPost}, {1}}, TapRequest{{Site::kAttnV}, {2}},
                                    TapRequest{{Site::kResidMid}, {2}},
                                    TapRequest{{Site::kAttnQ, Site::kMlpPost, Site::kAttnQ}, {1, 0, 1}}}) {
    const auto part = run(windows, request);
    std::size_t n_expected = 0;
    for (const auto& [where, values] : all) {
      const bool is_asked = std::count(request.sites.begin(), request.sites.end(), where.first) > 0 &&
                            std::count(request.layers.begin(), request.layers.end(), where.second) > 0;
      n_expected += is_asked ? 1 : 0;
      if (is_asked) {
        EXPECT_EQ(part.at(where), values);
      }
    }
    EXPECT_EQ(part.size(), n_expected);
  }
}

TEST_F(ModelTest, TapsComeInOrderWithTheirInput) {
  auto buffers = model().make_buffers(9);
  const auto window = tokens(9, 7);
  const Sequence sequence(window);
  std::vector<std::pair<std::uint32_t, Site>> order;
  ASSERT_TRUE(model()
                  .forward({&sequence, 1}, kEverything, buffers,
                           [&](const Tap& tap) {
                             order.emplace_back(tap.layer, tap.site);
                             const bool is_made_of_products = tap.site != Site::kMlpPost &&
                                                              tap.site != Site::kResidMid &&
                                                              tap.site != Site::kResid;
                             if (!is_made_of_products) return;
                             const Block& block = model().weights().block(tap.layer);
                             const auto product = products_of(model().architecture(), tap.site).front();
                             const Linear& linear = block.*product;
                             std::vector<float> weights(24);
                             linear.matrix.read_output(5, weights);
                             for (std::size_t row = 0; row < 9; ++row) {
                               auto sum = static_cast<double>(linear.bias[5]);
                               for (std::size_t k = 0; k < 24; ++k) {
                                 sum +=
                                     static_cast<double>(tap.input(row, k)) * static_cast<double>(weights[k]);
                               }
                               EXPECT_NEAR(static_cast<double>(tap.values(row, 5)), sum, 1e-5);
                             }
                           })
                  .has_value());
  std::vector<std::pair<std::uint32_t, Site>> expected;
  for (const std::uint32_t layer : {0u, 1u, 2u}) {
    for (const Site site : {Site::kAttnQ, Site::kAttnK, Site::kAttnV, Site::kResidMid, Site::kMlpPre,
                            Site::kMlpPost, Site::kResid}) {
      expected.emplace_back(layer, site);
    }
  }
  EXPECT_EQ(order, expected);
}

TEST_F(ModelTest, RefusesTokensAndWindowsThatItDoesNotHave) {
  auto buffers = model().make_buffers(40);
  const auto error_of = [&](std::vector<TokenId> window) {
    const Sequence sequence(window);
    const auto result = model().forward({&sequence, 1}, kEverything, buffers, [](const Tap&) { FAIL(); });
    return result ? Error{ErrorKind::kIo, "ran"} : result.error();
  };
  const Error outside = error_of({TokenId{3}, TokenId{50}});
  EXPECT_EQ(outside.kind, ErrorKind::kBadInput);
  EXPECT_THAT(outside.message, HasSubstr("50"));
  EXPECT_EQ(error_of({TokenId{0xffffffff}}).kind, ErrorKind::kBadInput);
  const Error too_long = error_of(tokens(33, 1));
  EXPECT_EQ(too_long.kind, ErrorKind::kBadInput);
  EXPECT_THAT(too_long.message, HasSubstr("32"));
  EXPECT_EQ(error_of({}).kind, ErrorKind::kBadInput);
}

TEST_F(ModelTest, RefusesSitesAndLayersThatItDoesNotHave) {
  const auto kind = [&](const TapRequest& request) { return model().check_request(request).error().kind; };
  EXPECT_EQ(kind({{Site::kMlpPre}, {3}}), ErrorKind::kUsage);
  EXPECT_EQ(kind({{Site::kColumn}, {0}}), ErrorKind::kUsage);
  EXPECT_EQ(kind({{Site::kMlpUp}, {0}}), ErrorKind::kUsage);  // no gate
  EXPECT_EQ(kind({{}, {0}}), ErrorKind::kUsage);
  EXPECT_EQ(kind({{Site::kMlpPre}, {}}), ErrorKind::kUsage);
}

TEST_F(ModelTest, StopsBetweenLayers) {
  std::stop_source source;
  auto buffers = model().make_buffers(8);
  const auto window = tokens(8, 1);
  const Sequence sequence(window);
  int n_taps = 0;
  const auto result = model().forward(
      {&sequence, 1}, {{Site::kMlpPre}, {0, 1, 2}}, buffers,
      [&](const Tap&) {
        ++n_taps;
        source.request_stop();
      },
      source.get_token());
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().kind, ErrorKind::kInterrupted);
  EXPECT_EQ(n_taps, 1);
}

TEST_F(ModelTest, LossesDoNotDependOnThreads) {
  const auto window = tokens(32, 1);
  set_threads(1);
  auto buffers = model().make_buffers(32);
  const auto one = model().next_token_losses(window, buffers);
  ASSERT_TRUE(one.has_value());
  ASSERT_EQ(one->size(), 31u);
  set_threads(8);
  auto wider = model().make_buffers(32);
  EXPECT_EQ(model().next_token_losses(window, wider).value(), *one);
}

TEST_F(ModelTest, BuffersSayTheirSizeBefore) {
  const Architecture& architecture = model().architecture();
  EXPECT_GT(ForwardBuffers::bytes(architecture, 64, 2), ForwardBuffers::bytes(architecture, 32, 2));
  EXPECT_GT(ForwardBuffers::bytes(architecture, 32, 2), ForwardBuffers::bytes(architecture, 32, 1));
  // Residual, norm, attended, qkv and both sides of the activation function, at least.
  EXPECT_GE(ForwardBuffers::bytes(architecture, 32, 1),
            std::uint64_t{32} * (6 * 24 + 2 * 40) * sizeof(float));
}

}  // namespace
}  // namespace penfield::model
