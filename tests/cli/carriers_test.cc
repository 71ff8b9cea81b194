// A unit that reads names is told from one that reads capitals. more_carriers_slow_test.cc tries more models.
#include "planted_carriers.h"

namespace penfield::cli {
namespace {

TEST(Carriers, UnitsThatReadCapitalsAreCalledSoAndThoseThatReadNamesAreNot) {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) expect_names_specific_and_capitals_carriers(seed);
}

}  // namespace
}  // namespace penfield::cli
