#include "penfield/study/prepare.h"

#include <gtest/gtest.h>

namespace penfield::study {
namespace {

// Two tokenizers may give a text the same ids and begin its windows with other tokens.
TEST(InputsOf, HoldTheTokenBeforeEveryWindow) {
  const StudyRequest request;
  Prepared prepared;
  const auto inputs = [&] { return inputs_of(request, prepared, "0").value(); };
  const store::RunInputs none = inputs();
  prepared.plan.bos = TokenId{1};
  const store::RunInputs one = inputs();
  prepared.plan.bos = TokenId{2};
  EXPECT_NE(one, inputs());
  EXPECT_NE(one, none);
}

}  // namespace
}  // namespace penfield::study
