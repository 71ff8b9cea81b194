// permute_family() against Westfall & Young by their definition in NumPy, and against SciPy's exact
// permutation test; see tools/make_permutation_goldens.py.
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "penfield/permutation/permute_family.h"

namespace penfield::permutation {
namespace {

// The file is a sequence of lines, each a word and what belongs to it.
class Golden {
 public:
  Golden() : in_("tests/golden/association/permutations.txt") {
    std::string versions;
    EXPECT_TRUE(std::getline(in_, versions));
    read();
  }
  [[nodiscard]] const std::string& word() const { return word_; }
  template <class V>
  std::vector<V> take(const std::string& word) {
    EXPECT_EQ(word_, word);
    std::vector<V> out;
    std::string text;
    while (line_ >> text) {
      std::istringstream one(text);
      V value{};
      if constexpr (std::is_floating_point_v<V>) {
        value = static_cast<V>(std::strtod(text.c_str(), nullptr));  // also nan and inf
      } else if constexpr (std::is_same_v<V, std::uint8_t>) {
        value = text == "1" ? 1 : 0;
      } else {
        one >> value;
      }
      out.push_back(value);
    }
    read();
    return out;
  }

 private:
  void read() {
    std::string line;
    word_.clear();
    line_.clear();
    if (!std::getline(in_, line)) return;
    line_.str(line);
    line_ >> word_;
  }
  std::ifstream in_;
  std::istringstream line_;
  std::string word_;
};

// Labels of samples as labels of the exchange's items.
std::vector<std::uint8_t> of_items(const Exchange& exchange, const std::vector<std::uint8_t>& labels) {
  std::vector<std::uint8_t> out(exchange.n_items());
  for (std::size_t i = 0; i < labels.size(); ++i) {
    out[exchange.item_of_sample[i]] = labels[i];
  }
  return out;
}

PermutedLabels take_permutations(Golden& golden, const Exchange& exchange, std::size_t n) {
  std::vector<std::uint8_t> all;
  for (std::size_t p = 0; p < n; ++p) {
    const std::vector<std::uint8_t> one = of_items(exchange, golden.take<std::uint8_t>("permuted"));
    all.insert(all.end(), one.begin(), one.end());
  }
  return PermutedLabels::of({all.data(), n, exchange.n_items()});
}

// Statistics are counted in bins of 1/256 below 4 and of 1/64 above, so −log10 p has an error of T/ln 10
// times as much.
void expect_rank_bands(Golden& golden, const std::vector<RankBand>& bands) {
  const auto ranks = golden.take<std::uint64_t>("ranks");
  const auto lo = golden.take<double>("lo"), median = golden.take<double>("median"),
             hi = golden.take<double>("hi");
  ASSERT_EQ(bands.size(), ranks.size());
  const auto tolerance = [](double neglog10_p) { return neglog10_p < 3.5 ? 0.01 : 0.04; };
  for (std::size_t i = 0; i < ranks.size(); ++i) {
    EXPECT_EQ(bands[i].rank, ranks[i]);
    EXPECT_NEAR(bands[i].lo, lo[i], tolerance(lo[i])) << ranks[i];
    EXPECT_NEAR(bands[i].median, median[i], tolerance(median[i])) << ranks[i];
    EXPECT_NEAR(bands[i].hi, hi[i], tolerance(hi[i])) << ranks[i];
  }
}

TEST(PermuteFamilyGolden, AgreesWithNumpyAndScipy) {
  Golden golden;
  int n_cases = 0;
  for (; golden.word() == "case"; ++n_cases) {
    const auto head = golden.take<std::string>("case");
    const testing::ScopedTrace trace(__FILE__, __LINE__, head[0]);
    const std::size_t n_samples = std::stoul(head[1]);
    const std::size_t n_columns = std::stoul(head[2]);
    const auto labels = golden.take<std::uint8_t>("labels");
    const auto blocks = golden.take<std::uint32_t>("blocks");
    std::vector<float> x;
    for (std::size_t i = 0; i < n_samples; ++i) {
      const auto row = golden.take<float>("x");
      x.insert(x.end(), row.begin(), row.end());
    }
    const Exchange exchange = exchange_within(labels, blocks);
    const PermutedLabels permuted = take_permutations(golden, exchange, std::stoul(head[3]));
    const auto statistic = golden.take<double>("statistic");
    const auto single = golden.take<std::uint32_t>("single_step");
    const auto step_down = golden.take<std::uint32_t>("step_down");
    const MatrixView<const float> whole(x.data(), n_samples, n_columns);
    const std::vector<MatrixView<const float>> parts = {whole.block(0, n_samples, 0, 17),
                                                        whole.block(0, n_samples, 17, n_columns - 17)};
    const PermutationTable table =
        permute_family<float>(std::span<const MatrixView<const float>>(parts), exchange, permuted);
    for (std::size_t c = 0; c < n_columns; ++c) {
      if (std::isnan(statistic[c])) {
        EXPECT_TRUE(std::isnan(table.statistic[c])) << c;
        continue;
      }
      EXPECT_NEAR(table.statistic[c], statistic[c], 1e-5 * statistic[c] + 1e-6) << c;
      EXPECT_EQ(table.n_single_step[c], single[c]) << c;
      EXPECT_EQ(table.n_step_down[c], step_down[c]) << c;
    }
    expect_rank_bands(golden, table.rank_bands);
  }
  EXPECT_EQ(n_cases, 3);
  for (; golden.word() == "exact"; ++n_cases) {
    const auto head = golden.take<std::string>("exact");
    const auto labels = golden.take<std::uint8_t>("labels");
    const auto x = golden.take<double>("x");
    const Exchange exchange = exchange_freely(labels);
    const std::size_t n = std::stoul(head[2]);
    const PermutedLabels all = take_permutations(golden, exchange, n);
    const MatrixView<const double> column(x.data(), x.size(), 1);
    const PermutationTable table = permute_family<double>(std::span(&column, 1), exchange, all);
    EXPECT_NEAR(static_cast<double>(table.n_single_step[0]) / static_cast<double>(n), std::stod(head[3]),
                1e-12)
        << head[0];
  }
  EXPECT_EQ(n_cases, 6);
}

}  // namespace
}  // namespace penfield::permutation
