// `activations` and `associate`: raw arrays out of a model, and the statistics on anybody's arrays.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <cmath>
#include <cstring>

#include "files.h"
#include "program.h"

namespace penfield::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

struct Array {
  std::size_t rows = 0, cols = 0;
  std::vector<float> values;
};

// The float32 matrix in a .npy file, read by the rules of the format alone.
Array parse_npy(const std::string& bytes) {
  Array out;
  EXPECT_THAT(bytes, StartsWith("\x93NUMPY"));
  if (bytes.size() < 10) return out;
  const std::size_t n_header =
      static_cast<unsigned char>(bytes[8]) + 256U * static_cast<unsigned char>(bytes[9]);
  const std::string header = bytes.substr(10, n_header);
  EXPECT_THAT(header, AllOf(HasSubstr("'<f4'"), HasSubstr("'fortran_order': False")));
  EXPECT_EQ((10 + n_header) % 64, 0U) << "the data begin aligned";
  EXPECT_EQ(std::sscanf(header.c_str() + header.find("'shape'"), "'shape': (%zu, %zu)", &out.rows, &out.cols),
            2)
      << header;
  out.values.resize(out.rows * out.cols);
  EXPECT_EQ(bytes.size(), 10 + n_header + out.values.size() * sizeof(float));
  if (bytes.size() == 10 + n_header + out.values.size() * sizeof(float)) {
    std::memcpy(out.values.data(), bytes.data() + 10 + n_header, out.values.size() * sizeof(float));
  }
  return out;
}

class Activations : public ::testing::Test {
 protected:
  void SetUp() override {
    make_planted_model(folder_.path(), {"--text", folder_ / "text.txt", "--documents", "2",
                                        "--tokens-per-document", "300", "--planted", "L1.9"});
  }

  TempFolder folder_;
};

TEST_F(Activations, HaveARowATokenInTheOrderOfLabel) {
  const CommandResult made = run({"activations", "-m", folder_.path(), "-t", folder_ / "text.txt", "--site",
                                  "mlp.pre", "--layers", "all", "-o", folder_ / "x.npy"});
  ASSERT_EQ(made.exit_code, 0) << made.err;
  const Array x = parse_npy(read_file(folder_ / "x.npy"));
  const CommandResult labels = run(
      {"label", "-m", folder_.path(), "-t", folder_ / "text.txt", "-c", "proper-noun", "--format", "tsv"});
  ASSERT_EQ(labels.exit_code, 0) << labels.err;
  const Table table = parse_tsv(labels.out);
  EXPECT_EQ(x.rows, table.rows.size());
  EXPECT_EQ(x.cols, 2U * 256U);
  // The planted unit tells the rows apart, so the order is that of the labels; a unit that is not planted
  // does not.
  const auto difference = [&](std::size_t column) {
    double sum[2] = {0, 0};
    double n[2] = {0, 0};
    for (std::size_t row = 0; row < x.rows; ++row) {
      const std::size_t group = table.at(row, "label") == "1" ? 1 : 0;
      sum[group] += x.values[row * x.cols + column];
      n[group] += 1;
    }
    return sum[1] / n[1] - sum[0] / n[0];
  };
  EXPECT_GT(difference(256 + 9), 1.5);
  EXPECT_LT(std::abs(difference(9)), 0.5);
}

TEST_F(Activations, OneLayerIsASliceOfAll) {
  for (const char* layers : {"all", "1"}) {
    const CommandResult made =
        run({"activations", "-m", folder_.path(), "-t", folder_ / "text.txt", "--site", "attn.k", "--layers",
             layers, "-o", folder_ / (std::string(layers) + ".npy")});
    ASSERT_EQ(made.exit_code, 0) << made.err;
  }
  const Array all = parse_npy(read_file(folder_ / "all.npy"));
  const Array one = parse_npy(read_file(folder_ / "1.npy"));
  ASSERT_EQ(all.rows, one.rows);
  ASSERT_EQ(all.cols, 2 * one.cols);
  for (std::size_t row = 0; row < one.rows; ++row) {
    for (std::size_t column = 0; column < one.cols; ++column) {
      ASSERT_EQ(one.values[row * one.cols + column], all.values[row * all.cols + one.cols + column]) << row;
    }
  }
}

TEST_F(Activations, AreTheSameInASafetensorsFile) {
  std::string tables[2];
  for (const std::string& x : {folder_ / "x.npy", folder_ / "x.safetensors"}) {
    const CommandResult made = run({"activations", "-m", folder_.path(), "-t", folder_ / "text.txt", "--site",
                                    "mlp.pre", "--layers", "1", "-o", x});
    ASSERT_EQ(made.exit_code, 0) << made.err;
    const Array as_npy = parse_npy(read_file(folder_ / "x.npy"));
    std::vector<unsigned char> labels(as_npy.rows);
    for (std::size_t i = 0; i < labels.size(); ++i) labels[i] = i % 3 == 0 ? 1 : 0;
    write_file(folder_ / "y.npy", npy_labels(labels));
    const CommandResult fitted = run({"associate", x, folder_ / "y.npy", "-q"});
    ASSERT_EQ(fitted.exit_code, 0) << fitted.err;
    tables[x.ends_with(".npy") ? 0 : 1] = fitted.out;
  }
  EXPECT_GT(tables[0].size(), 10000U);
  EXPECT_TRUE(tables[0] == tables[1]);
  const CommandResult named =
      run({"associate", folder_ / "x.safetensors", folder_ / "y.npy", "--tensor", "mlp.pre.L1", "-q"});
  EXPECT_TRUE(named.out == tables[0]) << named.err;
  const CommandResult other =
      run({"associate", folder_ / "x.safetensors", folder_ / "y.npy", "--tensor", "mlp.pre.L7"});
  EXPECT_EQ(other.exit_code, 2);
  EXPECT_THAT(other.err, HasSubstr("it has mlp.pre.L1"));
}

TEST_F(Activations, WhatIsThereIsNotWrittenOverUnasked) {
  write_file(folder_ / "x.npy", "mine");
  const std::vector<std::string> arguments = {
      "activations", "-m", folder_.path(),   "-t", folder_ / "text.txt", "--site", "mlp.pre", "--layers",
      "0",           "-o", folder_ / "x.npy"};
  const CommandResult refused = run(arguments);
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err_lines(), SizeIs(1));
  EXPECT_THAT(refused.err, AllOf(HasSubstr("x.npy"), HasSubstr("--force")));
  EXPECT_EQ(read_file(folder_ / "x.npy"), "mine");
  std::vector<std::string> forced = arguments;
  forced.emplace_back("--force");
  EXPECT_EQ(run(forced).exit_code, 0);
  EXPECT_THAT(read_file(folder_ / "x.npy"), StartsWith("\x93NUMPY"));
}

// 20 samples, targets first. The fit of this column was made once by Newton's method with 50 digits (mpmath).
constexpr std::size_t kSamples = 20;
constexpr double kBeta = 0.21697240611040031138;
constexpr double kSe = 0.17441169388583298223;
constexpr double kChi2 = 1.6859743669326559498;
constexpr double kNegLog10P = 0.71190178086630768244;
constexpr double kAuc = 0.655;
const std::vector<float> kOverlapping = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0, 1, 2, 3, 4, 5, 6, 7, 8, 3};

std::vector<unsigned char> half_targets() {
  std::vector<unsigned char> labels(kSamples, 0);
  std::fill_n(labels.begin(), kSamples / 2, 1);
  return labels;
}

class Associate : public ::testing::Test {
 protected:
  CommandResult associate(std::size_t cols, const std::vector<float>& values,
                          const std::vector<unsigned char>& labels = half_targets()) {
    write_file(folder_ / "x.npy", npy_matrix(values.size() / cols, cols, values));
    write_file(folder_ / "y.npy", npy_labels(labels));
    // Twenty samples are few: by default they would get Firth's estimate.
    return run(
        {"associate", folder_ / "x.npy", folder_ / "y.npy", "--firth", "separated", "--format", "tsv"});
  }

  TempFolder folder_;
};

TEST_F(Associate, GivesTheFitOfAColumn) {
  const CommandResult result = associate(1, kOverlapping);
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const Table table = parse_tsv(result.out);
  ASSERT_EQ(table.rows.size(), 1U);
  EXPECT_EQ(table.at(0, "layer"), "0");
  EXPECT_EQ(table.at(0, "neuron"), "0");
  EXPECT_EQ(table.at(0, "status"), "ok");
  EXPECT_EQ(table.number(0, "n_target"), 10);
  EXPECT_EQ(table.number(0, "n_comparison"), 10);
  EXPECT_NEAR(table.number(0, "mean_target"), 5.5, 1e-12);
  EXPECT_NEAR(table.number(0, "mean_comparison"), 3.9, 1e-12);
  EXPECT_NEAR(table.number(0, "beta"), kBeta, 1e-8 * std::abs(kBeta));
  EXPECT_NEAR(table.number(0, "se"), kSe, 1e-8 * kSe);
  EXPECT_NEAR(table.number(0, "lrt_chi2"), kChi2, 1e-8 * kChi2);
  EXPECT_NEAR(table.number(0, "neglog10_p_lrt"), kNegLog10P, 1e-6 * kNegLog10P);
  EXPECT_NEAR(table.number(0, "auc"), kAuc, 1e-12);
}

TEST_F(Associate, HardColumnsHaveAStatusAndNoWaldP) {
  const float nan = std::nanf("");
  const float infinity = HUGE_VALF;
  // Columns: constant, all 0, all 1, one NaN, one infinity, separated, quasi-separated, an outlier of 1e4.
  std::vector<float> values;
  for (std::size_t i = 0; i < kSamples; ++i) {
    const bool target = i < kSamples / 2;
    const auto noise = static_cast<float>((i * 7) % 10);
    values.insert(
        values.end(),
        {3.5F, 0.0F, 1.0F, i == 4 ? nan : noise, i == 4 ? infinity : noise, target ? 10.0F + noise : -noise,
         target ? noise : (i == 10 ? 0.0F : -1.0F - noise), i == 4 ? 1e4F : kOverlapping[i]});
  }
  const CommandResult result = associate(8, values);
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const Table table = parse_tsv(result.out);
  const std::vector<std::string> expected = {"constant",   "constant",  "constant",        "non_finite",
                                             "non_finite", "separated", "quasi_separated", "ok"};
  ASSERT_EQ(table.rows.size(), expected.size());
  for (std::size_t row = 0; row < expected.size(); ++row) {
    EXPECT_EQ(table.at(row, "status"), expected[row]) << row;
    EXPECT_EQ(std::isfinite(table.number(row, "neglog10_p_wald")), expected[row] == "ok") << row;
  }
  EXPECT_GT(table.number(5, "beta"), 0) << "Firth's estimate";
  EXPECT_TRUE(std::isfinite(table.number(5, "neglog10_p_lrt")));
  EXPECT_EQ(table.number(5, "auc"), 1);
}

TEST_F(Associate, ScaleAndShiftChangeWhatTheyMust) {
  std::vector<float> values;
  for (const float v : kOverlapping)
    values.insert(values.end(), {v, v * 0x1p-20F, v * 0x1p20F, v + 0x1p20F, -v});
  const CommandResult result = associate(5, values);
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const Table table = parse_tsv(result.out);
  ASSERT_EQ(table.rows.size(), 5U);
  const double beta = table.number(0, "beta");
  const std::vector<double> expected = {beta, beta * 0x1p20, beta * 0x1p-20, beta, -beta};
  for (std::size_t row = 0; row < 5; ++row) {
    EXPECT_EQ(table.at(row, "status"), "ok") << row;
    EXPECT_NEAR(table.number(row, "beta") / expected[row], 1.0, 1e-8) << row;
    EXPECT_NEAR(table.number(row, "lrt_chi2") / table.number(0, "lrt_chi2"), 1.0, 1e-8) << row;
    EXPECT_NEAR(table.number(row, "auc"), row == 4 ? 1 - table.number(0, "auc") : table.number(0, "auc"),
                1e-12)
        << row;
  }
}

TEST_F(Associate, FloatAndDoubleOfTheSameNumbersGiveTheSameBytes) {
  const CommandResult single = associate(1, kOverlapping);
  const std::vector<double> wide(kOverlapping.begin(), kOverlapping.end());
  const std::vector<std::size_t> shape = {kSamples, 1};
  const auto bytes = std::as_bytes(std::span(wide));
  write_file(folder_ / "x.npy",
             npy("<f8", shape, {reinterpret_cast<const char*>(bytes.data()), bytes.size()}));
  const CommandResult wide_result =
      run({"associate", folder_ / "x.npy", folder_ / "y.npy", "--firth", "separated", "--format", "tsv"});
  EXPECT_EQ(wide_result.exit_code, 0) << wide_result.err;
  EXPECT_EQ(wide_result.out, single.out);
}

// Float16 of most libraries' activations, integers, bool: the numbers count, not the type.
TEST_F(Associate, NumbersOfAnyTypeGiveTheSameBytes) {
  const std::vector<std::size_t> shape = {kSamples, 1};
  std::vector<float> values;
  std::string halves, bytes, longs, bools;
  std::vector<float> flags;
  for (std::size_t i = 0; i < kSamples; ++i) {
    const int value = static_cast<int>((i * 7) % 5) + (i < kSamples / 2 ? 1 : 0);
    values.push_back(static_cast<float>(value));
    // 0, 1, 2, 3, 4, 5 in binary16.
    const std::array<std::uint16_t, 6> binary16 = {0, 0x3c00, 0x4000, 0x4200, 0x4400, 0x4500};
    const std::uint16_t half = binary16.at(static_cast<std::size_t>(value));
    halves += static_cast<char>(half & 0xff);
    halves += static_cast<char>(half >> 8);
    bytes += static_cast<char>(value);
    longs += static_cast<char>(value) + std::string(7, '\0');
    bools += static_cast<char>(value > 2);
    flags.push_back(value > 2 ? 1.0F : 0.0F);
  }
  const auto fit = [&] {
    const CommandResult result = run({"associate", folder_ / "x.npy", folder_ / "y.npy", "--firth",
                                      "separated", "--permutations", "50", "--format", "tsv"});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return result.out;
  };
  associate(1, values);
  const std::string expected = fit();
  for (const auto& [descr, content] :
       {std::pair("<f2", halves), {"|i1", bytes}, {"|u1", bytes}, {"<i8", longs}}) {
    write_file(folder_ / "x.npy", npy(descr, shape, content));
    EXPECT_EQ(fit(), expected) << descr;
  }
  associate(1, flags);
  const std::string of_flags = fit();
  write_file(folder_ / "x.npy", npy("|b1", shape, bools));
  EXPECT_EQ(fit(), of_flags);
}

// As pandas and scikit-learn give a column.
TEST_F(Associate, LabelsMayBeAColumn) {
  const CommandResult expected = associate(1, kOverlapping);
  std::string labels(kSamples / 2, '\1');
  labels.resize(kSamples, '\0');
  for (const std::vector<std::size_t>& shape : {std::vector<std::size_t>{kSamples, 1}, {1, kSamples}}) {
    write_file(folder_ / "y.npy", npy("|u1", shape, labels));
    const CommandResult result =
        run({"associate", folder_ / "x.npy", folder_ / "y.npy", "--firth", "separated", "--format", "tsv"});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_EQ(result.out, expected.out);
  }
}

// NumPy saves a transposed array so.
TEST_F(Associate, TheOrderOfTheFileChangesNoByte) {
  constexpr std::size_t kCols = 3;
  std::vector<float> by_row;
  std::vector<float> by_column(kSamples * kCols);
  for (std::size_t row = 0; row < kSamples; ++row) {
    for (std::size_t col = 0; col < kCols; ++col) {
      by_row.push_back(kOverlapping[(row + 7 * col) % kSamples] + static_cast<float>(row * col % 5));
      by_column[col * kSamples + row] = by_row.back();
    }
  }
  const CommandResult rows = associate(kCols, by_row);
  ASSERT_EQ(rows.exit_code, 0) << rows.err;
  std::string bytes = npy_matrix(kSamples, kCols, by_column);
  bytes.replace(bytes.find("False"), 5, "True ");
  write_file(folder_ / "x.npy", bytes);
  const CommandResult columns =
      run({"associate", folder_ / "x.npy", folder_ / "y.npy", "--firth", "separated", "--format", "tsv"});
  EXPECT_EQ(columns.exit_code, 0) << columns.err;
  EXPECT_EQ(columns.out, rows.out);
}

TEST_F(Associate, TooLittleMemoryIsRefusedBeforeWorkBegins) {
  ASSERT_EQ(associate(1, kOverlapping).exit_code, 0);
  const CommandResult refused =
      run({"associate", folder_ / "x.npy", folder_ / "y.npy", "-o", folder_ / "out.tsv", "--memory", "10M"});
  EXPECT_EQ(refused.exit_code, 5);
  EXPECT_THAT(refused.err_lines(), SizeIs(1));
  EXPECT_THAT(refused.err, AllOf(HasSubstr("--memory"), HasSubstr("need at least")));
  const CommandResult enough = run({"associate", folder_ / "x.npy", folder_ / "y.npy", "--memory", "1G"});
  EXPECT_EQ(enough.exit_code, 0) << enough.err;
}

TEST_F(Associate, WritesAFileWhereAsked) {
  ASSERT_EQ(associate(1, kOverlapping).exit_code, 0);
  const CommandResult result =
      run({"associate", folder_ / "x.npy", folder_ / "y.npy", "-o", folder_ / "fit.tsv"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(parse_tsv(read_file(folder_ / "fit.tsv")).rows.size(), 1U);
}

TEST_F(Associate, LabelsThatCannotBeComparedAreRefused) {
  const std::vector<unsigned char> all_targets(kSamples, 1);
  const std::vector<unsigned char> none(kSamples, 0);
  std::vector<unsigned char> two = half_targets();
  two[0] = 2;
  for (const auto& labels : {all_targets, none, two, std::vector<unsigned char>(kSamples - 1, 1)}) {
    const CommandResult result = associate(1, kOverlapping, labels);
    EXPECT_EQ(result.exit_code, 3);
    EXPECT_THAT(result.err_lines(), SizeIs(1)) << result.err;
    EXPECT_THAT(result.err, HasSubstr("y.npy"));
    EXPECT_THAT(result.out, IsEmpty());
  }
}

TEST_F(Associate, BrokenArraysAreRefused) {
  const std::string good = npy_matrix(kSamples, 1, kOverlapping);
  const std::vector<std::size_t> huge = {std::size_t{1} << 62, std::size_t{1} << 62};
  const std::vector<std::size_t> flat = {kSamples, 1};
  const std::vector<std::string> broken = {
      "",
      "\x93NUMPY",
      "no array at all, but long enough to hold a header of sixty-four bytes",
      good.substr(0, good.size() - 1),
      good + "x",
      npy("<f4", huge, "0123456789"),
      npy("|O", flat, std::string(8 * kSamples, '\0')),
      npy(">f4", flat, std::string(3 * kSamples, '\0'))};
  ASSERT_EQ(associate(1, kOverlapping).exit_code, 0);
  for (std::size_t i = 0; i < broken.size(); ++i) {
    write_file(folder_ / "x.npy", broken[i]);
    const CommandResult result = run({"associate", folder_ / "x.npy", folder_ / "y.npy"});
    EXPECT_EQ(result.exit_code, 3) << i;
    EXPECT_THAT(result.err_lines(), SizeIs(1)) << i << result.err;
    EXPECT_THAT(result.err, HasSubstr("x.npy")) << i;
  }
}

TEST_F(Associate, AFileThatIsNotThereIsNamed) {
  const CommandResult result = run({"associate", folder_ / "absent.npy", folder_ / "y.npy"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err_lines(), SizeIs(1));
  EXPECT_THAT(result.err, HasSubstr("absent.npy"));
}

}  // namespace
}  // namespace penfield::cli
