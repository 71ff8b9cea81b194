// `scan --activations`: activations that another program recorded get what a scan of a model gives.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <limits>
#include <nlohmann/json.hpp>

#include "files.h"
#include "penfield/base/sanitized_for_tests.h"
#include "program.h"

namespace penfield::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

void expect_error(const CommandResult& result, int exit_code, const std::string& what) {
  EXPECT_EQ(result.exit_code, exit_code) << result.err;
  EXPECT_THAT(result.err_lines(), SizeIs(1)) << result.err;
  EXPECT_THAT(result.err, HasSubstr(what));
}

// A small recording: 12 documents of 60 tokens, of which every tenth is animate; unit 3 of layer 4 reads that
// and no other unit anything.
class Recording {
 public:
  static constexpr std::size_t kDocuments = 12, kTokensEach = 60, kUnits = 6;
  static constexpr std::size_t kTokens = kDocuments * kTokensEach;

  explicit Recording(const std::string& folder) : folder_(folder) {
    std::filesystem::create_directories(folder);
    write(4);
    write(9);
    write_tokens();
  }

  // Every word has its own label, so that words can be observations.
  static bool is_animate(std::size_t t) { return word(t) % 10 == 3; }
  static std::size_t word(std::size_t t) { return (t * 7919 + t / 31) % 97; }

  void write_tokens(const std::string& header = "document\ttoken\tlabel:animate\tsource\n") const {
    std::string table = header;
    for (std::size_t t = 0; t < kTokens; ++t) {
      table += "d" + std::to_string(t / kTokensEach) + "\t w" + std::to_string(word(t)) + "\t" +
               (is_animate(t) ? "1"
                : t % 50 == 7 ? "NA"
                              : "0") +
               "\tweb\n";
    }
    write_file(folder_ + "/tokens.tsv", table);
  }
  void write(std::size_t layer, const std::vector<std::pair<std::size_t, float>>& changed = {}) const {
    std::vector<float> values(kTokens * kUnits);
    std::uint32_t state = 12345 + static_cast<std::uint32_t>(layer);
    for (std::size_t i = 0; i < values.size(); ++i) {
      state = state * 1664525 + 1013904223;
      values[i] = static_cast<float>(state >> 8) / 16777216.0f;
      if (layer == 4 && i % kUnits == 3 && is_animate(i / kUnits)) values[i] += 1;
    }
    for (const auto& [at, value] : changed) values[at] = value;
    write_file(folder_ + "/L" + std::to_string(layer) + ".npy", npy_matrix(kTokens, kUnits, values));
  }

 private:
  std::string folder_;
};

std::vector<std::string> scan_of(const std::string& folder, const std::string& result,
                                 const std::vector<std::string>& further = {}) {
  std::vector<std::string> arguments = {"scan", "--activations", folder, "-o", result, "--window", "60"};
  arguments.insert(arguments.end(), further.begin(), further.end());
  return arguments;
}

// The activations of the bundled model, written out and scanned, give what a scan of the model gives.
TEST(Recorded, GivesTheBytesOfAScanOfTheModel) {
  const TempFolder folder;
  const std::string acts = folder / "acts";
  std::filesystem::create_directories(acts);
  const std::vector<std::string> text = {"-m",       "models/demo", "-t",       "data/demo/articles.txt",
                                         "--rows",   "120",         "--layers", "2-3",
                                         "--window", "128"};
  const auto with = [&](std::vector<std::string> arguments, const std::vector<std::string>& further) {
    arguments.insert(arguments.end(), further.begin(), further.end());
    const CommandResult result = run(arguments);
    ASSERT_EQ(result.exit_code, 0) << result.err;
  };
  with({"activations", "-o", acts + "/mlp.pre.L2-3.npy", "--tokens", acts + "/tokens.tsv"}, text);
  const std::vector<std::string> options = {"-c", "proper-noun", "--null-runs", "3", "--permutations", "200"};
  std::vector<std::string> of_model = options;
  of_model.insert(of_model.end(), text.begin(), text.end());
  with({"scan", "-o", folder / "model"}, of_model);
  with({"scan", "--activations", acts, "--window", "128", "-o", folder / "recorded"}, options);
  // A .safetensors file says site and layers inside.
  std::filesystem::remove(acts + "/mlp.pre.L2-3.npy");
  with({"activations", "-o", acts + "/x.safetensors"}, text);
  with({"scan", "--activations", acts, "--window", "128", "-o", folder / "tensor"}, options);
  EXPECT_TRUE(read_file(folder / "tensor/units.tsv") == read_file(folder / "recorded/units.tsv"));
  for (const char* name : {"units.tsv", "samples.tsv", "windows.tsv"}) {
    const std::string expected = read_file(folder / (std::string("model/") + name));
    EXPECT_GT(expected.size(), 1000U) << name;
    EXPECT_TRUE(read_file(folder / (std::string("recorded/") + name)) == expected) << name << " differs";
  }
  // Heatmaps of a model are made from what its blocks read: equal but for rounding.
  const std::string model_map = read_file(folder / "model/heatmaps.npy");
  const std::string recorded_map = read_file(folder / "recorded/heatmaps.npy");
  ASSERT_EQ(model_map.size(), recorded_map.size());
  for (std::size_t at = 128; at + 4 <= model_map.size(); at += 4) {
    float a = 0, b = 0;
    std::memcpy(&a, model_map.data() + at, 4);
    std::memcpy(&b, recorded_map.data() + at, 4);
    ASSERT_NEAR(a, b, 1e-3) << "value " << (at - 128) / 4;
  }
}

class OwnActivations : public ::testing::Test {
 protected:
  OwnActivations() : recording_(folder_ / "acts") {}
  CommandResult scan(const std::vector<std::string>& further = {}) {
    return run(scan_of(folder_ / "acts", folder_ / "result", further));
  }

  TempFolder folder_;
  Recording recording_;
};

TEST_F(OwnActivations, FindTheUnitOfTheirOwnLabels) {
  const CommandResult result = scan({"--null", "labels,lists,rotation", "--null-runs", "2"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, AllOf(HasSubstr("label:animate"), HasSubstr("L4.recorded.3")));
  const Table units = parse_tsv(read_file(folder_ / "result/units.tsv"));
  ASSERT_THAT(units.rows, SizeIs(2 * Recording::kUnits));
  EXPECT_EQ(units.at(3, "unit"), "L4.recorded.3");
  EXPECT_EQ(units.at(3, "significant"), "1");
  EXPECT_EQ(units.at(3, "replicated"), "1");
  EXPECT_EQ(units.at(3, "direction"), "+");
  EXPECT_EQ(units.at(9, "unit"), "L9.recorded.3");
  EXPECT_EQ(units.at(9, "significant"), "0");
  // NA is neither target nor comparison.
  const Table samples = parse_tsv(read_file(folder_ / "result/samples.tsv"));
  for (std::size_t row = 0; row < samples.rows.size(); ++row) {
    const auto t = static_cast<std::size_t>(samples.number(row, "token_index"));
    EXPECT_EQ(samples.at(row, "group"), Recording::is_animate(t) ? "target" : "comparison") << t;
    EXPECT_TRUE(Recording::is_animate(t) || t % 50 != 7) << t;
  }
  const auto record = nlohmann::json::parse(read_file(folder_ / "result/run.json"));
  EXPECT_EQ(record["options"]["activations"], folder_ / "acts");
  EXPECT_EQ(record["model"]["weights_sha256"].size(), 2U);
  EXPECT_EQ(record["text"]["files"][0]["path"], folder_ / "acts/tokens.tsv");
}

TEST_F(OwnActivations, HaveReportCardsAndExports) {
  ASSERT_EQ(scan().exit_code, 0);
  const std::string result = folder_ / "result";
  const CommandResult card = run({"show", result, "L4.recorded.3", "--heatmap"});
  EXPECT_EQ(card.exit_code, 0) << card.err;
  EXPECT_THAT(card.out, HasSubstr("L4.recorded.3"));
  const CommandResult report = run({"report", result, "-o", folder_ / "report.html"});
  EXPECT_EQ(report.exit_code, 0) << report.err;
  EXPECT_THAT(read_file(folder_ / "report.html"), HasSubstr("recorded activations"));
  for (const char* format : {"csv", "jsonl", "npy", "sqlite"}) {
    const CommandResult exported =
        run({"export", result, "--format", format, "-o", folder_ / (std::string("units.") + format)});
    EXPECT_EQ(exported.exit_code, 0) << format << exported.err;
  }
  EXPECT_EQ(run({"plot", result, "funnel", "-o", folder_ / "funnel.svg"}).exit_code, 0);
}

// A column with NaN or infinity has no fit, as in `associate`; no other column changes.
TEST_F(OwnActivations, AUnitThatIsNotFiniteHasNoFit) {
  ASSERT_EQ(scan().exit_code, 0);
  const Table before = parse_tsv(read_file(folder_ / "result/units.tsv"));
  std::vector<std::pair<std::size_t, float>> changed;
  for (std::size_t t = 0; t < Recording::kTokens; ++t) {
    changed.emplace_back(t * Recording::kUnits + 1, std::numeric_limits<float>::quiet_NaN());
    if (t % 3 == 0) changed.emplace_back(t * Recording::kUnits + 2, std::numeric_limits<float>::infinity());
  }
  recording_.write(4, changed);
  const CommandResult result = scan({"--force"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const Table after = parse_tsv(read_file(folder_ / "result/units.tsv"));
  EXPECT_EQ(after.at(1, "status"), "non_finite");
  EXPECT_EQ(after.at(2, "status"), "non_finite");
  for (const std::size_t row : {0, 3, 4, 5, 6}) {
    for (const char* column : {"beta", "auc", "neglog10_p_lrt", "auc_matched_lo", "held_out_auc"})
      EXPECT_EQ(after.at(row, column), before.at(row, column)) << row << column;
  }
  EXPECT_EQ(run({"report", folder_ / "result"}).exit_code, 0);
}

TEST_F(OwnActivations, OneDocumentIsHalvedByPosition) {
  recording_.write_tokens("document\ttoken\tlabel:animate\tsource\n");
  std::string table = read_file(folder_ / "acts/tokens.tsv");
  for (std::size_t at = 0; (at = table.find("\nd", at)) != std::string::npos; ++at)
    table.replace(at + 1, table.find('\t', at) - at - 1, "all");
  write_file(folder_ / "acts/tokens.tsv", table);
  const CommandResult result = scan();
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("come from one document"));
  const Table samples = parse_tsv(read_file(folder_ / "result/samples.tsv"));
  double last_of_discovery = 0, first_held_out = 1e9;
  for (std::size_t row = 0; row < samples.rows.size(); ++row) {
    const double t = samples.number(row, "token_index");
    if (samples.at(row, "split") == "discovery")
      last_of_discovery = std::max(last_of_discovery, t);
    else
      first_held_out = std::min(first_held_out, t);
  }
  EXPECT_LT(last_of_discovery, first_held_out);
}

TEST_F(OwnActivations, SayWhereAFileIsWrong) {
  const std::string acts = folder_ / "acts", tokens = acts + "/tokens.tsv", layer = acts + "/L4.npy";
  const std::string good = read_file(layer), table = read_file(tokens);
  write_file(layer, good.substr(0, good.size() - 100));
  expect_error(scan(), 3, "L4.npy: its shape [720, 6] needs 17280 bytes of values, the file has 17180");
  write_file(layer, npy_matrix(719, 6, std::vector<float>(719 * 6)));
  expect_error(scan(), 3, "L4.npy: its shape [719, 6] is not of the 720 tokens of tokens.tsv");
  write_file(layer, npy("<i4", std::vector<std::size_t>{720, 6}, std::string(720 * 6 * 4, '\0')));
  expect_error(scan(), 3, "L4.npy: values of type '<i4' are no activations");
  write_file(layer, good);
  write_file(tokens, table + "d99\t w1\n");
  expect_error(scan(), 3, "tokens.tsv:722: 2 fields where the header has 4");
  write_file(tokens, table);
  expect_error(scan({"-c", "label:named"}), 2,
               "label:named: tokens.tsv has no such column of labels; it has animate");
  expect_error(scan({"-c", "label:source"}), 3, "tokens.tsv:2: column source: 'web' is no label");
  expect_error(scan({"--layers", "5"}), 2, "has no layer 5 of recorded; it has 4, 9");
  expect_error(scan({"--site", "mlp.pre"}), 2, "has activations of recorded");
  std::filesystem::remove(tokens);
  expect_error(scan(), 1, "tokens.tsv");
  expect_error(run(scan_of(folder_ / "none", folder_ / "result")), 1, "none/tokens.tsv");
  EXPECT_FALSE(exists(folder_ / "result/units.tsv"));
}

TEST_F(OwnActivations, RefuseByNameWhatNeedsAModel) {
  for (const auto& [flags, what] : std::vector<std::pair<std::vector<std::string>, std::string>>{
           {{"--null", "weights"}, "--null weights with --activations"},
           {{"--null", "labels,init"}, "--null init with --activations"},
           {{"-m", "models/demo"}, "--model with --activations"},
           {{"-t", "data/demo/articles.txt"}, "--text with --activations"},
           {{"--rows", "3"}, "--rows with --activations"},
           {{"--encode", "rows"}, "--encode with --activations"},
           {{"--profile", "study"}, "--profile study with --activations"},
           {{"--precision", "bf16"}, "--precision bf16 with --activations"}}) {
    expect_error(scan(flags), 2, what);
  }
  expect_error(run({"scan", "-m", "models/demo", "-t", "data/demo/articles.txt", "-c", "label:animate", "-o",
                    folder_ / "result"}),
               2, "there is no column of labels");
}

// A file of 800 MB (of holes) is hashed whole and read a few windows at a time.
TEST_F(OwnActivations, AreReadWithinBoundedMemory) {
  constexpr std::size_t kWidth = 40'000, kRows = 5'000;
  std::string table = "document\ttoken\tlabel:odd\n";
  for (std::size_t t = 0; t < kRows; ++t)
    table += std::to_string(t / 500) + "\t w" + std::to_string(t % 40) + "\t" + std::to_string(t % 2) + "\n";
  write_file(folder_ / "acts/tokens.tsv", table);
  const std::string header = npy("<f4", std::vector<std::size_t>{kRows, kWidth}, "");
  write_file(folder_ / "acts/L4.npy", header);
  std::filesystem::resize_file(folder_ / "acts/L4.npy", header.size() + kRows * kWidth * sizeof(float));
  std::filesystem::remove(folder_ / "acts/L9.npy");
  const CommandResult result =
      scan({"--null", "none", "--test", "lrt", "--discovery", "2", "--held-out", "2"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const auto record = nlohmann::json::parse(read_file(folder_ / "result/run.json"));
  double peak = 0;
  for (const auto& stage : record["stages"]) peak = std::max(peak, stage["peak_rss_bytes"].get<double>());
  EXPECT_GT(peak, 0);
  EXPECT_LT(peak, 400e6 * kSanitizerFactor);
}

}  // namespace
}  // namespace penfield::cli
