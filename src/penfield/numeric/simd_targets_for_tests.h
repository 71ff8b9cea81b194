// For tests of kernels: runs a check under every vector instruction set of this processor.
#pragma once

#include <gtest/gtest.h>

#include <hwy/targets.h>
#include <cstdint>
#include <functional>

namespace penfield::numeric {

inline void for_each_simd_target(const std::function<void(std::int64_t target)>& check) {
  for (const std::int64_t target : hwy::SupportedAndGeneratedTargets()) {
    const testing::ScopedTrace trace(__FILE__, __LINE__, hwy::TargetName(target));
    hwy::SetSupportedTargetsForTest(target);
    hwy::GetChosenTarget().Update(hwy::SupportedTargets());
    check(target);
  }
  hwy::SetSupportedTargetsForTest(0);
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
}

}  // namespace penfield::numeric
