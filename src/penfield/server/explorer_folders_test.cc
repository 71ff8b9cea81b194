// Which model stands behind a result, and which other results can be opened.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "penfield/server/explorer_for_tests.h"

namespace penfield::server {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;

TEST_F(ExplorerTest, WithoutAModelNothingIsLive) {
  ExplorerOptions none = options("");
  none.find_model = [](const std::string&) -> Result<std::string> { return std::string("/nowhere"); };
  const auto explorer = open(none);
  EXPECT_THAT(explorer->why_not_live(), HasSubstr("/nowhere"));
  EXPECT_THAT(*explorer->published().page, HasSubstr("\"live\":false"));
  EXPECT_EQ(live(*explorer, "text", {"L3.1"}).status, 409u);
  const store::Heatmaps heatmaps = store::read_heatmaps(scratch_->path("result")).value();
  EXPECT_TRUE(ask(*explorer, Endpoint::kUnit, to_string(heatmaps.units[0])).body["values"].is_array());
  std::uint32_t index = 0;
  while (std::ranges::find(heatmaps.units, UnitId{Site::kMlpPre, 3, index}) != heatmaps.units.end()) ++index;
  EXPECT_TRUE(
      ask(*explorer, Endpoint::kUnit, to_string(UnitId{Site::kMlpPre, 3, index})).body["values"].is_null());
  EXPECT_FALSE(explorer->work_ahead({}));
}

TEST_F(ExplorerTest, TheModelThatTheResultNamesIsFoundByItself) {
  const auto explorer = open(options(""));
  EXPECT_EQ(explorer->why_not_live(), "");
  const Published published = explorer->published();
  EXPECT_THAT(*published.page,
              AllOf(HasSubstr("\"live\":true"), HasSubstr("\"token\":\"" + published.token + "\""),
                    HasSubstr("connect-src 'self'")));
}

TEST_F(ExplorerTest, AnotherModelIsRefusedNamingWhatDiffers) {
  const formats::ScratchFolder scratch;
  const auto copy = [&](const std::string& name) {
    std::filesystem::copy(kModel, scratch.path(name));
    return scratch.path(name);
  };
  const auto config_of = [](const std::string& folder) {
    std::ifstream in(folder + "/config.json");
    return json::parse(in);
  };
  const std::string shape = copy("shape"), config = copy("config"), weights = copy("weights");
  json changed = config_of(shape);
  changed["n_layer"] = 4;
  changed["n_positions"] = 128;
  std::ofstream(shape + "/config.json") << changed;
  changed = config_of(config);
  changed["layer_norm_epsilon"] = 1e-6;
  std::ofstream(config + "/config.json") << changed;
  std::fstream bytes(weights + "/model.safetensors", std::ios::in | std::ios::out | std::ios::binary);
  bytes.seekp(-4, std::ios::end);  // the last float of the last tensor
  bytes.write("\x00\x00\x80\x3f", 4);
  bytes.close();
  const std::pair<std::string, std::string> cases[] = {
      {shape, "n_layer is 4, not 6; n_positions is 128, not 256"},
      {config, "config.json has another checksum"},
      {weights, "model.safetensors has another checksum"}};
  for (const auto& [folder, difference] : cases) {
    const auto refused = Explorer::open(options(folder));
    ASSERT_FALSE(refused.has_value()) << folder;
    EXPECT_EQ(refused.error().kind, ErrorKind::kBadInput);
    EXPECT_THAT(refused.error().message, AllOf(HasSubstr(folder), HasSubstr(difference)));
  }
}

TEST_F(ExplorerTest, AnotherFolderOfTheListIsOpened) {
  const auto explorer = open(options());
  const Published before = explorer->published();
  Reply list = ask(*explorer, Endpoint::kFolders, "");
  EXPECT_EQ(list.body, (json{{"folder", scratch_->path("result")}, {"folders", {scratch_->path("other")}}}));
  const auto open_folder = [&](const json& name) {
    return ask(*explorer, Endpoint::kOpen, "", json{{"folder", name}}.dump());
  };
  for (const json& name : {json(scratch_->path("other") + "/"), json(scratch_->path("result/../other")),
                           json("/etc"), json(""), json("other"), json(scratch_->path("missing"))}) {
    EXPECT_EQ(open_folder(name).status, 404u) << name;
  }
  EXPECT_EQ(open_folder(1).status, 400u);
  EXPECT_EQ(explorer->published().token, before.token);
  const Reply opened = open_folder(scratch_->path("other"));
  EXPECT_EQ(opened.status, 200u) << opened.body;
  EXPECT_EQ(opened.body, json::object());
  EXPECT_NE(explorer->published().token, before.token) << "a page of the other result is told to load again";
  EXPECT_EQ(ask(*explorer, Endpoint::kUnit, "L0.1").status, 200u);
  EXPECT_EQ(ask(*explorer, Endpoint::kUnit, "L3.1").status, 404u);
  EXPECT_EQ(ask(*explorer, Endpoint::kUnit, "L0.7").body["values"].size(),
            store::read_heatmaps(scratch_->path("other")).value().tokens.size());
}

TEST_F(ExplorerTest, UnitsThatTheModelHasNotAreRefused) {
  const formats::ScratchFolder scratch;
  std::filesystem::copy(scratch_->path("result"), scratch.path("result"));
  ExplorerOptions here = options();
  here.folder = scratch.path("result");
  const auto refusal_with = [&](const UnitId& last) {
    std::vector<findings::Finding> units = store::read_units(scratch_->path("result")).value();
    units.back().unit = last;
    scratch.write("result/units.tsv", store::format_units(units, store::UnitColumns::kScan, false));
    const auto opened = Explorer::open(here);
    if (opened) return std::string("no error");
    EXPECT_EQ(opened.error().kind, ErrorKind::kBadInput);
    return opened.error().message;
  };
  const UnitId last = store::read_units(scratch_->path("result"))->back().unit;
  EXPECT_EQ(refusal_with(last), "no error");
  for (const UnitId& outside : {UnitId{last.site, last.layer, last.index + 1}, UnitId{last.site, 6, 0},
                                UnitId{last.site, last.layer, 4'000'000'000}}) {
    EXPECT_THAT(refusal_with(outside), AllOf(HasSubstr("units.tsv"), HasSubstr(to_string(outside))));
  }
}

TEST_F(ExplorerTest, AConceptOfAResultOpensNoFile) {
  const formats::ScratchFolder scratch;
  std::filesystem::copy(scratch_->path("result"), scratch.path("result"));
  scratch.write("list.txt", "paris\n");
  scratch.write("labels.txt", "1\n1\n1\n");
  const std::string run = scratch.read("result/run.json");
  const std::string was = R"("concept": "proper-noun")";
  ASSERT_THAT(run, HasSubstr(was));
  ExplorerOptions here = options();
  here.folder = scratch.path("result");
  const auto labels_of = [&](const std::string& concept_spec) {
    std::string changed = run;
    changed.replace(changed.find(was), was.size(), "\"concept\": " + json(concept_spec).dump());
    scratch.write("result/run.json", changed);
    return live(*open(here), "in Paris", {"L3.1"}).body["labels"].get<std::vector<int>>();
  };
  EXPECT_THAT(labels_of("words:paris"), testing::Contains(1));
  for (const std::string& reads :
       {"words:" + scratch.path("list.txt"), "labels:" + scratch.path("labels.txt"),
        "capital and words:" + scratch.path("list.txt")}) {
    EXPECT_THAT(labels_of(reads), testing::Each(2)) << reads;
  }
}

TEST_F(ExplorerTest, AFolderThatIsBrokenLeavesTheOneShown) {
  const formats::ScratchFolder scratch;
  std::filesystem::copy(scratch_->path("result"), scratch.path("result"));
  std::filesystem::copy(scratch_->path("other"), scratch.path("broken"));
  std::filesystem::remove(scratch.path("broken/units.tsv"));
  std::filesystem::copy(scratch_->path("other"), scratch.path("tokens"));
  std::ofstream(scratch.path("tokens/run.json")) << "{}";
  ExplorerOptions here = options();
  here.folder = scratch.path("result");
  const auto explorer = open(here);
  const Published before = explorer->published();
  for (const char* name : {"broken", "tokens"}) {
    const Reply reply = ask(*explorer, Endpoint::kOpen, "", json{{"folder", scratch.path(name)}}.dump());
    EXPECT_EQ(reply.status, 422u) << reply.body;
  }
  EXPECT_EQ(explorer->published().token, before.token);
  EXPECT_EQ(ask(*explorer, Endpoint::kUnit, "L3.1").status, 200u);
}

}  // namespace
}  // namespace penfield::server
