// The page as a browser would take it: one file whose only change is its data, and data that nothing runs.
#include "penfield/report/page/page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/sha.h>

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "penfield/report/page/page_source.h"
#include "penfield/report/page/payload_block.h"
#include "penfield/report/page/payload_tables.h"
#include "penfield/report/words/lookup.h"
#include "penfield/report/words/run_story.h"
#include "penfield/report/words/synthetic_report_for_tests.h"

namespace penfield::report {
namespace {

using nlohmann::json;
using testing::Not;

std::size_t count(std::string_view page, std::string_view part) {
  std::size_t n = 0;
  for (std::size_t at = page.find(part); at != std::string_view::npos; at = page.find(part, at + 1)) ++n;
  return n;
}

// What stands between `begin` and the next `end`.
std::string between(std::string_view page, std::string_view begin, std::string_view end) {
  const std::size_t at = page.find(begin);
  if (at == std::string_view::npos) return "";
  const std::string_view rest = page.substr(at + begin.size());
  return std::string(rest.substr(0, rest.find(end)));
}

std::string payload_text(std::string_view page) {
  return between(page, R"(<script type="application/json" id="penfield-payload">)", "</script>");
}
json payload_of(std::string_view page) {
  return json::parse(payload_text(page));
}
std::string block_of(std::string_view page, const std::string& name) {
  return between(page, R"(<script type="text/plain" id="penfield-block-)" + name + "\">", "</script>");
}
std::vector<std::string> names_of(const json& table) {
  std::vector<std::string> out;
  for (const json& column : table["columns"]) out.push_back(column["name"]);
  return out;
}
const json& column_of(const json& table, const std::string& name) {
  for (const json& column : table["columns"]) {
    if (column["name"] == name) return column;
  }
  static const json kNone;
  return kNone;
}

TEST(Page, TheSourceIsTheBuiltPage) {
  std::ifstream file("web/dist/index.html", std::ios::binary);
  const std::string built{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  ASSERT_FALSE(built.empty());
  EXPECT_TRUE(page_source() == built);
}

TEST(Page, OnlyItsDataAreNew) {
  std::string page = render_page(make_synthetic_report());
  EXPECT_TRUE(page == render_page(make_synthetic_report())) << "the same data, the same bytes";
  const std::size_t begin = page.find("<script type=\"application/json\"");
  const std::size_t end = page.find("</body>");
  const std::string place = "<script type=\"application/json\" id=\"penfield-payload\"></script>\n";
  EXPECT_TRUE(page.replace(begin, end - begin, place) == page_source());
}

TEST(Page, ThePolicyHoldsTheHashOfItsScript) {
  const std::string page = render_page(make_synthetic_report());
  EXPECT_EQ(count(page, "Content-Security-Policy"), 1u);
  EXPECT_EQ(count(page, "default-src 'none'"), 1u);
  const std::string script = between(page, "<script type=\"module\" crossorigin>", "</script>");
  unsigned char hash[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(script.data()), script.size(), hash);
  const std::string allowed = base64(std::string_view(reinterpret_cast<const char*>(hash), sizeof hash));
  EXPECT_EQ(count(page, "script-src 'sha256-" + allowed + "';"), 1u);
}

TEST(Page, TheServersPageMayAskItsOwnServer) {
  const ReportData data = make_synthetic_report();
  const std::string report = render_page(data);
  EXPECT_EQ(count(report, "connect-src 'none'"), 1u);
  EXPECT_EQ(payload_of(report)["mode"], "report");
  EXPECT_FALSE(payload_of(report).contains("explorer"));
  const std::string served = render_page(data, {ExplorerSeat{"0123abcd", true, "results/<demo>"}});
  EXPECT_EQ(count(served, "connect-src 'self'"), 1u);
  EXPECT_EQ(count(served, "connect-src 'none'"), 0u);
  EXPECT_EQ(payload_of(served)["mode"], "explorer");
  EXPECT_EQ(payload_of(served)["explorer"],
            json({{"token", "0123abcd"}, {"live", true}, {"folder", "results/<demo>"}}));
}

TEST(Page, TextOfOthersEndsNoElement) {
  ReportData data = make_synthetic_report();
  const std::string hostile = "</script><script>alert(1)</script>\"></style><!--&amp;\u2028\u2029 \xff";
  data.heatmaps.tokens.at(3).token = hostile;
  data.run.concept_name = hostile;
  data.run.warnings = {hostile};
  data.run.model.name = hostile;
  const std::string page = render_page(data);
  EXPECT_EQ(count(page, "<script"), count(page_source(), "<script") + 2) << "units and heatmaps";
  EXPECT_EQ(count(page, "</script"), count(page_source(), "</script") + 2);
  EXPECT_EQ(payload_text(page).find_first_of("<>&"), std::string::npos);
  const json payload = payload_of(page);
  const std::string expected = "</script><script>alert(1)</script>\"></style><!--&amp;\u2028\u2029 \ufffd";
  EXPECT_EQ(payload["heatmaps"]["windows"][0]["tokens"][3], expected);
  EXPECT_EQ(payload["run"]["concept"], expected);
}

TEST(Page, HoldsTheStoryThatTheTerminalTells) {
  ReportData data = make_synthetic_report();
  data.run.controls = {};
  data.run.controls.n_draws = 5;
  data.run.controls.n_stable = 12;
  const json story = payload_of(render_page(data))["story"];
  const RunStory told = tell_run(data);
  EXPECT_EQ(story["title"], told.title);
  EXPECT_EQ(story["question"], told.question);
  EXPECT_EQ(story["controls"], told.controls);
  EXPECT_THAT(story["controls"].dump(), testing::HasSubstr("12 units are significant in all 5 draws"));
  ASSERT_EQ(story["found"].size(), told.found.size());
  for (std::size_t i = 0; i < told.found.size(); ++i) {
    std::string said;
    for (const json& part : story["found"][i]) {
      if (part.is_string()) said += part.get<std::string>();
      for (const char* name : {"strong", "unit"}) said += part.is_object() ? part.value(name, "") : "";
      if (part.is_object() && part.contains("sign")) said += part["sign"] == 1 ? "+" : "−";
    }
    EXPECT_EQ(said, plain(told.found[i]));
  }
  for (const RunFact& fact : told.facts) {
    EXPECT_THAT(story["facts"], testing::Contains(json::array({fact.name, fact.value})));
  }
}

TEST(Page, HoldsTheWordsForItsNumbers) {
  ReportData data = make_synthetic_report();
  const json words = payload_of(render_page(data))["words"];
  EXPECT_EQ(words["test"], "likelihood-ratio test");
  EXPECT_EQ(words["correction"], "Bonferroni within each layer");
  EXPECT_EQ(words["statuses"].size(), association::kStatusNames.size());
  EXPECT_EQ(words["statuses"][2]["name"], "separated");
  EXPECT_THAT(names_of(payload_of(render_page(data))["units"]), Not(testing::Contains("note")));
  data.units[5].fit.note = association::FitNote::kLimit;
  const json payload = payload_of(render_page(data));
  EXPECT_EQ(column_of(payload["units"], "note")["type"], "u8");
  EXPECT_EQ(payload["words"]["notes"][4]["name"], "limit");
}

TEST(Page, NoFolderOfThisMachineIsInIt) {
  ReportData data = make_synthetic_report();
  data.run.model.name = data.run.model.path = "/home/somebody/models/gpt2";
  data.run.options = {
      {"model", "/home/somebody/models/gpt2"}, {"text", "/home/somebody/a.txt"}, {"alpha", "0.05"}};
  data.run.text_files = {{"/home/somebody/a.txt", "", 12}};
  const std::string page = render_page(data);
  EXPECT_EQ(count(page, "somebody"), 0u);
  const json run = payload_of(page)["run"];
  EXPECT_EQ(run["model"]["name"], "gpt2");
  EXPECT_EQ(run["text"]["files"][0]["path"], "a.txt");
  EXPECT_EQ(run["options"], json({{"alpha", "0.05"}}));
  data.run.model.name = "openai-community/gpt2";
  EXPECT_EQ(payload_of(render_page(data))["run"]["model"]["name"], "openai-community/gpt2");
}

TEST(Page, GroupsAndWindowsCountTheirRows) {
  const ReportData data = make_synthetic_report({.n_layers = 3, .n_units = 40});
  const json payload = payload_of(render_page(data));
  ASSERT_EQ(payload["groups"].size(), 3u);
  EXPECT_EQ(payload["groups"][2], json({{"site", "mlp.pre"}, {"layer", 2}, {"n_units", 40}}));
  EXPECT_EQ(payload["activation_function"], "gelu_new");
  std::size_t at = 0;
  for (const json& window : payload["heatmaps"]["windows"]) {
    const std::vector<std::size_t> targets = window["targets"], sampled = window["sampled"];
    for (std::size_t t = 0; t < window["tokens"].size(); ++t, ++at) {
      const store::WindowToken& token = data.heatmaps.tokens.at(at);
      EXPECT_EQ(window["tokens"][t], token.token);
      EXPECT_EQ(window["window"], token.window);
      EXPECT_EQ(std::ranges::find(targets, t) != targets.end(), token.is_target);
      EXPECT_EQ(std::ranges::find(sampled, t) != sampled.end(), token.is_sampled);
    }
  }
  EXPECT_EQ(at, data.heatmaps.tokens.size());
  EXPECT_EQ(payload["heatmaps"]["n_rows"], at * data.heatmaps.units.size());
}

TEST(Page, AFewUnitsComeInFull) {
  const json payload = payload_of(render_page(make_synthetic_report()));
  EXPECT_FALSE(payload.contains("exact"));
  EXPECT_EQ(column_of(payload["units"], "beta")["type"], "f64");
  for (const char* flag : {"status", "significant", "replicated", "direction"}) {
    EXPECT_EQ(column_of(payload["units"], flag)["type"], "u8") << flag;
  }
}

TEST(Page, ManyUnitsComeShortAndTheStrongestInFull) {
  const ReportData data = make_synthetic_report({.n_layers = 24, .n_units = 4096});
  const std::string page = render_page(data);
  EXPECT_LE(page.size(), 5'000'000u);
  const json payload = payload_of(page);
  EXPECT_EQ(payload["units"]["n_rows"], 98'304);
  EXPECT_EQ(column_of(payload["units"], "auc"), json({{"name", "auc"}, {"type", "fixed"}, {"decimals", 3}}));
  EXPECT_EQ(column_of(payload["units"], "beta"),
            json({{"name", "beta"}, {"type", "decimal"}, {"digits", 4}}));
  EXPECT_EQ(column_of(payload["units"], "lrt_chi2"), json()) << "for the strongest units alone";
  EXPECT_EQ(column_of(payload["exact"], "lrt_chi2")["type"], "f64");
  EXPECT_THAT(names_of(payload["exact"]), Not(testing::Contains("status")));
  const std::vector<std::string> exact = payload["exact"]["units"];
  EXPECT_EQ(exact.size(), payload["exact"]["n_rows"]);
  for (const UnitId& unit : data.heatmaps.units) EXPECT_THAT(exact, testing::Contains(to_string(unit)));
  for (const findings::Finding* unit : top_units(data, kExactUnits)) {
    EXPECT_THAT(exact, testing::Contains(to_string(unit->unit)));
  }
  for (const char* block : {"units", "exact", "heatmaps"})
    EXPECT_FALSE(block_of(page, block).empty()) << block;
}

TEST(Page, AColumnWithoutAnyValueIsLeftOut) {
  ReportData data = make_synthetic_report();
  for (findings::Finding& unit : data.units) unit.fit.t_welch = unit.fit.auc = association::UnitFit::kNone;
  const json units = payload_of(render_page(data))["units"];
  EXPECT_THAT(names_of(units), Not(testing::Contains("t_welch")));
  EXPECT_THAT(names_of(units), testing::Contains("auc")) << "the page needs it";
}

}  // namespace
}  // namespace penfield::report
