// `scan` and what reads its folder: `show`, `plot`, `report`, `export`.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>

#include "files.h"
#include "program.h"

namespace penfield::cli {
namespace {

using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

constexpr std::size_t kLayers = 2;
constexpr std::size_t kUnits = 256;
constexpr const char* kContractColumns =
    "unit site layer neuron status n_target n_comparison mean_target mean_comparison sd beta se z "
    "neglog10_p_wald lrt_chi2 neglog10_p_lrt beta_sd cohen_d auc auc_lo auc_hi t_welch neglog10_p_welch neglog10_p_adj "
    "significant direction held_out_n_target held_out_n_comparison held_out_beta held_out_neglog10_p "
    "held_out_auc held_out_auc_lo held_out_auc_hi replicated";

std::vector<std::string> first(const std::vector<std::string>& names, std::size_t n) {
  return {names.begin(), names.begin() + static_cast<std::ptrdiff_t>(std::min(n, names.size()))};
}

// One scan for all tests of this file: a small planted model, two documents, one window of each.
class Scan : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new TempFolder;
    make_planted_model(file("model"), {"--text", file("text.txt"), "--documents", "2",
                                       "--tokens-per-document", "400", "--planted", "L0.5,L1.17,L1.200"});
    const CommandResult result = scan(file("result"));
    ASSERT_EQ(result.exit_code, 0) << result.err;
  }
  static void TearDownTestSuite() {
    delete folder_;
    folder_ = nullptr;
  }
  static std::string file(const std::string& name) { return *folder_ / name; }
  static CommandResult scan(const std::string& out, const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments = {"scan", "-m", file("model"), "-t", file("text.txt"), "-o", out};
    if (std::ranges::find(more, "--profile") == more.end())
      arguments.insert(arguments.end(), {"--profile", "descriptive"});
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments);
  }
  static Table units() { return parse_tsv(read_file(file("result/units.tsv"))); }

  static TempFolder* folder_;
};
TempFolder* Scan::folder_ = nullptr;

TEST_F(Scan, UnitsHaveTheColumnsOfTheContractInItsOrder) {
  const Table table = units();
  std::istringstream words(kContractColumns);
  const std::vector<std::string> contract{std::istream_iterator<std::string>(words), {}};
  EXPECT_THAT(first(table.header, contract.size()), ElementsAreArray(contract))
      << "further columns stand behind";
  ASSERT_EQ(table.rows.size(), kLayers * kUnits);
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    EXPECT_EQ(table.at(row, "site"), "mlp.pre");
    const std::size_t layer = row / kUnits, index = row % kUnits;
    EXPECT_EQ(table.number(row, "layer"), static_cast<double>(layer));
    EXPECT_EQ(table.number(row, "neuron"), static_cast<double>(index));
    EXPECT_THAT(table.at(row, "direction"), AnyOf("+", "-", "0"));
  }
}

TEST_F(Scan, ThePlantedUnitsAreFoundAndReplicate) {
  const Table table = units();
  for (const std::size_t row : {std::size_t{5}, kUnits + 17, kUnits + 200}) {
    EXPECT_EQ(table.at(row, "significant"), "1") << row;
    EXPECT_EQ(table.at(row, "replicated"), "1") << row;
    EXPECT_EQ(table.at(row, "direction"), "+") << row;
    EXPECT_EQ(table.at(row, "status"), "ok") << row;
    EXPECT_GT(table.number(row, "held_out_auc"), 0.9) << row;
  }
}

TEST_F(Scan, TheRunIsRecorded) {
  const auto run_record = nlohmann::json::parse(read_file(file("result/run.json")), nullptr, false);
  ASSERT_TRUE(run_record.is_object());
  EXPECT_TRUE(run_record.contains("schema_version"));
  const std::string text = run_record.dump();
  EXPECT_THAT(text, AllOf(HasSubstr("\"seed\""), HasSubstr("sha256"), HasSubstr("\"threads\"")));
}

TEST_F(Scan, SamplesAreBalancedAndDocumentsStayOnOneSide) {
  const Table table = parse_tsv(read_file(file("result/samples.tsv")));
  EXPECT_THAT(first(table.header, 7),
              ElementsAre("split", "document", "window", "position", "token_id", "token", "group"));
  std::map<std::string, std::map<std::string, int>> count;
  std::map<std::string, std::string> split_of_document;
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    const std::string split = table.at(row, "split");
    ++count[split][table.at(row, "group")];
    EXPECT_EQ(split_of_document.emplace(table.at(row, "document"), split).first->second, split);
    EXPECT_NE(table.at(row, "position"), "0") << "the first position of a window is left out";
  }
  ASSERT_EQ(count.size(), 2U);
  for (const auto& [split, groups] : count) {
    ASSERT_EQ(groups.size(), 2U) << split;
    EXPECT_EQ(groups.begin()->second, groups.rbegin()->second) << split;
    EXPECT_GT(groups.begin()->second, 50) << split;
  }
}

TEST_F(Scan, TheNumberOfThreadsChangesNoByte) {
  for (const char* threads : {"1", "2", "8"}) {
    const std::string out = file(std::string("threads") + threads);
    ASSERT_EQ(scan(out, {"--threads", threads}).exit_code, 0);
    for (const char* name : {"units.tsv", "samples.tsv", "windows.tsv", "heatmaps.npy"}) {
      EXPECT_EQ(read_file(out + "/" + name), read_file(file("result/") + name)) << threads << name;
    }
  }
}

TEST_F(Scan, TheSeedChangesTheDraw) {
  ASSERT_EQ(scan(file("other-seed"), {"--seed", "7"}).exit_code, 0);
  EXPECT_NE(read_file(file("other-seed/samples.tsv")), read_file(file("result/samples.tsv")));
}

TEST_F(Scan, AResultIsNotWrittenOverUnasked) {
  ASSERT_EQ(scan(file("kept")).exit_code, 0);
  const std::string before = read_file(file("kept/units.tsv"));
  const CommandResult refused = scan(file("kept"), {"--seed", "7"});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err_lines(), Contains(HasSubstr("--force")));
  EXPECT_EQ(read_file(file("kept/units.tsv")), before);
  EXPECT_EQ(scan(file("kept"), {"--seed", "7", "--force"}).exit_code, 0);
  EXPECT_NE(read_file(file("kept/units.tsv")), before);
}

TEST_F(Scan, ADryRunWritesNothing) {
  const CommandResult result = scan(file("dry"), {"--dry-run"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_FALSE(exists(file("dry")));
  EXPECT_THAT(result.out + result.err, HasSubstr("512")) << "the number of units";
}

TEST_F(Scan, FlagsOfTheDesignAreTaken) {
  const std::vector<std::vector<std::string>> designs = {
      {"--profile", "study"},
      {"--site", "mlp.post"},
      {"--site", "attn.v", "--layers", "1"},
      {"--layers", "0-1"},
      {"--window", "128", "--per-group", "20", "--skip-first", "3"},
      {"--window", "64", "--discovery", "4", "--held-out", "4", "--heatmap-tokens", "200"},
      {"--test", "wald", "--correction", "holm", "--family", "layer"},
      {"--test", "score", "--correction", "bh", "--alpha", ".01"},
      {"--correction", "none"},
      {"-c", "proper-noun-study"},
  };
  for (std::size_t i = 0; i < designs.size(); ++i) {
    const CommandResult result = scan(file("design" + std::to_string(i)), designs[i]);
    EXPECT_EQ(result.exit_code, 0) << designs[i].back() << ": " << result.err;
  }
  const Table attention = parse_tsv(read_file(file("design2/units.tsv")));
  EXPECT_EQ(attention.rows.size(), 64U);
  EXPECT_EQ(attention.at(0, "site"), "attn.v");
  const std::size_t n_shown = parse_tsv(read_file(file("design5/windows.tsv"))).rows.size();
  EXPECT_TRUE(n_shown > 2 * 64 && n_shown <= 2 * 200) << n_shown;
}

TEST_F(Scan, FlagsThatCannotBeMetAreUsage) {
  const std::vector<std::vector<std::string>> slips = {
      {"--layers", "2"},   {"--layers", "1-0"},  {"--window", "257"}, {"--window", "0"},
      {"--alpha", "1"},    {"--alpha", "-0.1"},  {"--test", "t"},     {"--site", "mlp"},
      {"--family", "all"}, {"--discovery", "0"},
  };
  for (const auto& slip : slips) {
    const CommandResult result = scan(file("slip"), slip);
    EXPECT_EQ(result.exit_code, 2) << slip[0] << slip[1] << result.err;
    EXPECT_THAT(result.err_lines(), SizeIs(1)) << result.err;
    EXPECT_FALSE(exists(file("slip/units.tsv")));
  }
}

TEST_F(Scan, ShowNamesTheBestUnitsFirst) {
  const CommandResult result = run({"show", file("result"), "--top", "3"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, AllOf(HasSubstr("L0.5"), HasSubstr("L1.17"), HasSubstr("L1.200")));
  EXPECT_THAT(result.out, Not(HasSubstr("\x1b["))) << "no colour where nobody looks";
}

TEST_F(Scan, ShowGivesCardsAndHeatmaps) {
  const CommandResult card = run({"show", file("result"), "L1.17"});
  EXPECT_EQ(card.exit_code, 0) << card.err;
  EXPECT_THAT(card.out, HasSubstr("L1.17"));
  const CommandResult heatmap =
      run({"show", file("result"), "L1.17", "--heatmap", "--held-out", "--color", "always"});
  EXPECT_EQ(heatmap.exit_code, 0) << heatmap.err;
  EXPECT_THAT(heatmap.out, HasSubstr("\x1b["));
  EXPECT_EQ(run({"show", file("result"), "L1.17", "--held-out", "--color", "always"}).out, heatmap.out);
  const CommandResult no_layer = run({"show", file("result"), "--layer", "99"});
  EXPECT_EQ(no_layer.exit_code, 2);
  EXPECT_THAT(no_layer.err, HasSubstr("has the layers 0,1"));
}

TEST_F(Scan, ColourGoesWhereItIsNotWanted) {
  const std::vector<std::string> arguments = {"show", file("result"), "L1.17", "--heatmap"};
  for (const Surroundings& surroundings : {Surroundings{}, Surroundings{.environment = {{"NO_COLOR", "1"}}},
                                           Surroundings{.environment = {{"TERM", "dumb"}}}}) {
    EXPECT_THAT(run(arguments, surroundings).out, Not(HasSubstr("\x1b[")));
  }
}

TEST_F(Scan, ShowSpeaksToPrograms) {
  const CommandResult json = run({"show", file("result"), "--top", "3", "--format", "json"});
  EXPECT_EQ(json.exit_code, 0) << json.err;
  EXPECT_FALSE(nlohmann::json::parse(json.out, nullptr, false).is_discarded()) << json.out;
  const CommandResult tsv = run({"show", file("result"), "--top", "3", "--format", "tsv"});
  EXPECT_EQ(tsv.exit_code, 0) << tsv.err;
  EXPECT_EQ(parse_tsv(tsv.out).rows.size(), 3U);
}

TEST_F(Scan, ShowRefusesUnitsThatAreNotThere) {
  const CommandResult malformed = run({"show", file("result"), "L1"});
  EXPECT_EQ(malformed.exit_code, 2);
  EXPECT_THAT(malformed.err_lines(), SizeIs(1));
  const CommandResult absent = run({"show", file("result"), "L7.1"});
  EXPECT_THAT(absent.exit_code, AnyOf(2, 3));
  EXPECT_THAT(absent.err_lines(), SizeIs(1));
  EXPECT_THAT(absent.err, HasSubstr("L7.1"));
}

TEST_F(Scan, EveryFigureIsDrawn) {
  for (const std::string kind : {"funnel", "index", "manhattan", "layers", "qq"}) {
    const std::string svg = file(kind + ".svg");
    const CommandResult result = run({"plot", file("result"), kind, "-o", svg});
    EXPECT_EQ(result.exit_code, 0) << kind << result.err;
    const std::string drawing = read_file(svg);
    EXPECT_THAT(drawing, AllOf(HasSubstr("<svg"), HasSubstr("</svg>"), Not(HasSubstr("nan")))) << kind;
    const std::string png = file(kind + ".png");
    EXPECT_EQ(run({"plot", file("result"), kind, "-o", png}).exit_code, 0) << kind;
    EXPECT_THAT(read_file(png), StartsWith("\x89PNG\r\n")) << kind;
  }
}

TEST_F(Scan, TheReportIsOneFileThatFetchesNothing) {
  const CommandResult result = run({"report", file("result"), "-o", file("page.html")});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  const std::string page = read_file(file("page.html"));
  EXPECT_THAT(page, AllOf(HasSubstr("<html"), HasSubstr("</html>"), HasSubstr("L1.17")));
  for (const char* outside :
       {"src=\"http", "src='http", "<link rel=\"stylesheet\" href", "@import", "url(http"}) {
    EXPECT_THAT(page, Not(HasSubstr(outside)));
  }
  EXPECT_EQ(run({"report", file("result")}).exit_code, 0);
  EXPECT_TRUE(exists(file("result/report.html")));
}

// In a folder of somebody else's the report's place may be a link to any file of the user's, or a pipe.
TEST_F(Scan, TheReportOfAFolderReplacesALinkAndNotWhatItLeadsTo) {
  const std::string place = file("result/report.html"), other = file("other.txt");
  std::filesystem::remove(place);
  write_file(other, "mine");
  std::filesystem::create_symlink("../other.txt", place);
  EXPECT_EQ(run({"report", file("result")}).exit_code, 0);
  EXPECT_EQ(read_file(other), "mine");
  ASSERT_FALSE(std::filesystem::is_symlink(place));
  EXPECT_THAT(read_file(place), HasSubstr("</html>"));

  std::filesystem::remove(place);
  ASSERT_EQ(::mkfifo(place.c_str(), 0600), 0);
  EXPECT_EQ(run({"report", file("result")}).exit_code, 0);
  EXPECT_TRUE(std::filesystem::is_regular_file(place));

  std::filesystem::create_symlink("other.txt", file("link.html"));
  EXPECT_EQ(run({"report", file("result"), "-o", file("link.html"), "--force"}).exit_code, 0);
  EXPECT_TRUE(std::filesystem::is_symlink(file("link.html"))) << "the user's own";
  EXPECT_THAT(read_file(other), HasSubstr("</html>"));
}

TEST_F(Scan, ExportsHoldTheSameNumbers) {
  const std::string original = read_file(file("result/units.tsv"));
  const CommandResult tsv = run({"export", file("result"), "--format", "tsv"});
  EXPECT_EQ(tsv.exit_code, 0) << tsv.err;
  EXPECT_EQ(tsv.out, original);

  const CommandResult csv = run({"export", file("result"), "--format", "csv"});
  EXPECT_EQ(csv.exit_code, 0) << csv.err;
  EXPECT_THAT(csv.out, StartsWith("unit,site,layer,neuron,status,"));
  EXPECT_EQ(std::count(csv.out.begin(), csv.out.end(), '\n'), 1 + kLayers * kUnits);

  const CommandResult jsonl = run({"export", file("result"), "--format", "jsonl"});
  EXPECT_EQ(jsonl.exit_code, 0) << jsonl.err;
  const Table table = parse_tsv(original);
  std::istringstream lines(jsonl.out);
  std::size_t row = 0;
  for (std::string line; std::getline(lines, line); ++row) {
    const auto unit = nlohmann::json::parse(line, nullptr, false);
    ASSERT_TRUE(unit.is_object()) << line;
    ASSERT_TRUE(unit["beta"].is_number() || unit["beta"].is_null()) << line;
    const double beta = unit["beta"].is_null() ? NAN : unit["beta"].get<double>();
    EXPECT_THAT(beta, ::testing::NanSensitiveDoubleEq(table.number(row, "beta"))) << line;
  }
  EXPECT_EQ(row, table.rows.size());

  EXPECT_EQ(run({"export", file("result"), "--format", "npy", "-o", file("units.npy")}).exit_code, 0);
  EXPECT_THAT(read_file(file("units.npy")), StartsWith("\x93NUMPY"));
  EXPECT_EQ(run({"export", file("result"), "--format", "sqlite", "-o", file("units.sqlite")}).exit_code, 0);
  EXPECT_THAT(read_file(file("units.sqlite")), StartsWith("SQLite format 3"));
}

TEST_F(Scan, AFolderThatIsNoResultIsRefused) {
  for (const auto& arguments :
       std::vector<std::vector<std::string>>{{"show", file("model")},
                                             {"plot", file("model"), "funnel", "-o", file("no.svg")},
                                             {"report", file("model")},
                                             {"export", file("model"), "--format", "tsv"}}) {
    const CommandResult result = run(arguments);
    EXPECT_THAT(result.exit_code, AnyOf(1, 3)) << arguments[0];
    EXPECT_THAT(result.err_lines(), SizeIs(1)) << arguments[0] << result.err;
    EXPECT_THAT(result.err, HasSubstr("run.json")) << arguments[0];
    EXPECT_THAT(result.out, IsEmpty()) << arguments[0];
  }
}

TEST_F(Scan, ABrokenResultIsRefusedWithItsLine) {
  ASSERT_EQ(scan(file("broken")).exit_code, 0);
  const std::string good = read_file(file("broken/units.tsv"));
  for (const std::string& bad :
       {good.substr(0, good.size() / 2), good + "mlp.pre\t9\n", std::string("site\n")}) {
    write_file(file("broken/units.tsv"), bad);
    const CommandResult result = run({"show", file("broken")});
    EXPECT_EQ(result.exit_code, 3);
    EXPECT_THAT(result.err_lines(), SizeIs(1)) << result.err;
    EXPECT_THAT(result.err, HasSubstr("units.tsv"));
  }
}

TEST_F(Scan, ResultsGoToStandardOutputAndTheRestToStandardError) {
  const CommandResult quiet = scan(file("quiet"), {"-q"});
  EXPECT_EQ(quiet.exit_code, 0);
  EXPECT_THAT(quiet.err, IsEmpty());
  const CommandResult plain = scan(file("plain"), {"--progress", "plain"});
  EXPECT_EQ(plain.exit_code, 0);
  EXPECT_THAT(plain.err, AllOf(Not(IsEmpty()), Not(HasSubstr("\r")), Not(HasSubstr("\x1b["))));
  const CommandResult closed = run({"show", file("result")}, {.close_output_at_once = true});
  EXPECT_THAT(closed.err, IsEmpty());
}

}  // namespace
}  // namespace penfield::cli
