#include "penfield/base/nearest.h"

#include <gtest/gtest.h>

#include <vector>

namespace penfield {
namespace {

TEST(Nearest, FindsTheMistypedName) {
  const std::vector<std::string> names = {"scan", "show", "report", "plot", "--min-row-length"};
  EXPECT_EQ(nearest_name("sacn", names), "scan");
  EXPECT_EQ(nearest_name("reprot", names), "report");
  EXPECT_EQ(nearest_name("--min-row-lenght", names), "--min-row-length");
  EXPECT_EQ(nearest_name("plots", names), "plot");
}

TEST(Nearest, SaysNothingWhereNothingIsNear) {
  const std::vector<std::string> names = {"scan", "show", "report"};
  EXPECT_EQ(nearest_name("frobnicate", names), "");
  EXPECT_EQ(nearest_name(std::string(10000, 'x'), names), "");
}

}  // namespace
}  // namespace penfield
