#include "planted_carriers.h"

namespace penfield::cli {
namespace {

TEST(Carriers, AreToldInTwentyModels) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) expect_names_specific_and_capitals_carriers(seed);
}

}  // namespace
}  // namespace penfield::cli
