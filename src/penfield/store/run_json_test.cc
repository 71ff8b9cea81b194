#include "penfield/store/run_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "penfield/store/small_result_for_tests.h"

namespace penfield::store {
namespace {

using nlohmann::ordered_json;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

ResultTables make_tables() {
  return {.n_samples = 18,
          .n_units = 12,
          .n_tokens = 18,
          .heatmap_units = {{Site::kMlpPre, 0, 1}, {Site::kAttnV, 7, 0}}};
}

TEST(RunJson, EveryFieldComesBack) {
  const RunRecord run = make_run();
  const std::string bytes = format_run_document(run, make_tables());
  const auto read = parse_run_document(bytes, "run.json");
  ASSERT_TRUE(read) << read.error().message;
  // What was read and is written again is the same text, so every field that is written is also read; and a
  // default record is another text in every field, so none of them was left as it was.
  EXPECT_EQ(format_run_document(read->run, read->tables), bytes);
  EXPECT_EQ(read->tables.heatmap_units, make_tables().heatmap_units);
  EXPECT_EQ(read->run.options, run.options) << "in their order";
  EXPECT_EQ(read->run.model.weights_sha256, run.model.weights_sha256);
  EXPECT_EQ(read->run.seed, run.seed);
  EXPECT_EQ(read->run.counts[1].n_comparison, 14u);
  EXPECT_TRUE(std::isnan(read->run.families[1].neglog10_p_threshold));
  EXPECT_TRUE(std::isnan(read->run.layer_summaries[1].best_held_out_auc));
}

TEST(RunJson, EveryFieldOfTheTestRecordIsItsOwn) {
  const auto full = ordered_json::parse(format_run_json(make_run())).flatten();
  const auto empty = ordered_json::parse(format_run_json(RunRecord{})).flatten();
  for (const auto& [path, value] : empty.items()) {
    if (path == "/schema_version" || path == "/precision") continue;
    if (full.contains(path)) {
      EXPECT_NE(full[path], value) << path;
    }
  }
}

TEST(RunJson, IsReadableAndInAFixedOrder) {
  const std::string bytes = format_run_json(make_run());
  EXPECT_THAT(
      bytes,
      StartsWith(
          "{\n \"schema_version\": 2,\n \"penfield_version\": \"0.1.0\",\n \"concept\": \"proper-noun\",\n"));
  EXPECT_EQ(bytes.back(), '\n');
  const auto document = ordered_json::parse(bytes);
  std::vector<std::string> keys;
  for (const auto& [key, value] : document.items()) keys.push_back(key);
  EXPECT_THAT(keys, testing::ElementsAre(
                        "schema_version", "penfield_version", "concept", "profile", "options", "seed", "test",
                        "correction", "family", "alpha", "sites", "layers", "threads", "precision",
                        "product_kernel", "model", "text", "counts", "clusters", "controls", "n_target_types",
                        "top_target_types", "n_target_words", "top_target_words", "n_significant",
                        "n_replicated", "replication", "discovery_words", "unseen_words", "permutation",
                        "documents", "families", "layer_summaries", "gate_quadrants", "warnings", "stages"));
  EXPECT_THAT(format_run_document(make_run(), make_tables()), HasSubstr("\"tables\": {"));
}

TEST(RunJson, BytesThatAreNoTextAreReplaced) {
  RunRecord run = make_run();
  run.model.path = "models/\xff";
  const auto read = parse_run_document(format_run_document(run, make_tables()), "run.json");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->run.model.path, "models/\xef\xbf\xbd");
}

std::string refusal(const ordered_json& document) {
  const auto read = parse_run_document(document.dump(), "r/run.json");
  if (read) return "accepted";
  EXPECT_EQ(read.error().kind, ErrorKind::kBadInput);
  EXPECT_THAT(read.error().message, StartsWith("r/run.json: "));
  EXPECT_THAT(read.error().message, Not(HasSubstr("\n")));
  return read.error().message;
}

ordered_json good() {
  return ordered_json::parse(format_run_document(make_run(), make_tables()));
}

TEST(RunJson, OfAnotherSchemaIsRefused) {
  auto document = good();
  EXPECT_EQ(refusal(document), "accepted");
  document["schema_version"] = 3;
  EXPECT_EQ(refusal(document),
            "r/run.json: is of schema version 3, this Penfield reads 2; read it with a later Penfield");
  EXPECT_THAT(refusal({{"schema_version", 3}}), HasSubstr("later Penfield"));
  document["schema_version"] = 1;
  EXPECT_THAT(refusal(document), HasSubstr("run the scan again"));
  for (const auto& version :
       {ordered_json(nullptr), ordered_json("1"), ordered_json(-1), ordered_json(1.0)}) {
    document["schema_version"] = version;
    EXPECT_THAT(refusal(document), HasSubstr("not Penfield's"));
  }
  EXPECT_THAT(refusal(ordered_json::object()), HasSubstr("not Penfield's"));
  EXPECT_THAT(refusal(ordered_json::array()), HasSubstr("not Penfield's"));
}

TEST(RunJson, EveryMissingFieldIsNamed) {
  const auto whole = good();
  for (const auto& [key, value] : whole.items()) {
    if (key == "schema_version") continue;
    auto document = good();
    document.erase(key);
    EXPECT_THAT(refusal(document), HasSubstr(fmt::format("\"{}\" is missing", key)));
  }
  auto document = good();
  document["layer_summaries"][1].erase("n_ok");
  EXPECT_EQ(refusal(document), "r/run.json: \"layer_summaries[1].n_ok\" is missing");
}

TEST(RunJson, EveryMistypedFieldIsNamed) {
  const auto flat = good().flatten();
  for (const auto& [path, value] : flat.items()) {
    if (path == "/schema_version") continue;
    auto document = good();
    document[ordered_json::json_pointer(path)] = ordered_json::array({ordered_json::object()});
    EXPECT_NE(refusal(document), "accepted") << path;
  }
  auto document = good();
  document["test"] = "t";
  EXPECT_EQ(refusal(document), "r/run.json: \"test\" is not one of the words it can be");
  document = good();
  document["tables"]["heatmap_units"][0] = "L1";
  EXPECT_THAT(refusal(document), HasSubstr("\"tables.heatmap_units[0]\""));
  document = good();
  document["threads"] = 3'000'000'000u;
  EXPECT_THAT(refusal(document), HasSubstr("\"threads\" must be a whole number"));
  document = good();
  document["model"]["n_layer"] = -1;
  EXPECT_THAT(refusal(document), HasSubstr("\"model.n_layer\" must be a whole number"));
}

TEST(RunJson, UnknownFieldsArePassedOver) {
  auto document = good();
  document["something_new"] = 1;
  document["model"]["something_new"] = "x";
  EXPECT_EQ(refusal(document), "accepted");
}

TEST(RunJson, RefusesBrokenJson) {
  const std::string bytes = format_run_document(make_run(), make_tables());
  for (std::size_t size = 0; size + 1 < bytes.size(); size += 7) {
    EXPECT_FALSE(parse_run_document(bytes.substr(0, size), "run.json")) << size;
  }
  EXPECT_FALSE(parse_run_document(bytes + "{}", "run.json"));
}

}  // namespace
}  // namespace penfield::store
