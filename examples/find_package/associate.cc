// Four columns, of which the second follows the labels: one regression a column, corrected for their number.
#include <cstdint>
#include <cstdio>
#include <vector>

#include "penfield/association/fit.h"
#include "penfield/findings/judge.h"

int main() {
  constexpr std::size_t kSamples = 200, kColumns = 4;
  std::vector<float> x(kSamples * kColumns);
  std::vector<std::uint8_t> labels(kSamples);
  for (std::size_t i = 0; i < kSamples; ++i) {
    labels[i] = i % 3 == 0;
    for (std::size_t j = 0; j < kColumns; ++j) x[i * kColumns + j] = float(i * (7 + 4 * j) % 23);
    if (labels[i] == 1) x[i * kColumns + 1] += 12;
  }
  std::vector<penfield::findings::LayerFits> fits(1);
  fits[0].discovery = penfield::association::fit_columns({x.data(), kSamples, kColumns}, labels);
  for (const auto& unit : penfield::findings::judge(fits, {}).units)
    std::printf("column %u: beta %.3f, -log10 p %.1f, AUC %.3f%s\n", unit.unit.index, unit.fit.beta,
                unit.neglog10_p, unit.fit.auc, unit.significant ? ", significant" : "");
}
