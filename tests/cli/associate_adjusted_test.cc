// `associate` with covariates, clusters, Firth and intervals.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "files.h"
#include "program.h"

namespace penfield::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr std::size_t kSamples = 24;

// Two units and one covariate, the first half targets; the fits below were made once with statsmodels 0.13.5
// (Logit, Newton to 1e-14); the error with clusters, the sample's number modulo 6, by
// tools/make_cluster_goldens.py.
class AssociateAdjusted : public ::testing::Test {
 protected:
  AssociateAdjusted() {
    for (std::size_t i = 0; i < kSamples; ++i) {
      const bool target = i < kSamples / 2;
      labels_.push_back(target ? 1 : 0);
      const auto k = static_cast<float>((i * 7) % 12);
      x_.push_back(k + (target ? 2.0F : 0.0F));
      x_.push_back(target ? 20.0F + k : k);
      z_.push_back(static_cast<float>((i * 5) % 11) + (target ? 1.5F : 0.0F));
      clusters_.push_back(static_cast<unsigned char>(i % 6));
    }
  }

  CommandResult associate(std::vector<std::string> flags) {
    write_file(folder_ / "x.npy", npy_matrix(kSamples, 2, x_));
    write_file(folder_ / "y.npy", npy_labels(labels_));
    write_file(folder_ / "z.npy", npy_matrix(kSamples, z_.size() / kSamples, z_));
    write_file(folder_ / "c.npy", npy_labels(clusters_));
    std::vector<std::string> arguments = {"associate", folder_ / "x.npy", folder_ / "y.npy", "--format",
                                          "tsv"};
    arguments.insert(arguments.end(), flags.begin(), flags.end());
    return run(arguments);
  }
  void expect_refused(const CommandResult& result, const char* file, const char* reason) {
    EXPECT_EQ(result.exit_code, 3);
    EXPECT_THAT(result.err_lines(), SizeIs(1)) << result.err;
    EXPECT_THAT(result.err, AllOf(HasSubstr(file), HasSubstr(reason)));
  }

  TempFolder folder_;
  std::vector<float> x_, z_;
  std::vector<unsigned char> labels_, clusters_;
};

TEST_F(AssociateAdjusted, AdjustsAndAddsWhatIsAskedFor) {
  const CommandResult plain = associate({"--firth", "separated"});
  const CommandResult result = associate({"--covariates", folder_ / "z.npy", "--cluster", folder_ / "c.npy",
                                          "--intervals", "profile", "--firth", "separated"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const Table before = parse_tsv(plain.out);
  const Table table = parse_tsv(result.out);
  EXPECT_EQ(before.at(0, "se_cluster"), "");
  EXPECT_EQ(before.at(0, "beta_lo"), "");
  EXPECT_EQ(table.at(0, "status"), "ok");
  EXPECT_NEAR(table.number(0, "beta"), 0.15368462384708276, 1e-9);
  EXPECT_NEAR(table.number(0, "se"), 0.12397879840338269, 1e-9);
  EXPECT_NEAR(table.number(0, "lrt_chi2"), 1.6471174396652728, 1e-8);
  EXPECT_NEAR(table.number(0, "intercept"), -1.468663161488584, 1e-8);
  EXPECT_NEAR(table.number(0, "se_cluster"), 0.025183737454788593, 1e-9);
  EXPECT_NEAR(table.number(0, "df_cluster"), 4.87038689453362, 1e-7);
  EXPECT_LT(table.number(0, "beta_lo"), table.number(0, "beta"));
  EXPECT_GT(table.number(0, "beta_hi"), table.number(0, "beta"));
  EXPECT_EQ(table.at(0, "auc"), before.at(0, "auc")) << "effects stay those of the groups as they are";
  EXPECT_EQ(table.at(1, "status"), "separated");
  EXPECT_EQ(table.at(1, "se_cluster"), "");
  EXPECT_TRUE(std::isfinite(table.number(1, "beta_lo")));
}

TEST_F(AssociateAdjusted, FirthIsForThoseThatItIsAskedFor) {
  const Table never = parse_tsv(associate({"--firth", "never"}).out);
  const Table separated = parse_tsv(associate({"--firth", "separated"}).out);
  const Table always = parse_tsv(associate({"--firth", "always"}).out);
  EXPECT_EQ(never.at(1, "beta"), "");
  EXPECT_EQ(never.at(1, "status"), "separated");
  EXPECT_EQ(never.at(0, "beta"), separated.at(0, "beta"));
  EXPECT_NEAR(always.number(1, "beta"), separated.number(1, "beta"), 1e-9);
  EXPECT_LT(always.number(0, "beta"), separated.number(0, "beta")) << "towards zero";
  EXPECT_EQ(always.at(0, "note"), "firth");
  EXPECT_EQ(always.at(1, "note"), "") << "the status says so";
  EXPECT_EQ(associate({}).out, associate({"--firth", "always"}).out) << "12 samples a group are few";
}

TEST_F(AssociateAdjusted, CovariatesThatCannotServeAreRefused) {
  std::vector<float> good = z_;
  z_.clear();
  for (const float value : good) z_.insert(z_.end(), {value, 3 - 2 * value});
  expect_refused(associate({"--covariates", folder_ / "z.npy"}), "z.npy[:, 1]", "linear combination");
  z_.clear();
  for (std::size_t i = 0; i < kSamples; ++i) z_.insert(z_.end(), {good[i], i < kSamples / 2 ? 1.0F : 0.0F});
  expect_refused(associate({"--covariates", folder_ / "z.npy"}), "z.npy[:, 1]", "target from comparison");
  z_ = good;
  z_[3] = std::nanf("");
  expect_refused(associate({"--covariates", folder_ / "z.npy"}), "z.npy[:, 0]", "sample 3");
  z_.assign(kSamples, 4.0F);
  expect_refused(associate({"--covariates", folder_ / "z.npy"}), "z.npy[:, 0]", "same value");
  expect_refused(associate({"--covariates", folder_ / "y.npy"}), "y.npy", "without error");
}

TEST_F(AssociateAdjusted, ClustersThatCannotServeAreRefused) {
  clusters_.assign(kSamples, 7);
  expect_refused(associate({"--cluster", folder_ / "c.npy"}), "c.npy", "one cluster");
  clusters_.assign(kSamples - 1, 7);
  expect_refused(associate({"--cluster", folder_ / "c.npy"}), "c.npy", "24 rows");
  // Neighbours beyond 2^53 are one double, and would be one cluster.
  write_file(folder_ / "huge.npy", npy_vector(std::vector<float>(kSamples, 0x1p60F)));
  expect_refused(associate({"--cluster", folder_ / "huge.npy"}), "huge.npy", "within ±2^53");
}

}  // namespace
}  // namespace penfield::cli
