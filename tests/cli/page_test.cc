// What stands on the page against what stands in the result folder, and against the activations read anew.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <map>
#include <memory>
#include <sstream>

#include "files.h"
#include "page_payload.h"
#include "program.h"

namespace penfield::cli {
namespace {

using nlohmann::json;

// Two scans: one whose units fit into the page with all digits, one of so many units that most keep a few.
struct Shape {
  const char* name;
  const char* shape;  // of planted_model
  std::size_t n_layers;
  bool is_short;
};
constexpr std::size_t kUnits = 256;  // a layer

// A scan and its page, made once for all tests of a shape.
struct Scanned {
  explicit Scanned(const Shape& shape) {
    make_planted_model(folder / "model",
                       {"--shape", shape.shape, "--text", folder / "text.txt", "--documents", "4",
                        "--tokens-per-document", "400", "--planted", "L0.5,L1.17,L1.200"});
    const CommandResult scanned =
        run({"scan", "--profile", "descriptive", "-m", folder / "model", "-t", folder / "text.txt", "-o",
             folder / "result", "--discovery", "2", "--held-out", "2"});
    EXPECT_EQ(scanned.exit_code, 0) << scanned.err;
    EXPECT_EQ(run({"report", folder / "result"}).exit_code, 0);
    page = read_file(folder / "result/report.html");
    payload = read_payload(page);
    units = parse_tsv(read_file(folder / "result/units.tsv"));
  }

  TempFolder folder;
  std::string page;
  json payload;
  Table units;
};

class Page : public ::testing::TestWithParam<Shape> {
 protected:
  static void TearDownTestSuite() { scans_.clear(); }
  void SetUp() override {
    std::unique_ptr<Scanned>& scanned = scans_[GetParam().name];
    if (scanned == nullptr) scanned = std::make_unique<Scanned>(GetParam());
    scan_ = scanned.get();
  }
  [[nodiscard]] std::string file(const std::string& name) const { return scan_->folder / name; }
  [[nodiscard]] const Table& units() const { return scan_->units; }
  [[nodiscard]] const std::string& page() const { return scan_->page; }
  [[nodiscard]] const json& payload() const { return scan_->payload; }

 private:
  static std::map<std::string, std::unique_ptr<Scanned>> scans_;
  Scanned* scan_ = nullptr;
};
std::map<std::string, std::unique_ptr<Scanned>> Page::scans_;

// A field of units.tsv as the page codes it.
double coded(const Table& table, std::size_t row, const std::string& column) {
  const std::string text = table.at(row, column);
  static const std::map<std::string, std::vector<std::string>> kWords = {
      {"status",
       {"ok", "constant", "separated", "quasi_separated", "not_converged", "non_finite", "too_few"}},
      {"replicated_words", {"NA", "0", "1"}},
      {"effect", {"NA", "none", "moderate", "strong"}},
      {"specific", {"NA", "specific", "carrier", "undecided"}}};
  if (const auto words = kWords.find(column); words != kWords.end())
    return static_cast<double>(std::ranges::find(words->second, text) - words->second.begin());
  if (column == "note") {
    const std::vector<std::string> kNotes = {"bimodal", "collinear",  "limit",
                                             "outlier", "discordant", "firth"};
    std::istringstream notes(text);
    double bits = 0;
    for (std::string note; std::getline(notes, note, ';');)
      bits += std::exp2(std::ranges::find(kNotes, note) - kNotes.begin());
    return bits;
  }
  if (column == "direction") return text == "+" ? 1 : text == "-" ? 2 : 0;
  return table.number(row, column);
}

void expect_shown(const PageColumn& column, double shown, double full, const std::string& unit) {
  if (std::isnan(full)) {
    EXPECT_TRUE(std::isnan(shown)) << column.spec["name"] << " of " << unit;
    return;
  }
  const double rounding = rounding_of(column, full);
  // Beside the rounding, what a double can do at all.
  EXPECT_LE(std::abs(shown - full), rounding + (rounding > 0 ? 1e-12 * std::abs(full) : 0))
      << column.spec["name"] << " of " << unit;
}

TEST_P(Page, EveryValueIsThatOfUnitsTsv) {
  const Table& table = units();
  const std::vector<PageColumn> columns = read_columns(page(), payload()["units"]);
  ASSERT_EQ(payload()["units"]["n_rows"], table.rows.size());
  ASSERT_EQ(table.rows.size(), kUnits * GetParam().n_layers);
  for (const PageColumn& column : columns) {
    const std::string name = column.spec["name"];
    for (std::size_t row = 0; row < table.rows.size(); ++row) {
      expect_shown(column, column.values[row], coded(table, row, name), table.at(row, "unit"));
    }
  }
}

TEST_P(Page, TheStrongestUnitsComeWithAllDigits) {
  ASSERT_EQ(payload().contains("exact"), GetParam().is_short);
  if (!GetParam().is_short) return;
  const Table& table = units();
  const std::vector<std::string> names = payload()["exact"]["units"];
  ASSERT_GE(names.size(), 500U);
  for (const PageColumn& column : read_columns(page(), payload()["exact"])) {
    for (std::size_t i = 0; i < names.size(); ++i) {
      const std::size_t dot = names[i].find('.');
      const std::size_t row =
          std::stoul(names[i].substr(1, dot)) * kUnits + std::stoul(names[i].substr(dot + 1));
      const double full = coded(table, row, column.spec["name"]);
      EXPECT_TRUE(column.values[i] == full || std::isnan(full)) << column.spec["name"] << " of " << names[i];
    }
  }
}

TEST_P(Page, NoColumnWithAValueIsMissing) {
  const Table& table = units();
  const json& full = payload()[GetParam().is_short ? "exact" : "units"];
  std::vector<std::string> shown;
  for (const json& column : full["columns"]) shown.push_back(column["name"]);
  for (const json& column : payload()["units"]["columns"]) shown.push_back(column["name"]);
  for (const std::string& name : table.header) {
    if (name == "unit" || name == "site" || name == "layer" || name == "neuron") continue;
    bool has_value = false;
    for (std::size_t row = 0; row < table.rows.size(); ++row) has_value |= table.at(row, name) != "";
    EXPECT_EQ(std::ranges::find(shown, name) != shown.end(), has_value) << name;
  }
}

// The rows of `penfield activations`: float32 [tokens, layers × units].
std::vector<float> activations(const std::string& path, std::size_t n_cols) {
  const std::string bytes = read_file(path);
  const auto header = static_cast<std::size_t>(static_cast<unsigned char>(bytes.at(8))) +
                      256 * static_cast<std::size_t>(static_cast<unsigned char>(bytes.at(9)));
  std::vector<float> out((bytes.size() - 10 - header) / sizeof(float));
  std::memcpy(out.data(), bytes.data() + 10 + header, out.size() * sizeof(float));
  EXPECT_EQ(out.size() % n_cols, 0U);
  return out;
}

TEST_P(Page, HeatmapsAreTheActivations) {
  constexpr std::size_t kLayers = 2;  // the first ones: the planted units are there
  const std::size_t n_cols = kUnits * kLayers;
  ASSERT_EQ(run({"activations", "-m", file("model"), "-t", file("text.txt"), "--layers", "0-1", "-o",
                 file("all.npy")})
                .exit_code,
            0);
  const std::vector<float> all = activations(file("all.npy"), n_cols);
  // samples.tsv says which token of the text a sampled position is.
  std::map<std::string, std::size_t> token_index;
  const Table samples = parse_tsv(read_file(file("result/samples.tsv")));
  for (std::size_t row = 0; row < samples.rows.size(); ++row) {
    token_index[samples.at(row, "split") + samples.at(row, "window") + ":" + samples.at(row, "position")] =
        static_cast<std::size_t>(samples.number(row, "token_index"));
  }
  const json& heatmaps = payload()["heatmaps"];
  const std::vector<std::string> units = heatmaps["units"];
  const PageColumn column = read_columns(page(), heatmaps).at(0);
  const std::size_t n_tokens = column.values.size() / units.size();
  ASSERT_GE(units.size(), 40U);
  std::size_t n_compared = 0;
  for (std::size_t u = 0; u < units.size(); ++u) {
    const std::size_t dot = units[u].find('.');
    const std::size_t layer = std::stoul(units[u].substr(1, dot));
    if (layer >= kLayers) continue;
    const std::size_t col = layer * kUnits + std::stoul(units[u].substr(dot + 1));
    std::size_t first = 0;
    for (const json& window : heatmaps["windows"]) {
      for (const std::size_t t : window["sampled"]) {
        const std::string key = window["split"].get<std::string>() +
                                std::to_string(window["window"].get<int>()) + ":" +
                                std::to_string(window["first_position"].get<std::size_t>() + t);
        ASSERT_TRUE(token_index.contains(key)) << key;
        const double full = all.at(token_index[key] * n_cols + col);
        // The heatmap's product is another one than that of all units: a last bit of float32 may differ.
        EXPECT_NEAR(column.values.at(u * n_tokens + first + t), full,
                    rounding_of(column, full) + 1e-6 * (1 + std::abs(full)))
            << units[u] << " at " << key;
        ++n_compared;
      }
      first += window["tokens"].size();
    }
    EXPECT_EQ(first, n_tokens);
  }
  EXPECT_GT(n_compared, 500U);
}

TEST_P(Page, TokensAreThoseOfTheWindows) {
  const Table windows = parse_tsv(read_file(file("result/windows.tsv")));
  std::size_t row = 0;
  for (const json& window : payload()["heatmaps"]["windows"]) {
    const std::vector<std::size_t> targets = window["targets"];
    for (std::size_t t = 0; t < window["tokens"].size(); ++t, ++row) {
      EXPECT_EQ(window["tokens"][t], windows.at(row, "token"));
      EXPECT_EQ(window["token_ids"][t], windows.number(row, "token_id"));
      EXPECT_EQ(std::ranges::find(targets, t) != targets.end(), windows.at(row, "label") == "1");
    }
  }
  EXPECT_EQ(row, windows.rows.size());
}

INSTANTIATE_TEST_SUITE_P(Shapes, Page,
                         ::testing::Values(Shape{"full", "64,2,4,512", 2, false},
                                           Shape{"short", "64,48,4,512", 48, true}),
                         [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace penfield::cli
