// The explorer over a scan whose model saw a BOS token before every window: what it computes anew must have
// seen it too, and no token that it shows is it.
#include <gtest/gtest.h>

#include "penfield/server/explorer_for_tests.h"

namespace penfield::server {
namespace {

using nlohmann::json;

// GPT-2's BOS is <|endoftext|>.
class ExplorerBosTest : public ExplorerTest {
 protected:
  static void SetUpTestSuite() {
    scratch_ = new formats::ScratchFolder;
    scan(scratch_->path("result"), "1,3", numeric::Precision::kFloat32, tokens::BosPolicy::kAlways);
  }
  // Of the text, without the row of BOS: [tokens, units].
  static std::vector<std::vector<float>> activations_after_bos(const model::Model& model, TokenId bos,
                                                               const std::vector<TokenId>& text,
                                                               std::uint32_t layer) {
    std::vector<TokenId> ids = {bos};
    ids.insert(ids.end(), text.begin(), text.end());
    const model::Sequence sequence = ids;
    auto buffers = model.make_buffers(ids.size());
    std::vector<std::vector<float>> rows;
    const auto take = [&](const model::Tap& tap) {
      for (std::size_t r = 1; r < tap.values.rows; ++r)
        rows.emplace_back(tap.values.row(r).begin(), tap.values.row(r).end());
    };
    EXPECT_TRUE(model.forward({&sequence, 1}, {{Site::kMlpPre}, {layer}}, buffers, take));
    return rows;
  }
};

TEST_F(ExplorerBosTest, ValuesAreThoseBehindIt) {
  const auto explorer = open(options());
  const auto run = store::read_run(scratch_->path("result")).value();
  ASSERT_TRUE(run.model.bos);
  EXPECT_EQ(run.model.bos->token, "<|endoftext|>");
  const TokenId bos{run.model.bos->token_id};
  const model::Model model = model::Model::open(kModel).value();
  const store::Heatmaps heatmaps = store::read_heatmaps(scratch_->path("result")).value();
  std::vector<TokenId> window;
  std::size_t first = 0;
  for (std::size_t t = 0; t < heatmaps.tokens.size(); ++t) {
    EXPECT_NE(heatmaps.tokens[t].token_id, run.model.bos->token_id);
    window.push_back(TokenId{heatmaps.tokens[t].token_id});
    if (t + 1 < heatmaps.tokens.size() && heatmaps.tokens[t + 1].position != 0) continue;
    const auto expected = activations_after_bos(model, bos, window, 3);
    const UnitId unit{Site::kMlpPre, 3, 77};
    const Reply reply = ask(*explorer, Endpoint::kUnit, to_string(unit));
    ASSERT_EQ(reply.body["values"].size(), heatmaps.tokens.size());
    for (std::size_t k = 0; k < window.size(); ++k)
      EXPECT_NEAR(reply.body["values"][first + k].get<float>(), expected[k][unit.index], 2e-5);
    first = t + 1;
    window.clear();
  }
}

TEST_F(ExplorerBosTest, LiveTextIsReadAsTheScanWas) {
  const auto explorer = open(options());
  const std::string text = "Wilder Penfield founded the Institute.";
  const auto run = store::read_run(scratch_->path("result")).value();
  const json body = {{"text", text}, {"units", {"L3.77"}}, {"responders", 5}};
  const Reply reply = ask(*explorer, Endpoint::kLive, "", body.dump());
  ASSERT_EQ(reply.status, 200u) << reply.body;
  std::vector<TokenId> ids;
  for (const json& id : reply.body["token_ids"]) ids.push_back(TokenId{id.get<std::uint32_t>()});
  ASSERT_GT(ids.size(), 3u);
  EXPECT_NE(ids.front(), TokenId{run.model.bos->token_id});
  const model::Model model = model::Model::open(kModel).value();
  const auto expected = activations_after_bos(model, TokenId{run.model.bos->token_id}, ids, 3);
  ASSERT_EQ(reply.body["values"]["L3.77"].size(), ids.size());
  for (std::size_t t = 0; t < ids.size(); ++t)
    EXPECT_EQ(reply.body["values"]["L3.77"][t].get<float>(), expected[t][77]);
  ASSERT_EQ(reply.body["responders"].size(), 5u);
  for (const json& one : reply.body["responders"]) EXPECT_LT(one["token"], ids.size());
}

}  // namespace
}  // namespace penfield::server
