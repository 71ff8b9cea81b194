#include "penfield/study/rows/by_document.h"

#include <gtest/gtest.h>

#include <cmath>

#include "penfield/base/random.h"

namespace penfield::study {
namespace {

// Eight tokens a document; labels alternate, or are those of the document.
RowSet rows_of_documents(std::uint32_t n, bool of_documents) {
  RowSet out;
  for (std::uint32_t i = 0; i < 8 * n; ++i) {
    out.rows.push_back(i);
    out.documents.push_back(i / 8);
    out.labels.push_back(static_cast<std::uint8_t>((of_documents ? i / 8 : i) % 2));
  }
  return out;
}

TEST(ByDocument, SignsAreFlippedWhereDocumentsAreMany) {
  for (const bool of_documents : {false, true}) {
    const auto exchange = exchange_of_documents(rows_of_documents(20, of_documents), 0.05);
    ASSERT_TRUE(exchange);
    EXPECT_EQ(exchange->statistic, permutation::Statistic::kSignFlips);
  }
}

TEST(ByDocument, FewDocumentsPermuteWithinThemOrTheirMeans) {
  EXPECT_EQ(exchange_of_documents(rows_of_documents(19, false), 0.05)->statistic,
            permutation::Statistic::kScore);
  EXPECT_EQ(exchange_of_documents(rows_of_documents(1, false), 0.05)->statistic,
            permutation::Statistic::kScore);
  EXPECT_EQ(exchange_of_documents(rows_of_documents(19, true), 0.05)->statistic,
            permutation::Statistic::kStudentisedMeans);
  EXPECT_FALSE(exchange_of_documents(rows_of_documents(8, true), 0.05)) << "four documents of a label";
  EXPECT_FALSE(exchange_of_documents(RowSet{}, 0.05));
}

TEST(ByDocument, AnImpossibleLevelIsNoTest) {
  EXPECT_FALSE(exchange_of_documents(rows_of_documents(20, false), 1e-6));
  EXPECT_TRUE(exchange_of_documents(rows_of_documents(20, false), 1e-5));
}

TEST(ByDocument, HeldOutTestsNeedManyDocuments) {
  Random random(1);
  for (const std::uint32_t n : {19u, 20u}) {
    const RowSet rows = rows_of_documents(n, false);
    std::vector<float> x;
    for (std::size_t i = 0; i < rows.size(); ++i)
      x.push_back(static_cast<float>(rows.labels[i] + random.uniform()));
    const auto tests = test_documents(MatrixView<const float>(x.data(), rows.size(), 1), rows);
    ASSERT_EQ(tests.size(), n < 20 ? 0u : 1u);
    if (n == 20) {
      EXPECT_GT(tests[0].neglog10_p, 5);
      EXPECT_EQ(tests[0].degrees_of_freedom, 19);
    }
  }
}

}  // namespace
}  // namespace penfield::study
