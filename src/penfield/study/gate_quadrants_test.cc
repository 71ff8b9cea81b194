#include "penfield/study/gate_quadrants.h"

#include <gtest/gtest.h>

#include <numeric>

#include "penfield/activations/capture.h"
#include "penfield/activations/memory_store.h"
#include "penfield/base/random.h"

namespace penfield::study {
namespace {

constexpr std::uint32_t kTokens = 24;

// A capture of one window of random tokens, all of it shown.
struct Captured {
  model::Model model;
  std::vector<TokenId> ids;
  sample::SamplePlan samples;
  activations::CapturePlan plan;
  std::unique_ptr<activations::MemoryStore> store;
};

std::unique_ptr<Captured> capture_family(const std::string& family, Site site) {
  auto out = std::make_unique<Captured>(
      Captured{model::Model::open("tests/golden/families/" + family).value(), {}, {}, {}, {}});
  Random random(5);
  for (std::uint32_t t = 0; t < kTokens; ++t)
    out->ids.push_back(TokenId{static_cast<std::uint32_t>(random.below(60))});
  out->samples.windows = {{sample::Split::kDiscovery, 0, 0, kTokens}};
  out->samples.window_length = kTokens;
  const activations::CaptureRequest request{{site}, {0, 1}, {0}};
  out->plan = activations::plan_capture(out->model.architecture(), out->samples, request);
  out->store = std::make_unique<activations::MemoryStore>(out->plan);
  EXPECT_TRUE(activations::capture(out->model, out->ids, out->samples.windows, *out->store));
  return out;
}

// Every third token is not sampled; of the others every second is a target.
std::vector<store::WindowToken> tokens_of_window() {
  std::vector<store::WindowToken> tokens(kTokens);
  for (std::uint32_t t = 0; t < kTokens; ++t) {
    tokens[t].position = t;
    tokens[t].is_sampled = t % 3 != 0;
    tokens[t].is_target = t % 2 == 0;
  }
  return tokens;
}

// The values of a site as the forward pass has them: [tokens][units].
std::vector<std::vector<float>> tapped(const Captured& captured, Site site, std::uint32_t layer) {
  std::vector<std::vector<float>> rows;
  auto buffers = captured.model.make_buffers(kTokens);
  const model::Sequence sequence = captured.ids;
  const auto take = [&](const model::Tap& tap) {
    for (std::size_t r = 0; r < tap.values.rows; ++r)
      rows.emplace_back(tap.values.row(r).begin(), tap.values.row(r).end());
  };
  EXPECT_TRUE(captured.model.forward({&sequence, 1}, {{site}, {layer}}, buffers, take));
  return rows;
}

TEST(GateQuadrants, AreThoseOfTheForwardPass) {
  const auto captured = capture_family("llama", Site::kMlpPost);
  const auto tokens = tokens_of_window();
  const std::vector<UnitId> units = {{Site::kMlpPost, 1, 3}, {Site::kMlpUp, 0, 2}, {Site::kMlpPost, 0, 7}};
  const auto found = count_gate_quadrants(captured->model, *captured->store, units, tokens);
  ASSERT_TRUE(found) << found.error().message;
  ASSERT_EQ(found->size(), units.size());
  for (std::size_t u = 0; u < units.size(); ++u) {
    const UnitId unit = units[u];
    EXPECT_EQ((*found)[u].unit, unit);
    const auto gate = tapped(*captured, Site::kMlpPre, unit.layer);
    const auto up = tapped(*captured, Site::kMlpUp, unit.layer);
    for (const bool gate_positive : {true, false}) {
      for (const bool up_positive : {true, false}) {
        std::uint64_t n[2] = {0, 0};
        for (std::uint32_t t = 0; t < kTokens; ++t) {
          const bool is_here =
              (gate[t][unit.index] > 0) == gate_positive && (up[t][unit.index] > 0) == up_positive;
          if (tokens[t].is_sampled && is_here) ++n[tokens[t].is_target ? 1 : 0];
        }
        EXPECT_EQ((*found)[u].n_target.of(gate_positive, up_positive), n[1]);
        EXPECT_EQ((*found)[u].n_comparison.of(gate_positive, up_positive), n[0]);
      }
    }
    EXPECT_EQ((*found)[u].n_target.total(), 8u);
    EXPECT_EQ((*found)[u].n_comparison.total(), 8u);
  }
}

TEST(GateQuadrants, OnlyGatedUnitsHaveThem) {
  const auto tokens = tokens_of_window();
  const auto plain = capture_family("gpt2", Site::kMlpPost);
  const std::vector<UnitId> post = {{Site::kMlpPost, 0, 1}};
  EXPECT_TRUE(count_gate_quadrants(plain->model, *plain->store, post, tokens)->empty());
  const auto gated = capture_family("llama", Site::kMlpPre);
  const std::vector<UnitId> gate = {{Site::kMlpPre, 0, 1}};
  EXPECT_TRUE(count_gate_quadrants(gated->model, *gated->store, gate, tokens)->empty());
}

}  // namespace
}  // namespace penfield::study
