#include "penfield/findings/replication.h"

#include <gtest/gtest.h>

#include <cmath>

namespace penfield::findings {
namespace {

// statsmodels 0.13.5, proportion_confint(k, n, method="wilson").
TEST(ShareOf, AgreesWithStatsmodels) {
  struct Row {
    std::uint64_t k, n;
    double lo, hi;
  };
  for (const Row& row : {Row{0, 1, 0.0, 0.7934506856227626}, Row{1, 1, 0.2065493143772374, 1.0},
                         Row{3, 7, 0.15821985525146964, 0.7495416354723428},
                         Row{90, 98304, 0.0007449701282757578, 0.001125088822186519},
                         Row{470, 500, 0.9156389368747802, 0.9576516435190539}}) {
    const Share share = share_of(row.k, row.n);
    EXPECT_EQ(share.share, static_cast<double>(row.k) / static_cast<double>(row.n));
    EXPECT_NEAR(share.lo, row.lo, 1e-12);
    EXPECT_NEAR(share.hi, row.hi, 1e-12);
  }
}

TEST(ShareOf, NothingCountedHasNoShare) {
  const Share share = share_of(0, 0);
  EXPECT_TRUE(std::isnan(share.share) && std::isnan(share.lo) && std::isnan(share.hi));
}

TEST(ShareOf, TheIntervalHoldsTheShare) {
  for (std::uint64_t n = 1; n < 40; ++n) {
    for (std::uint64_t k = 0; k <= n; ++k) {
      const Share share = share_of(k, n);
      EXPECT_LE(share.lo, share.share);
      EXPECT_GE(share.hi, share.share);
      const Share other = share_of(n - k, n);
      EXPECT_NEAR(other.lo, 1 - share.hi, 1e-15);
    }
  }
}

}  // namespace
}  // namespace penfield::findings
