#include "penfield/base/watch.h"

#include <gtest/gtest.h>

#include <string>

namespace penfield {
namespace {

TEST(Watch, WithoutAReportNeverStops) {
  EXPECT_TRUE(Watch().step("forward", 1, 2, "windows").has_value());
  EXPECT_TRUE(Watch().check().has_value());
}

TEST(Watch, ReportsEveryStepAndThenStopsWhereAskedTo) {
  std::stop_source source;
  std::string seen;
  const Watch watch(
      [&](std::string_view stage, std::uint64_t done, std::uint64_t total, std::string_view unit) {
        seen += std::string(stage) + ' ' + std::to_string(done) + '/' + std::to_string(total) + ' ' +
                std::string(unit) + '\n';
        if (done == 2) source.request_stop();
        return Result<void>();
      },
      source.get_token());
  EXPECT_TRUE(watch.step("fit", 1, 3, "layers").has_value());
  const Result<void> stopped = watch.step("fit", 2, 3, "layers");
  ASSERT_FALSE(stopped.has_value());
  EXPECT_EQ(stopped.error().kind, ErrorKind::kInterrupted);
  EXPECT_EQ(seen, "fit 1/3 layers\nfit 2/3 layers\n");
  EXPECT_FALSE(watch.silent().step("fit", 3, 3, "layers").has_value());
  EXPECT_EQ(seen, "fit 1/3 layers\nfit 2/3 layers\n");
}

TEST(Watch, ReturnsTheErrorOfItsReport) {
  const Watch watch([](auto, auto, auto, auto) -> Result<void> { return io_error("disk: full"); });
  const Result<void> failed = watch.step("forward", 0, 1, "windows");
  ASSERT_FALSE(failed.has_value());
  EXPECT_EQ(failed.error().message, "disk: full");
}

}  // namespace
}  // namespace penfield
