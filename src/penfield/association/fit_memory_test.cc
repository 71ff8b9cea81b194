// What a job is said to take, beside what the system counts while it runs.
#include "penfield/association/fit_memory.h"

#include <gtest/gtest.h>
#include <malloc.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include "penfield/association/fit.h"
#include "penfield/association/scalar/covariates.h"
#include "penfield/base/parallel.h"
#include "penfield/base/random.h"
#include "penfield/base/sanitized_for_tests.h"
#include "penfield/permutation/permutation_memory.h"
#include "penfield/permutation/permute_family.h"

namespace penfield::association {
namespace {

// A line of /proc/self/status, in bytes.
std::uint64_t memory_of(const std::string& name) {
  std::ifstream file("/proc/self/status");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with(name + ":")) return std::stoull(line.substr(name.size() + 1)) * 1024;
  }
  ADD_FAILURE() << name;
  return 0;
}

class FitMemoryTest : public testing::Test {
 public:
  ~FitMemoryTest() override { set_threads(0); }

 protected:
  void SetUp() override {
    if (kIsSanitized) GTEST_SKIP() << "a sanitizer's memory is counted with the program's";
    set_threads(2);
  }

  // The most that was in memory while `job` ran, beyond what was before.
  static std::uint64_t peak_of(const std::function<void()>& job) {
    ::malloc_trim(0);                              // what is free is not the job's to use again
    std::ofstream reset("/proc/self/clear_refs");  // the peak is what is in memory now
    EXPECT_TRUE(reset << "5" << std::flush);
    const std::uint64_t before = memory_of("VmRSS");
    job();
    return memory_of("VmHWM") - before;
  }

  template <class T>
  static std::vector<T> noise(std::size_t n_values, std::uint64_t seed) {
    Random random(seed);
    std::vector<T> values(n_values);
    for (T& value : values) value = static_cast<T>(random.uniform() - 0.5);
    return values;
  }
  // Every second sample is a target.
  static std::vector<std::uint8_t> labels(std::size_t n_samples) {
    std::vector<std::uint8_t> labels(n_samples);
    for (std::size_t i = 0; i < n_samples; ++i) labels[i] = i % 2 == 0;
    return labels;
  }
};

TEST_F(FitMemoryTest, PermutationsTakeWhatIsSaid) {
  constexpr std::size_t kSamples = 2'000, kPermutations = 10'000, kColumns = 64;
  const std::vector<float> x = noise<float>(kSamples * kColumns, 1);
  const permutation::Exchange exchange = permutation::exchange_freely(labels(kSamples));
  const MatrixView<const float> block(x.data(), kSamples, kColumns);
  const std::uint64_t peak = peak_of([&] {
    const permutation::PermutedLabels permuted =
        permutation::PermutedLabels::draw(exchange, kPermutations, 1);
    (void)permutation::permute_family<float>({&block, 1}, exchange, permuted);
  });
  const std::uint64_t said = permutation::permutation_bytes(kSamples, kPermutations, 1, kColumns, 2);
  EXPECT_LT(static_cast<double>(peak), 1.05 * static_cast<double>(said));
  EXPECT_GT(static_cast<double>(peak), 0.6 * static_cast<double>(said));
}

// A column of each panel separates the groups, so it leaves its panel for Firth's estimate.
TEST_F(FitMemoryTest, FitsTakeWhatIsSaid) {
  constexpr std::size_t kSamples = 200'000, kColumns = 32;
  std::vector<float> x = noise<float>(kSamples * kColumns, 1);
  const std::vector<std::uint8_t> y = labels(kSamples);
  for (std::size_t i = 0; i < kSamples; ++i) {
    x[i * kColumns] += y[i] != 0 ? 2.0f : 0.0f;
    x[(i + 1) * kColumns - 1] += y[i] != 0 ? 2.0f : 0.0f;
  }
  const std::uint64_t peak =
      peak_of([&] { (void)fit_columns(MatrixView(x.data(), kSamples, kColumns), y, FitOptions{}); });
  const std::uint64_t said = fit_scratch_bytes(kSamples, sizeof(float), 2);
  EXPECT_LT(static_cast<double>(peak), 1.05 * static_cast<double>(said)) << peak << " of " << said;
  EXPECT_GT(static_cast<double>(peak), 0.6 * static_cast<double>(said)) << peak << " of " << said;
}

TEST_F(FitMemoryTest, CovariatesTakeWhatIsSaid) {
  constexpr std::size_t kSamples = 200'000, kColumns = 32, kCovariates = 4;
  const std::vector<float> x = noise<float>(kSamples * kColumns, 1);
  const std::vector<std::uint8_t> y = labels(kSamples);
  const std::vector<double> z = noise<double>(kSamples * kCovariates, 2);
  const std::vector<std::string> names = {"a", "b", "c", "d"};
  const Covariates covariates = Covariates::prepare({z.data(), kSamples, kCovariates}, names, y).value();
  const std::uint64_t peak = peak_of([&] {
    (void)fit_columns(MatrixView(x.data(), kSamples, kColumns), y, FitOptions{.covariates = &covariates});
  });
  const std::uint64_t said = std::max(fit_scratch_bytes(kSamples, sizeof(float), 2),
                                      adjusted_scratch_bytes(kSamples, sizeof(float), kCovariates, 2));
  EXPECT_LT(static_cast<double>(peak), 1.05 * static_cast<double>(said));
  EXPECT_GT(static_cast<double>(peak), 0.6 * static_cast<double>(said));
}

}  // namespace
}  // namespace penfield::association
