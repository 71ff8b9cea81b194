// The answers of the explorer over a result of the bundled model, held against the rooms that made it.
#include "penfield/server/explorer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "penfield/activations/stream.h"
#include "penfield/base/random.h"
#include "penfield/report/words/lookup.h"
#include "penfield/report/words/token_kinds.h"
#include "penfield/server/explorer_for_tests.h"
#include "penfield/study/labelled_text.h"

namespace penfield::server {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;

// What `penfield activations` computes for a file: every unit of a layer, [tokens, units].
std::vector<std::vector<float>> activations_of(const model::Model& model, const std::vector<TokenId>& ids,
                                               std::uint32_t layer) {
  const std::vector<sample::Window> windows = {
      {sample::Split::kDiscovery, 0, 0, static_cast<std::uint32_t>(ids.size())}};
  std::vector<std::vector<float>> rows;
  const std::vector<std::uint32_t> layers = {layer};
  const auto sink = [&](const sample::Window&, MatrixView<const float> values) -> Result<void> {
    for (std::size_t r = 0; r < values.rows; ++r)
      rows.emplace_back(values.row(r).begin(), values.row(r).end());
    return {};
  };
  EXPECT_TRUE(activations::stream_activations(model, ids, windows, Site::kMlpPre, layers, sink).has_value());
  return rows;
}

TEST_F(ExplorerTest, ARowIsThatOfTheTableToTheLastDigit) {
  const auto explorer = open(options());
  const auto units = store::read_units(scratch_->path("result")).value();
  Random random(1);
  for (int i = 0; i < 20; ++i) {
    const findings::Finding& unit = units[random.below(units.size())];
    const Reply reply = ask(*explorer, Endpoint::kUnit, to_string(unit.unit));
    ASSERT_EQ(reply.status, 200u);
    EXPECT_EQ(reply.body["unit"], to_string(unit.unit));
    EXPECT_EQ(reply.body["row"]["beta"].get<double>(), unit.fit.beta);
    EXPECT_EQ(reply.body["row"]["held_out_auc"].get<double>(), unit.held_out.auc);
    EXPECT_EQ(reply.body["row"]["n_target"], unit.n_target);
  }
}

TEST_F(ExplorerTest, ValuesOfAnyUnitAreThoseOfTheModelOverTheWindowsShown) {
  const auto explorer = open(options());
  const store::Heatmaps heatmaps = store::read_heatmaps(scratch_->path("result")).value();
  const model::Model model = model::Model::open(kModel).value();
  std::vector<TokenId> window;
  Random random(2);
  for (std::size_t t = 0; t < heatmaps.tokens.size(); ++t) {
    window.push_back(TokenId{heatmaps.tokens[t].token_id});
    if (t + 1 < heatmaps.tokens.size() && heatmaps.tokens[t + 1].position != 0) continue;
    const std::uint32_t layer = std::vector<std::uint32_t>{1, 3, 4}[random.below(3)];
    const auto expected = activations_of(model, window, layer);
    for (int i = 0; i < 3; ++i) {
      const UnitId unit{Site::kMlpPre, layer, static_cast<std::uint32_t>(random.below(512))};
      const Reply reply = ask(*explorer, Endpoint::kUnit, to_string(unit));
      ASSERT_EQ(reply.body["values"].size(), heatmaps.tokens.size());
      for (std::size_t k = 0; k < window.size(); ++k) {
        const float value = reply.body["values"][t + 1 - window.size() + k].get<float>();
        EXPECT_NEAR(value, expected[k][unit.index], 2e-5) << to_string(unit) << " token " << t;
      }
    }
    window.clear();
  }
}

TEST_F(ExplorerTest, ReportedUnitsHaveTheValuesOfTheFolder) {
  const auto explorer = open(options());
  const store::Heatmaps heatmaps = store::read_heatmaps(scratch_->path("result")).value();
  ASSERT_FALSE(heatmaps.units.empty());
  const auto values =
      ask(*explorer, Endpoint::kUnit, to_string(heatmaps.units[0])).body["values"].get<std::vector<float>>();
  EXPECT_TRUE(std::equal(values.begin(), values.end(), heatmaps.values.begin()));
}

TEST_F(ExplorerTest, UnitsComeWithATallyOfTheirStrongestTokens) {
  const auto explorer = open(options());
  const store::Heatmaps heatmaps = store::read_heatmaps(scratch_->path("result")).value();
  for (const std::string& name : {to_string(heatmaps.units[0]), std::string("L4.6")}) {
    const Reply reply = ask(*explorer, Endpoint::kUnit, name);
    const auto values = reply.body["values"].get<std::vector<float>>();
    const int direction = reply.body["row"]["direction"] == "-" ? -1 : 1;
    EXPECT_EQ(reply.body["tally"], report::tally_sentence(heatmaps.tokens, values, direction)) << name;
    EXPECT_NE(reply.body["tally"], "");
  }
}

TEST_F(ExplorerTest, KeepingFewerLayersChangesNoValue) {
  ExplorerOptions small = options();
  small.scan_text_bytes = 1;
  const auto one_layer = open(small), all = open(options());
  while (all->work_ahead({})) continue;
  for (const char* name : {"L1.5", "L4.6", "L3.7", "L1.8", "L4.6"})
    EXPECT_EQ(ask(*one_layer, Endpoint::kUnit, name).body, ask(*all, Endpoint::kUnit, name).body) << name;
}

TEST_F(ExplorerTest, LiveValuesAreThoseOfActivationsToTheLastBit) {
  const auto explorer = open(options());
  const model::Model model = model::Model::open(kModel).value();
  const auto tokenizer = tokens::Tokenizer::open(kModel).value();
  const std::string text =
      "In 1928 Wilder Penfield founded the Montreal Neurological Institute.\nIt stands in Québec 😀.";
  std::vector<TokenId> ids;
  std::vector<std::uint64_t> ends;
  tokens::EncodeScratch encode_scratch;
  tokenizer.encode(text, encode_scratch, ids, ends);
  Random random(3);
  for (const std::uint32_t layer : {1u, 3u, 4u}) {
    const auto expected = activations_of(model, ids, layer);
    const UnitId unit{Site::kMlpPre, layer, static_cast<std::uint32_t>(random.below(512))};
    const Reply reply = live(*explorer, text, {to_string(unit), "L3.1"});
    ASSERT_EQ(reply.status, 200u) << reply.body;
    ASSERT_EQ(reply.body["token_ids"].size(), ids.size());
    for (std::size_t t = 0; t < ids.size(); ++t) {
      EXPECT_EQ(reply.body["token_ids"][t], static_cast<std::uint32_t>(ids[t]));
      EXPECT_EQ(reply.body["values"][to_string(unit)][t].get<float>(), expected[t][unit.index]);
    }
    EXPECT_EQ(reply.body["truncated"], false);
  }
}

// Rounding the factors to bfloat16 changes values far more than another order of sums does.
TEST_F(ExplorerTest, ValuesHaveThePrecisionOfTheRun) {
  const formats::ScratchFolder scratch;
  scan(scratch.path("bf16"), "3", numeric::Precision::kBfloat16);
  ExplorerOptions here = options();
  here.folder = scratch.path("bf16");
  const auto explorer = open(here);
  const store::RunRecord run = store::read_run(here.folder).value();
  const store::Heatmaps heatmaps = store::read_heatmaps(here.folder).value();
  ASSERT_FALSE(heatmaps.units.empty());
  const auto model = open_result_model(run, kModel).value();
  ScanText text = ScanText::make(model->model, run, heatmaps.tokens, 1 << 30).value();
  const auto again = text.values(heatmaps.units[0], {}).value();
  const auto stored = report::heatmap_values(heatmaps, heatmaps.units[0]);
  EXPECT_TRUE(std::ranges::equal(again, stored));

  const std::string sentence = "In 1928 Wilder Penfield founded the Montreal Neurological Institute.";
  std::vector<TokenId> ids;
  std::vector<std::uint64_t> ends;
  tokens::EncodeScratch encode_scratch;
  model->tokenizer.encode(sentence, encode_scratch, ids, ends);
  const auto value_with = [&](numeric::Precision precision) {
    return activations_of(model::Model::open(kModel, precision).value(), ids, 3).back().at(1);
  };
  const Reply reply = live(*explorer, sentence, {"L3.1"});
  ASSERT_EQ(reply.status, 200u) << reply.body;
  const float value = reply.body["values"]["L3.1"].back().get<float>();
  EXPECT_EQ(value, value_with(numeric::Precision::kBfloat16));
  EXPECT_GT(std::abs(value - value_with(numeric::Precision::kFloat32)), 1e-4);

  store::RunRecord unknown = run;
  unknown.precision = "fp4";
  EXPECT_THAT(open_result_model(unknown, kModel).error().message, HasSubstr("fp4"));
}

TEST_F(ExplorerTest, RespondersAreTheUnitsFarthestFromTheirMeans) {
  const auto explorer = open(options());
  const std::string text = "In 1928 Wilder Penfield founded the Montreal Neurological Institute.";
  const auto ask_for = [&](const json& n) {
    const json body = {{"text", text}, {"units", {"L3.1"}}, {"responders", n}};
    return ask(*explorer, Endpoint::kLive, "", body.dump());
  };
  const Reply reply = ask_for(5);
  ASSERT_EQ(reply.status, 200u) << reply.body;
  const auto units = store::read_units(scratch_->path("result")).value();
  const auto tokenizer = tokens::Tokenizer::open(kModel).value();
  const model::Model model = model::Model::open(kModel).value();
  std::vector<TokenId> ids;
  std::vector<std::uint64_t> ends;
  tokens::EncodeScratch encode_scratch;
  tokenizer.encode(text, encode_scratch, ids, ends);
  std::map<std::uint32_t, std::vector<std::vector<float>>> values;
  std::vector<std::pair<double, std::string>> expected;
  for (const findings::Finding& unit : units) {
    auto& rows = values[unit.unit.layer];
    if (rows.empty()) rows = activations_of(model, ids, unit.unit.layer);
    double farthest = 0;
    for (std::size_t t = 1; t < ids.size(); ++t) {
      // As many targets as comparison tokens: the mean of all is that of the two means.
      const double mean = (unit.fit.mean_target + unit.fit.mean_comparison) / 2;
      farthest = std::max(farthest, std::abs(double{rows[t][unit.unit.index]} - mean) / unit.fit.sd);
    }
    ASSERT_EQ(unit.n_target, unit.n_comparison);
    expected.emplace_back(-farthest, to_string(unit.unit));
  }
  std::ranges::sort(expected);
  ASSERT_EQ(reply.body["responders"].size(), 5u);
  for (std::size_t i = 0; i < 5; ++i) {
    const json& one = reply.body["responders"][i];
    EXPECT_EQ(one["unit"], expected[i].second);
    EXPECT_NEAR(std::abs(one["z"].get<double>()), -expected[i].first, 1e-9);
    EXPECT_LT(one["token"], ids.size());
    EXPECT_GT(one["token"], 0);
  }
  EXPECT_EQ(ask_for(0).body["responders"], json::array());
  EXPECT_EQ(live(*explorer, text, {"L3.1"}).body["responders"], json::array());
  for (const json& wrong : {json(51), json(-1), json("5"), json(1.5)})
    EXPECT_EQ(ask_for(wrong).status, 400u) << wrong;
}

TEST_F(ExplorerTest, LiveTokensAndLabelsAreThoseOfLabel) {
  const auto explorer = open(options());
  const std::string text =
      "The surgeon Wilder Penfield worked in Montreal. He mapped the cortex.\nQuébec 😀\n";
  const formats::ScratchFolder scratch;
  const std::vector<std::string> paths = {scratch.write("text.txt", text)};
  const auto tokenizer = tokens::Tokenizer::open(kModel).value();
  const auto asked = labels::Concept::parse("proper-noun").value();
  study::StageClock clock;
  const auto labelled =
      study::read_labelled_text(paths, {}, tokenizer, {}, asked, labels::Pieces::kFirst, clock).value();
  const Reply reply = live(*explorer, text, {"L3.1"});
  ASSERT_EQ(reply.status, 200u);
  ASSERT_EQ(reply.body["labels"].size(), labelled.stream.n_tokens());
  EXPECT_GT(labelled.track.n_target, 2u);
  for (std::size_t t = 0; t < labelled.stream.n_tokens(); ++t) {
    EXPECT_EQ(reply.body["labels"][t], static_cast<int>(labelled.track.labels[t])) << t;
    EXPECT_EQ(reply.body["token_ids"][t], static_cast<std::uint32_t>(labelled.stream.ids[t])) << t;
  }
  EXPECT_THAT(reply.body["tokens"].dump(), AllOf(HasSubstr("\"·sur\""), HasSubstr("↵")));
}

TEST_F(ExplorerTest, ATextBeyondTheContextIsCutAndSaidToBe) {
  const auto explorer = open(options());
  std::string text;
  for (int i = 0; i < 400; ++i) text += "word ";
  const Reply reply = live(*explorer, text, {"L3.1"});
  EXPECT_EQ(reply.body["tokens"].size(), 256u) << "the context of the bundled model";
  EXPECT_EQ(reply.body["values"]["L3.1"].size(), 256u);
  EXPECT_EQ(reply.body["truncated"], true);
}

TEST_F(ExplorerTest, AnyTextIsTaken) {
  const auto explorer = open(options());
  const std::string texts[] = {" ",
                               "\n",
                               "\r\n\r\n",
                               std::string("a\0b", 3),
                               "\xe2\x80\xa8",
                               "<script>alert(1)</script>",
                               "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa9",
                               std::string(20'000, 'x')};
  for (const std::string& text : texts) {
    const Reply reply = live(*explorer, text, {"L3.1"});
    EXPECT_EQ(reply.status, 200u) << text;
    EXPECT_EQ(reply.body["tokens"].size(), reply.body["values"]["L3.1"].size());
  }
}

TEST_F(ExplorerTest, ABodyThatBreaksARuleIsRefusedWithoutAnEcho) {
  const auto explorer = open(options());
  struct Case {
    std::string body;
    unsigned status;
  };
  const std::string deep = std::string(1000, '[');
  const std::vector<Case> cases = {
      {"", 400},
      {"{", 400},
      {"[]", 400},
      {"null", 400},
      {"{}", 400},
      {deep, 400},
      {"\xff", 400},
      {R"({"text": "a"})", 400},
      {R"({"text": "", "units": ["L3.1"]})", 400},
      {R"({"text": 1, "units": ["L3.1"]})", 400},
      {R"({"text": "a", "units": []})", 400},
      {R"({"text": "a", "units": ["L3.1", "L3.2", "L3.3"]})", 400},
      {R"({"text": "a", "units": [1]})", 400},
      {R"({"text": "a", "units": ["<script>"]})", 400},
      {R"({"text": "a", "units": "L3.1"})", 400},
      {R"({"text": "\ud800", "units": ["L3.1"]})", 400},
      {R"({"text": "a", "text": "b", "units": ["L3.1"]})", 400},
      {R"({"text": "a", "units": ["L3.1"]} x)", 400},
      {R"({"text": "a", "units": ["L0.1"]})", 404},
      {R"({"text": "a", "units": ["L3.512"]})", 404},
      {R"({"text": "a", "units": ["L3.attn.q.1"]})", 404},
      {R"({"text": "a", "units": ["L99999.1"]})", 404},
      {json{{"text", std::string(20'001, 'x')}, {"units", {"L3.1"}}}.dump(), 413}};
  for (const Case& wrong : cases) {
    const Reply reply = ask(*explorer, Endpoint::kLive, "", wrong.body);
    EXPECT_EQ(reply.status, wrong.status) << wrong.body.substr(0, 100) << reply.body;
    EXPECT_THAT(reply.body["error"].get<std::string>(), Not(HasSubstr("<script>")));
  }
  std::string characters;  // four bytes each: characters are counted, not bytes
  for (int i = 0; i < 20'000; ++i) characters += "\xf0\x9f\x98\x80";
  EXPECT_EQ(live(*explorer, characters, {"L3.1"}).status, 200u);
}

TEST_F(ExplorerTest, UnitsThatAreNotOfTheResultAreNotFound) {
  const auto explorer = open(options());
  for (const char* name : {"L0.1", "L3.512", "L3", "..", "L3.01x", "L3.attn.q.1", "L4294967296.0", "x"})
    EXPECT_EQ(ask(*explorer, Endpoint::kUnit, name).status, 404u) << name;
}

TEST_F(ExplorerTest, WindowsThatTheModelCannotReadAreRefused) {
  const formats::ScratchFolder scratch;
  std::filesystem::copy(scratch_->path("result"), scratch.path("result"));
  auto heatmaps = store::read_heatmaps(scratch.path("result")).value();
  const model::Model model = model::Model::open(kModel).value();
  const store::RunRecord run = store::read_run(scratch.path("result")).value();
  EXPECT_TRUE(ScanText::make(model, run, heatmaps.tokens, 1 << 20).has_value());
  auto spoilt = heatmaps.tokens;
  spoilt[3].token_id = 8192;
  EXPECT_FALSE(ScanText::make(model, run, spoilt, 1 << 20).has_value());
  spoilt = heatmaps.tokens;
  spoilt[3].position = 7;
  EXPECT_FALSE(ScanText::make(model, run, spoilt, 1 << 20).has_value());
  store::RunRecord other = run;
  other.layers = {1, 99};
  EXPECT_FALSE(ScanText::make(model, other, heatmaps.tokens, 1 << 20).has_value());
}

TEST_F(ExplorerTest, WorkForOneWhoHasGoneStops) {
  const auto explorer = open(options());
  std::stop_source gone;
  gone.request_stop();
  EXPECT_EQ(explorer->answer({Endpoint::kUnit, "L3.500", ""}, gone.get_token()).status, 503u);
  EXPECT_EQ(
      explorer->answer({Endpoint::kLive, "", R"({"text": "a", "units": ["L3.1"]})"}, gone.get_token()).status,
      503u);
  EXPECT_EQ(ask(*explorer, Endpoint::kUnit, "L3.500").status, 200u) << "the next one is answered";
}

}  // namespace
}  // namespace penfield::server
