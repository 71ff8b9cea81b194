#include "penfield/base/unit.h"

#include <gtest/gtest.h>

namespace penfield {
namespace {

TEST(Unit, NameAndBack) {
  for (const Site site : kModelSites) {
    const UnitId unit{site, 18, 1234};
    EXPECT_EQ(parse_unit(to_string(unit)), unit) << to_string(unit);
  }
  EXPECT_EQ(to_string(UnitId{Site::kMlpPre, 18, 1234}), "L18.1234");
  EXPECT_EQ(to_string(UnitId{Site::kAttnQ, 18, 77}), "L18.attn.q.77");
  const UnitId recorded{Site::kRecorded, 5, 9};
  EXPECT_EQ(to_string(recorded), "L5.recorded.9");
  EXPECT_EQ(parse_unit("L5.recorded.9"), recorded);
}

TEST(Unit, RefusesWhatIsNotAUnit) {
  for (const char* text :
       {"", "L", "L1", "L1.", "L.1", "18.1234", "L1.x.2", "L-1.2", "L1.2x", "L4294967296.1", "L1..2"}) {
    const auto unit = parse_unit(text);
    ASSERT_FALSE(unit) << text;
    EXPECT_EQ(unit.error().kind, ErrorKind::kUsage);
  }
}

TEST(Unit, OrderIsSiteLayerIndex) {
  EXPECT_LT((UnitId{Site::kMlpPre, 3, 9}), (UnitId{Site::kMlpPost, 0, 0}));
  EXPECT_LT((UnitId{Site::kMlpPre, 1, 9}), (UnitId{Site::kMlpPre, 2, 0}));
}

}  // namespace
}  // namespace penfield
