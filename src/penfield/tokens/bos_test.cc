#include "penfield/tokens/bos.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace penfield::tokens {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

Spec spec_of(std::optional<TokenId> bos, bool adds) {
  Spec spec;
  spec.bos = bos;
  spec.adds_bos = adds;
  return spec;
}

TEST(FindBos, IsAddedWhereThePolicySays) {
  const Spec trained = spec_of(TokenId{2}, true), other = spec_of(TokenId{2}, false);
  EXPECT_EQ(*find_bos(trained, BosPolicy::kAuto, 10, "m"), TokenId{2});
  EXPECT_EQ(*find_bos(trained, BosPolicy::kAlways, 10, "m"), TokenId{2});
  EXPECT_EQ(*find_bos(trained, BosPolicy::kNever, 10, "m"), std::nullopt);
  EXPECT_EQ(*find_bos(other, BosPolicy::kAuto, 10, "m"), std::nullopt);
  EXPECT_EQ(*find_bos(other, BosPolicy::kAlways, 10, "m"), TokenId{2});
}

TEST(FindBos, RefusesWhatIsNotThere) {
  const Spec none = spec_of(std::nullopt, false);
  EXPECT_EQ(*find_bos(none, BosPolicy::kAuto, 10, "m"), std::nullopt);
  const auto refused = find_bos(none, BosPolicy::kAlways, 10, "some/model");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::kUsage);
  EXPECT_THAT(refused.error().message, AllOf(HasSubstr("--bos always"), HasSubstr("some/model")));
}

TEST(FindBos, RefusesATokenBeyondTheModel) {
  const Spec spec = spec_of(TokenId{10}, true);
  EXPECT_EQ(find_bos(spec, BosPolicy::kAuto, 10, "m").error().kind, ErrorKind::kBadInput);
  EXPECT_EQ(*find_bos(spec, BosPolicy::kAuto, 11, "m"), TokenId{10});
  EXPECT_EQ(*find_bos(spec, BosPolicy::kNever, 10, "m"), std::nullopt);
}

TEST(BosPolicy, NamesComeBack) {
  for (const BosPolicy policy : {BosPolicy::kAuto, BosPolicy::kAlways, BosPolicy::kNever})
    EXPECT_EQ(parse_bos_policy(bos_policy_name(policy)), policy);
  EXPECT_EQ(parse_bos_policy("sometimes"), std::nullopt);
}

}  // namespace
}  // namespace penfield::tokens
